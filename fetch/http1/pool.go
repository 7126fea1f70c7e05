package http1

import (
	"sync"
	"time"
)

// A Pool keeps idle connections, as net/http's Transport does: the newest of a host is used first, one that would be
// too many for its host is not taken, and one that would be too many in all makes the oldest go. It is for any number
// of goroutines and starts none: a connection whose time is up, or that the server has closed, is found out when its
// turn comes. The zero value is ready and has no limits; they must not change once it is in use.
type Pool struct {
	MaxIdle        int           // in all; 0: no limit
	MaxIdlePerHost int           // 0: no limit
	IdleTimeout    time.Duration // 0: none

	mu     sync.Mutex
	hosts  map[string]*idleList
	all    idleList
	spare  *idleList // for the next host: with one worker its host comes and goes at every request
	closed bool
	// doubted are keys whose servers close connections without saying so, up to maxDoubted.
	doubted map[string]struct{}
}

const (
	// justNow is for how long a connection that was put back is taken for as good as it was then. net/http takes about
	// as long to see that a connection was closed, since the goroutine that reads must run first.
	justNow = time.Millisecond

	// maxDoubted bounds what a pool remembers of servers. When there are more that are doubted, all are.
	maxDoubted = 1 << 10
)

// Get takes an idle connection for key, which stands for a scheme, a host and a port. It returns nil if there is none
// that can be used. A deadline is to be set before it is.
//
// Asking the socket whether a connection is stale costs a system call. It is saved for one that was put back just now,
// if the request is replayable: should the server have closed it since, [Conn.ShouldRetry] says that the request can go
// over another. Whoever sees that tells [Pool.Doubt], and from then on connections to that server are always looked at.
func (p *Pool) Get(key string, replayable bool) *Conn {
	for {
		c, trusted := p.take(key)
		if c == nil {
			return nil
		}
		idle := c.idle.duration()
		switch {
		case p.IdleTimeout > 0 && idle >= p.IdleTimeout:
		case trusted && replayable && idle < justNow:
			if !c.staleInside() {
				return c
			}
		case !c.Stale(): // outside the lock, as it takes a system call
			return c
		}
		_ = c.Close()
	}
}

// take takes the newest connection for key, and tells whether its server is not doubted.
func (p *Pool) take(key string) (c *Conn, trusted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	host := p.hosts[key]
	if host == nil {
		return nil, false
	}
	c = host.newest
	p.remove(c)
	if len(p.doubted) == 0 {
		return c, true
	}
	_, doubted := p.doubted[key]
	return c, !doubted && len(p.doubted) < maxDoubted
}

// Doubt notes that the server of key has closed a connection without saying so.
func (p *Pool) Doubt(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.doubted == nil {
		p.doubted = make(map[string]struct{})
	}
	if len(p.doubted) < maxDoubted {
		p.doubted[key] = struct{}{}
	}
}

// Put hands in a connection whose reply has been read. It is closed if it is not [Conn.Reusable] or if there is no room
// for it; kept tells.
func (p *Pool) Put(key string, c *Conn) (kept bool) {
	var surplus *Conn
	if c.Reusable() {
		surplus, kept = p.put(key, c)
	} else {
		surplus = c
	}
	if surplus != nil {
		_ = surplus.Close()
	}
	return kept
}

func (p *Pool) put(key string, c *Conn) (surplus *Conn, kept bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	host := p.hosts[key]
	if p.closed || host != nil && p.MaxIdlePerHost > 0 && host.n >= p.MaxIdlePerHost {
		return c, false
	}
	if host == nil {
		host = p.newHost(key)
	}
	c.idle.key, c.idle.since = key, c.now()
	host.push(c)
	p.all.push(c)
	if p.MaxIdle > 0 && p.all.n > p.MaxIdle {
		surplus = p.all.oldest
		p.remove(surplus)
	}
	return surplus, true
}

func (p *Pool) newHost(key string) *idleList {
	host := p.spare
	if p.spare = nil; host == nil {
		host = &idleList{link: 1}
	}
	if p.hosts == nil {
		p.hosts = map[string]*idleList{}
	}
	p.hosts[key] = host
	return host
}

// remove takes c out of both lists. A host without idle connections is forgotten: there may be very many in a run.
func (p *Pool) remove(c *Conn) {
	p.all.remove(c)
	host := p.hosts[c.idle.key]
	host.remove(c)
	if host.n == 0 {
		delete(p.hosts, c.idle.key)
		p.spare = host
	}
}

// Len is the number of idle connections.
func (p *Pool) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all.n
}

// CloseIdle closes what is idle now.
func (p *Pool) CloseIdle() { p.close(false) }

// Close closes what is idle now, and what is put later at once.
func (p *Pool) Close() { p.close(true) }

func (p *Pool) close(forGood bool) {
	p.mu.Lock()
	p.closed = p.closed || forGood
	c := p.all.newest
	p.all, p.hosts = idleList{}, nil
	p.mu.Unlock()
	for c != nil {
		older := c.idle.links[0].older
		_ = c.Close()
		c = older
	}
}

// idleState is what a Pool keeps in a connection.
type idleState struct {
	key   string
	since time.Time
	links [2]struct{ newer, older *Conn } // of the list of all and that of the host
}

func (s *idleState) duration() time.Duration {
	if s.since.IsZero() {
		return 0
	}
	return time.Since(s.since)
}

// An idleList is threaded through the connections, so that one can leave from anywhere and nothing is allocated.
type idleList struct {
	newest, oldest *Conn
	n              int
	link           int
}

func (l *idleList) push(c *Conn) {
	link := &c.idle.links[l.link]
	link.newer, link.older = nil, l.newest
	if l.newest != nil {
		l.newest.idle.links[l.link].newer = c
	} else {
		l.oldest = c
	}
	l.newest = c
	l.n++
}

func (l *idleList) remove(c *Conn) {
	link := &c.idle.links[l.link]
	if link.newer != nil {
		link.newer.idle.links[l.link].older = link.older
	} else {
		l.newest = link.older
	}
	if link.older != nil {
		link.older.idle.links[l.link].newer = link.newer
	} else {
		l.oldest = link.newer
	}
	link.newer, link.older = nil, nil
	l.n--
}
