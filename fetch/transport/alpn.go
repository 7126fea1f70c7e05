package transport

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// errProtocol reports that a server speaks another protocol than was expected: HTTP/2 and not HTTP/1.1, or the other
// way round. What it speaks is known then.
var errProtocol = errors.New("server speaks another protocol")

// protoHTTP2 is what HTTP/2 is called in ALPN (RFC 9113, section 3.1).
const protoHTTP2 = "h2"

// alpn remembers which servers speak HTTP/2. The first connection to a server finds out. The others wait for it,
// because with HTTP/2 they would not be needed.
type alpn struct {
	mu      sync.Mutex
	servers map[string]*alpnProbe
}

// alpnPatience is how long the others wait for the first: a server that delays it must not delay them.
const alpnPatience = time.Second

type alpnProbe struct {
	done  chan struct{}
	http2 bool
	err   error
}

// connect returns a connection of HTTP/1.1 that dial makes, or errProtocol if the server speaks HTTP/2.
func (a *alpn) connect(ctx context.Context, key string, dial func() (net.Conn, bool, error)) (net.Conn, error) {
	for {
		a.mu.Lock()
		probe := a.servers[key]
		if probe == nil {
			probe = &alpnProbe{done: make(chan struct{})}
			if a.servers == nil {
				a.servers = make(map[string]*alpnProbe)
			}
			a.servers[key] = probe
			a.mu.Unlock()
			return a.find(probe, key, dial)
		}
		a.mu.Unlock()

		patience := time.NewTimer(alpnPatience)
		select {
		case <-probe.done:
			patience.Stop()
			if probe.err != nil {
				continue // the probe failed: probe again
			}
		case <-patience.C:
		case <-ctx.Done():
			patience.Stop()
			return nil, context.Cause(ctx)
		}
		return a.known(probe, key, dial)
	}
}

// known goes by the result of the probe, if there is one by now.
func (a *alpn) known(probe *alpnProbe, key string, dial func() (net.Conn, bool, error)) (net.Conn, error) {
	select {
	case <-probe.done:
		if probe.http2 {
			return nil, errProtocol
		}
	default:
	}
	conn, http2, err := dial()
	if http2 {
		a.learn(key) // it did not before, or its probe is still under way
		return nil, errProtocol
	}
	return conn, err
}

// http2 reports whether a server is known to speak HTTP/2.
func (a *alpn) http2(key string) bool {
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
func (a *alpn) find(probe *alpnProbe, key string, dial func() (net.Conn, bool, error)) (net.Conn, error) {
	conn, http2, err := dialed(dial)
	probe.http2, probe.err = http2, err
	if err != nil {
		a.forget(key, probe)
	}
	close(probe.done)
	if http2 {
		return nil, errProtocol
	}
	return conn, err
}

// dialed makes an error of a panic, so that nobody waits for the probe in vain.
func dialed(dial func() (net.Conn, bool, error)) (conn net.Conn, http2 bool, err error) {
	defer crash.To(&err)
	return dial()
}

// learn notes that a server speaks HTTP/2.
func (a *alpn) learn(key string) {
	found := &alpnProbe{done: make(chan struct{}), http2: true}
	close(found.done)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.servers[key] = found
}

// unlearn forgets what a server speaks, because it chose HTTP/1.1 where it had chosen HTTP/2.
func (a *alpn) unlearn(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.servers, key)
}

func (a *alpn) forget(key string, probe *alpnProbe) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.servers[key] == probe {
		delete(a.servers, key)
	}
}
