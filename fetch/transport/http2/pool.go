package http2

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Pool keeps one connection to each server. It is safe for concurrent use. The zero value is ready.
type Pool struct {
	// IdleTimeout is how long a connection may be idle before it is closed, or up to a tenth longer; 0: no limit. It must
	// not change once the pool is in use.
	IdleTimeout time.Duration

	mu      sync.Mutex
	servers map[string]*server
	timer   *time.Timer
}

// server is what is known of one. While a connection is being made, made is open.
type server struct {
	conn *Conn
	made chan struct{}
}

// Get returns the connection for a key, which stands for a server, or has one made. While one is being made, others
// wait for it, or for the end of their context. If it cannot be made, they make one themselves, one after another.
func (p *Pool) Get(ctx context.Context, key string, dial func() (*Conn, error)) (*Conn, error) {
	for {
		p.mu.Lock()
		s := p.servers[key]
		switch {
		case s == nil:
			s = p.add(key, nil)
			p.mu.Unlock()
			return p.make(key, s, dial)
		case s.conn != nil:
			p.mu.Unlock()
			return s.conn, nil
		}
		p.mu.Unlock()
		select {
		case <-s.made:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// Peek returns the connection for a key, nil if there is none.
func (p *Pool) Peek(key string) *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.servers[key]; s != nil {
		return s.conn
	}
	return nil
}

// make makes a connection and passes it on to those that wait.
func (p *Pool) make(key string, s *server, dial func() (*Conn, error)) (conn *Conn, err error) {
	err = errors.New("http2: connecting has panicked") // unless dial returns
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if err == nil {
			s.conn = conn
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
func (p *Pool) Put(key string, conn *Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.servers[key] != nil {
		return false
	}
	close(p.add(key, conn).made)
	p.watch()
	return true
}

// add adds a server, whose connection may be nil. The lock is held.
func (p *Pool) add(key string, conn *Conn) *server {
	if p.servers == nil {
		p.servers = make(map[string]*server)
	}
	s := &server{conn: conn, made: make(chan struct{})}
	p.servers[key] = s
	return s
}

// Forget drops a connection that takes no more requests.
func (p *Pool) Forget(key string, conn *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.servers[key]; s != nil && s.conn == conn {
		delete(p.servers, key)
	}
}

// Trim closes idle connections, those first that have been idle for longest, until there are no more than most.
func (p *Pool) Trim(most int) {
	for p.Len() > most {
		if !p.closeOldest(0, (*Conn).isNew) {
			return
		}
	}
}

// Len is the number of connections.
func (p *Pool) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.servers)
}

// CloseIdle closes the connections that are idle now.
func (p *Pool) CloseIdle() {
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
func (p *Pool) closeOldest(least time.Duration, spared func(*Conn) bool) bool {
	p.mu.Lock()
	conns := make(map[string]*Conn, len(p.servers))
	for key, s := range p.servers {
		if s.conn != nil {
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
func (p *Pool) watch() {
	const looks = 10
	if p.IdleTimeout > 0 && p.timer == nil && len(p.servers) > 0 {
		p.timer = time.AfterFunc(max(p.IdleTimeout/looks, 1), p.expire)
	}
}

func (p *Pool) expire() {
	for p.closeOldest(p.IdleTimeout, nil) {
		continue
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = nil
	p.watch()
}
