package mux

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Conn is a connection that a Pool keeps.
type Conn interface {
	comparable

	// IsNew reports whether the connection was made just now, and whoever has made it has yet to use it.
	IsNew() bool
	// Idle returns for how long no request has been under way, 0 if one is.
	Idle() time.Duration
	// CloseIdle closes the connection if no request is under way. It reports whether it did.
	CloseIdle() bool
}

// Pool keeps one connection to each server. It is safe for concurrent use. The zero value is ready.
type Pool[C Conn] struct {
	// IdleTimeout is how long a connection may be idle before it is closed, or up to a tenth longer; 0: no limit. It must
	// not change once the pool is in use.
	IdleTimeout time.Duration

	mu      sync.Mutex
	servers map[string]*server[C]
	timer   *time.Timer
}

// server is what is known of one. While a connection is being made, made is open.
type server[C Conn] struct {
	conn  C
	ready bool // there is a conn
	made  chan struct{}
}

// Get returns the connection for a key, which stands for a server, or has one made. While one is being made, others
// wait for it, or for the end of their context. If it cannot be made, they make one themselves, one after another.
func (p *Pool[C]) Get(ctx context.Context, key string, dial func() (C, error)) (C, error) {
	var none C
	for {
		p.mu.Lock()
		s := p.servers[key]
		switch {
		case s == nil:
			s = p.add(key)
			p.mu.Unlock()
			return p.make(key, s, dial)
		case s.ready:
			p.mu.Unlock()
			return s.conn, nil
		}
		p.mu.Unlock()
		select {
		case <-s.made:
		case <-ctx.Done():
			return none, context.Cause(ctx)
		}
	}
}

// Peek returns the connection for a key. It reports false if there is none.
func (p *Pool[C]) Peek(key string) (conn C, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.servers[key]; s != nil {
		return s.conn, s.ready
	}
	return conn, false
}

// make makes a connection and passes it on to those that wait.
func (p *Pool[C]) make(key string, s *server[C], dial func() (C, error)) (conn C, err error) {
	err = errors.New("mux: connecting has panicked") // unless dial returns
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if err == nil {
			s.conn, s.ready = conn, true
		} else if p.servers[key] == s {
			delete(p.servers, key)
		}
		close(s.made)
		p.watch()
	}()
	conn, err = dial()
	return conn, err
}

// Put adds a connection that was made otherwise, unless there is one. It reports whether it was added.
func (p *Pool[C]) Put(key string, conn C) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.servers[key] != nil {
		return false
	}
	s := p.add(key)
	s.conn, s.ready = conn, true
	close(s.made)
	p.watch()
	return true
}

// add adds a server without a connection. The lock is held.
func (p *Pool[C]) add(key string) *server[C] {
	if p.servers == nil {
		p.servers = make(map[string]*server[C])
	}
	s := &server[C]{made: make(chan struct{})}
	p.servers[key] = s
	return s
}

// Forget drops a connection that takes no more requests.
func (p *Pool[C]) Forget(key string, conn C) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.servers[key]; s != nil && s.conn == conn {
		delete(p.servers, key)
	}
}

// Trim closes idle connections, those first that have been idle for longest, until there are no more than most.
func (p *Pool[C]) Trim(most int) {
	for p.Len() > most {
		if !p.closeOldest(0, C.IsNew) {
			return
		}
	}
}

// Len is the number of connections.
func (p *Pool[C]) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.servers)
}

// CloseIdle closes the connections that are idle now.
func (p *Pool[C]) CloseIdle() {
	for p.closeOldest(0, nil) {
		continue
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil && len(p.servers) == 0 {
		p.timer.Stop()
		p.timer = nil
	}
}

// closeOldest closes the connection that has been idle for longest, if that is at least so long, except those that are
// to be spared. It reports whether there was one.
func (p *Pool[C]) closeOldest(least time.Duration, spared func(C) bool) bool {
	p.mu.Lock()
	conns := make(map[string]C, len(p.servers))
	for key, s := range p.servers {
		if s.ready {
			conns[key] = s.conn
		}
	}
	p.mu.Unlock() // because a connection that ends calls Forget
	var oldest string
	longest := max(least, 1)
	for key, conn := range conns {
		if idle := conn.Idle(); idle >= longest && (spared == nil || !spared(conn)) {
			oldest, longest = key, idle
		}
	}
	if oldest == "" {
		return false
	}
	if conns[oldest].CloseIdle() {
		p.Forget(oldest, conns[oldest])
	}
	return true
}

// watch starts the timer for idle connections. It looks at them several times before one must end, because it does not
// follow when each became idle. The lock is held.
func (p *Pool[C]) watch() {
	const looks = 10
	if p.IdleTimeout > 0 && p.timer == nil && len(p.servers) > 0 {
		p.timer = time.AfterFunc(max(p.IdleTimeout/looks, 1), p.expire)
	}
}

func (p *Pool[C]) expire() {
	for p.closeOldest(p.IdleTimeout, nil) {
		continue
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = nil
	p.watch()
}
