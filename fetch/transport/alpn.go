package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// errHTTP2 reports that a server speaks HTTP/2, which net/http handles.
var errHTTP2 = errors.New("server speaks HTTP/2")

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

// connect returns a connection that dial makes, or errHTTP2 if the server speaks HTTP/2.
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
			return nil, errHTTP2
		}
	default:
	}
	conn, http2, err := dial()
	if http2 {
		a.learn(key) // it did not before, or its probe is still under way
		return nil, errHTTP2
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
		return nil, errHTTP2
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

func (a *alpn) forget(key string, probe *alpnProbe) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.servers[key] == probe {
		delete(a.servers, key)
	}
}

// handover keeps connections that found out about HTTP/2, for net/http to use, so that no handshake is wasted. Each is
// taken at once or never, because servers close an HTTP/2 connection that stays silent.
type handover struct {
	some  atomic.Bool // set if there may be connections, because most requests find none
	mu    sync.Mutex
	conns map[string][]handedConn
}

type handedConn struct {
	*tls.Conn

	since time.Time
}

// handoverTime is how long a connection waits for net/http to take it.
const handoverTime = time.Second

func (h *handover) put(addr string, conn *tls.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.conns == nil {
		h.conns = make(map[string][]handedConn)
	}
	h.conns[addr] = append(h.conns[addr], handedConn{conn, time.Now()})
	h.some.Store(true)
}

// take returns the newest connection to an address, nil if none is new enough.
func (h *handover) take(addr string) *tls.Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	conns := h.conns[addr]
	last := len(conns) - 1
	if last < 0 || time.Since(conns[last].since) > handoverTime {
		return nil
	}
	h.conns[addr] = conns[:last]
	return conns[last].Conn
}

// drop closes the connections to an address that nobody has taken.
func (h *handover) drop(addr string) {
	if !h.some.Load() {
		return
	}
	h.mu.Lock()
	conns := h.conns[addr]
	delete(h.conns, addr)
	h.some.Store(len(h.conns) > 0)
	h.mu.Unlock()
	for _, conn := range conns {
		_ = conn.NetConn().Close()
	}
}

// close closes all connections that nobody has taken.
func (h *handover) close() {
	h.mu.Lock()
	all := h.conns
	h.conns = nil
	h.some.Store(false)
	h.mu.Unlock()
	for _, conns := range all {
		for _, conn := range conns {
			_ = conn.NetConn().Close()
		}
	}
}
