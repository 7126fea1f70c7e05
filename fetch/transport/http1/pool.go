package http1

import (
	"sync"
	"time"
)

// A Pool keeps idle connections, as net/http's Transport does. It reuses the newest of a host first, and drops the
// oldest of all when there are too many. It is safe for concurrent use. The zero value is ready.
type Pool struct {
	// IdleTimeout is how long a connection may be idle before it is closed; 0: no limit. It must not change once the pool
	// is in use.
	IdleTimeout time.Duration

	mu     sync.Mutex
	hosts  map[string]*idleList
	all    idleList
	spare  *idleList // for the next host: with one worker, the only host comes and goes with each request
	closed bool
	timer  *time.Timer // runs while idle connections have a timeout to come
	// doubted are the keys of servers that close connections without notice, up to maxDoubted.
	doubted map[string]struct{}
}

const (
	// justNow is for how long a returned connection is trusted without a look. net/http takes about as long to see that a
	// connection was closed, because the goroutine that reads must run first.
	justNow = time.Millisecond

	// maxDoubted bounds how many doubted servers a pool remembers. If there are more, all servers are doubted.
	maxDoubted = 1 << 10
)

// Get takes an idle connection for key, which stands for a scheme, a host and a port. It returns nil if none is usable.
// Set a deadline before using it.
//
// Asking the socket whether a connection is stale costs a system call. Get saves it for a connection that was returned
// just now, if the request is replayable: if the server has closed it since, [Conn.ShouldRetry] lets the request go
// over another. The caller must then call [Pool.Doubt]. From then on, connections to that server are always looked at.
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
		case !c.Stale(): // outside the lock, because it takes a system call
			return c
		}
		_ = c.Close()
	}
}

// take takes the newest connection for key, and reports whether its server is not doubted.
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

// Doubt notes that the server of key closed a connection without notice.
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

// Put returns a connection whose reply has been read. It closes the connection if that is not [Conn.Reusable], and
// closes the oldest ones until no more than most are idle. It reports whether the connection was kept.
func (p *Pool) Put(key string, c *Conn, most int) (kept bool) {
	if !c.Reusable() {
		_ = c.Close()
		return false
	}
	c.resp = nil // it is part of the session that used the connection, and would keep all of that in memory
	surplus, kept := p.put(key, c, most)
	if surplus != nil {
		_ = surplus.Close()
		p.Trim(most)
	}
	return kept
}

func (p *Pool) put(key string, c *Conn, most int) (surplus *Conn, kept bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || most <= 0 {
		return c, false
	}
	host := p.hosts[key]
	if host == nil {
		host = p.newHost(key)
	}
	c.idle.key, c.idle.since = key, c.now()
	host.push(c)
	p.all.push(c)
	if p.IdleTimeout > 0 && p.timer == nil {
		p.timer = time.AfterFunc(p.IdleTimeout, p.expire)
	}
	if p.all.n > most {
		surplus = p.all.oldest
		p.remove(surplus)
	}
	return surplus, true
}

// Trim closes the oldest connections until no more than most are idle.
func (p *Pool) Trim(most int) {
	p.closeOldest(func(*Conn) bool { return p.all.n > most })
}

// expire closes the connections whose idle timeout has passed.
func (p *Pool) expire() {
	p.closeOldest(func(c *Conn) bool { return c.idle.duration() >= p.IdleTimeout })
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.timer == nil: // closed meanwhile
	case p.all.n == 0:
		p.timer = nil
	default:
		p.timer.Reset(p.IdleTimeout - p.all.oldest.idle.duration())
	}
}

// closeOldest closes the oldest connection for as long as goes, called with the lock held, returns true for it.
func (p *Pool) closeOldest(goes func(*Conn) bool) {
	for {
		p.mu.Lock()
		c := p.all.oldest
		if c == nil || !goes(c) {
			p.mu.Unlock()
			return
		}
		p.remove(c)
		p.mu.Unlock()
		_ = c.Close()
	}
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

// remove takes c out of both lists. A host without idle connections is forgotten, because a run may have very many
// hosts.
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

// CloseIdle closes the connections that are idle now.
func (p *Pool) CloseIdle() { p.close(false) }

// Close closes the connections that are idle now, and every connection that is put later.
func (p *Pool) Close() { p.close(true) }

func (p *Pool) close(forGood bool) {
	p.mu.Lock()
	p.closed = p.closed || forGood
	c := p.all.newest
	p.all, p.hosts = idleList{}, nil
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
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
	links [2]struct{ newer, older *Conn } // in the list of all and in that of the host
}

func (s *idleState) duration() time.Duration {
	if s.since.IsZero() {
		return 0
	}
	return time.Since(s.since)
}

// An idleList links connections directly, so that one can leave from anywhere and nothing is allocated.
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
