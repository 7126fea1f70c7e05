package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

// errProtocol reports that a server speaks another protocol than was expected: HTTP/2 and not HTTP/1.1, or the other
// way round. What it speaks is known then.
var errProtocol = errors.New("server speaks another protocol")

// What the versions of HTTP are called in ALPN (RFC 7301, section 6; RFC 9113, section 3.1).
const (
	protoHTTP1 = "http/1.1"
	protoHTTP2 = "h2"
)

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

// tlsFor returns the TLS configuration that offers a version. An empty host leaves the name of the server open.
func (c *Client) tlsFor(v Version, host string) *tls.Config {
	cfg := c.tlsConfig.Clone()
	if cfg.ServerName == "" {
		cfg.ServerName = host
	}
	switch v {
	case Version1:
		cfg.NextProtos = []string{protoHTTP1}
	case Version2:
		cfg.NextProtos = []string{protoHTTP2}
		requireHTTP2(cfg)
	default:
	}
	return cfg
}

// requireHTTP2 ends a handshake in which the server has not chosen HTTP/2, before anything is sent over the connection.
func requireHTTP2(cfg *tls.Config) {
	verify := cfg.VerifyConnection
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		if verify != nil {
			if err := verify(state); err != nil {
				return err
			}
		}
		if state.NegotiatedProtocol != protoHTTP2 {
			return failure.ErrNoHTTP2
		}
		return nil
	}
}

// unspoken replaces errors that mean that a server does not speak the version asked for.
func (a *attempt) unspoken(err error) error {
	if a.spec.Version != Version2 {
		return err
	}
	refused, ok := failure.As[*net.OpError](err)
	if ok && refused.Op == "remote error" && refused.Err.Error() == noALPN || errors.Is(err, http2.ErrHTTP1) {
		return failure.ErrNoHTTP2
	}
	return err
}

// noALPN is the text of the alert of a server that speaks nothing that was offered (RFC 7301, section 3.2). The type of
// crypto/tls is not exported.
const noALPN = "tls: no application protocol"
