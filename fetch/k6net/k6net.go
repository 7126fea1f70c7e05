// Package k6net connects the engine to the network as a VU of k6 does: with k6's dialer, resolver, TLS configuration,
// proxy and block lists. It also traces requests as k6's library does.
package k6net

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Network is shared by the VUs of a test run. The zero value is ready.
type Network struct {
	// Resolver resolves names. Nil means the machine's resolver.
	Resolver *net.Resolver

	once          sync.Once
	interruptible *net.Resolver
	mu            sync.Mutex
	resolvers     map[netext.Resolver]*resolver
}

// Config returns the engine's configuration for a VU.
func (n *Network) Config(state *lib.State) transport.Config {
	cfg := transport.Config{Classify: classify, Warn: state.Logger.Warnf}
	if own, ok := state.Transport.(*http.Transport); ok {
		cfg.Transport = own.Clone()
		if proxy := cfg.Transport.Proxy; proxy != nil {
			cfg.Transport.Proxy = n.guardedProxy(proxy, state)
		}
	}
	switch dialer := state.Dialer.(type) {
	case *netext.Dialer:
		// The address is resolved and checked already; the dialer would do both again.
		cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.Dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &countedConn{netext.Conn{
				Conn: conn, BytesRead: &dialer.BytesRead, BytesWritten: &dialer.BytesWritten,
			}}, nil
		}
		cfg.DialUDP = dialUDP(dialer)
		cfg.Resolve = n.resolve(dialer, state.Options.DNS)
	case nil:
	default:
		cfg.Dial, cfg.DialUDP = dialer.DialContext, dialUDPWith(dialer.DialContext)
	}
	return cfg
}

// countedConn is a connection whose bytes k6 counts. Unlike k6's own, it gives access to the socket below, because the
// engine looks at that before it reuses an idle connection.
type countedConn struct{ netext.Conn }

// NetConn returns the connection below, like that of tls.Conn.
func (c *countedConn) NetConn() net.Conn { return c.Conn.Conn }

// classify names the failures of k6's dialer.
func classify(err error) (code int, text string, ok bool) {
	switch err.(type) { //nolint:errorlint // the engine walks the chain
	case netext.BlackListedIPError:
		return failure.CodeBlockedIP, "ip is blacklisted", true
	case netext.BlockedHostError:
		return failure.CodeBlockedHost, "hostname is blocked", true
	default:
		return 0, "", false
	}
}

// guardedProxy returns no proxy for a host that k6's options block, because the proxy would resolve and connect to it
// without k6's checks. A name that only the proxy can resolve passes.
func (n *Network) guardedProxy(
	proxy func(*http.Request) (*url.URL, error), state *lib.State,
) func(*http.Request) (*url.URL, error) {
	resolve := n.addresses(state)
	return func(req *http.Request) (*url.URL, error) {
		u, err := proxy(req)
		if u == nil || err != nil || resolve == nil {
			return u, err
		}
		host := req.URL.Hostname()
		if len(state.Options.BlacklistIPs) == 0 && net.ParseIP(host) == nil {
			if trie := state.Options.BlockedHostnames.Trie; trie == nil {
				return u, nil
			} else if _, blocked := trie.Contains(host); !blocked {
				return u, nil
			}
		}
		_, _, err = resolve(req.Context(), host)
		var (
			blockedIP   netext.BlackListedIPError
			blockedHost netext.BlockedHostError
		)
		if errors.As(err, &blockedIP) || errors.As(err, &blockedHost) {
			return nil, err
		}
		return u, nil
	}
}

// addresses returns a function that looks addresses up as the VU's dialer does, nil if the VU has no resolver.
func (n *Network) addresses(state *lib.State) transport.ResolveFunc {
	if dialer, ok := state.Dialer.(*netext.Dialer); ok {
		return n.resolve(dialer, state.Options.DNS)
	}
	resolver := state.GetAddrResolver()
	if resolver == nil {
		return nil
	}
	return func(ctx context.Context, addr string) (net.IP, int, error) {
		return abandon(ctx, func() (net.IP, int, error) { return resolver.ResolveAddr(addr) })
	}
}
