// Package alpn remembers which servers speak HTTP/2 (RFC 7301).
package alpn

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// ErrProtocol reports that a server speaks another protocol than was expected: HTTP/2 and not HTTP/1.1, or the other
// way round. What it speaks is known then.
var ErrProtocol = errors.New("server speaks another protocol")

// Servers remembers which servers speak HTTP/2. The first connection to a server finds out. The others wait for it,
// because with HTTP/2 they would not be needed. The zero value is ready, and safe for concurrent use.
type Servers struct {
	mu      sync.Mutex
	servers map[string]*server
}

// patience is how long the others wait for the first: a server that delays it must not delay them.
const patience = time.Second

type server struct {
	done  chan struct{}
	http2 bool
	err   error
}

// Connect returns a connection of HTTP/1.1 that dial makes, or ErrProtocol if the server speaks HTTP/2.
func (a *Servers) Connect(ctx context.Context, key string, dial func() (net.Conn, bool, error)) (net.Conn, error) {
	for {
		a.mu.Lock()
		probe := a.servers[key]
		if probe == nil {
			probe = &server{done: make(chan struct{})}
			if a.servers == nil {
				a.servers = make(map[string]*server)
			}
			a.servers[key] = probe
			a.mu.Unlock()
			return a.find(probe, key, dial)
		}
		a.mu.Unlock()

		waits := time.NewTimer(patience)
		select {
		case <-probe.done:
			waits.Stop()
			if probe.err != nil {
				continue // the probe failed: probe again
			}
		case <-waits.C:
		case <-ctx.Done():
			waits.Stop()
			return nil, context.Cause(ctx)
		}
		return a.known(probe, key, dial)
	}
}

// known goes by the result of the probe, if there is one by now.
func (a *Servers) known(probe *server, key string, dial func() (net.Conn, bool, error)) (net.Conn, error) {
	select {
	case <-probe.done:
		if probe.http2 {
			return nil, ErrProtocol
		}
	default:
	}
	conn, http2, err := dial()
	if http2 {
		a.Learn(key) // it did not before, or its probe is still under way
		return nil, ErrProtocol
	}
	return conn, err
}

// HTTP2 reports whether a server is known to speak HTTP/2.
func (a *Servers) HTTP2(key string) bool {
	a.mu.Lock()
	probe := a.servers[key]
	a.mu.Unlock()
	if probe == nil {
		return false
	}
	select {
	case <-probe.done:
		return probe.http2
	default:
		return false
	}
}

// find makes the first connection and passes the result on to the others.
func (a *Servers) find(probe *server, key string, dial func() (net.Conn, bool, error)) (net.Conn, error) {
	conn, http2, err := dialed(dial)
	probe.http2, probe.err = http2, err
	if err != nil {
		a.forget(key, probe)
	}
	close(probe.done)
	if http2 {
		return nil, ErrProtocol
	}
	return conn, err
}

// dialed makes an error of a panic, so that nobody waits for the probe in vain.
func dialed(dial func() (net.Conn, bool, error)) (conn net.Conn, http2 bool, err error) {
	defer crash.To(&err)
	return dial()
}

// Learn notes that a server speaks HTTP/2.
func (a *Servers) Learn(key string) {
	found := &server{done: make(chan struct{}), http2: true}
	close(found.done)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.servers[key] = found
}

// Unlearn forgets what a server speaks, because it chose HTTP/1.1 where it had chosen HTTP/2.
func (a *Servers) Unlearn(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.servers, key)
}

func (a *Servers) forget(key string, probe *server) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.servers[key] == probe {
		delete(a.servers, key)
	}
}
