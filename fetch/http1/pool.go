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
}

// Get takes an idle connection for key, which stands for a scheme, a host and a port. It returns nil if there is none
// that can be used. A deadline is to be set before it is.
func (p *Pool) Get(key string) *Conn {
	for {
		p.mu.Lock()
		var c *Conn
		if host := p.hosts[key]; host != nil {
			c = host.newest
		}
		if c != nil {
			p.remove(c)
		}
		p.mu.Unlock()
		if c == nil {
			return nil
		}
		// Outside the lock, as it takes a system call.
		if p.IdleTimeout > 0 && c.idle.duration() >= p.IdleTimeout || c.Stale() {
			_ = c.Close()
			continue
		}
		return c
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
	c.idle.key, c.idle.since = key, time.Now()
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
