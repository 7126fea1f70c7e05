// Package k6net lets the engine use the network as a VU of k6 does: with its dialer, its resolver, its TLS
// configuration, its proxy and its block lists.
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

// Network is what the VUs of a test run share. The zero value is ready.
type Network struct {
	// Resolver is asked for names. Nil means that of the machine.
	Resolver *net.Resolver

	once          sync.Once
	interruptible *net.Resolver
	mu            sync.Mutex
	resolvers     map[netext.Resolver]*resolver
}

// Config is what the engine needs of a VU.
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
		// The address has been resolved and checked by then; the dialer would do both a second time.
		cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.Dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &countedConn{netext.Conn{
				Conn: conn, BytesRead: &dialer.BytesRead, BytesWritten: &dialer.BytesWritten,
			}}, nil
		}
		cfg.Resolve = n.resolve(dialer, state.Options.DNS)
	case nil:
	default:
		cfg.Dial = dialer.DialContext
	}
	return cfg
}

// countedConn is a connection whose bytes k6 counts. Unlike k6's own it shows the socket below, which the engine looks
// at before it uses an idle connection again.
type countedConn struct{ netext.Conn }

// NetConn returns the connection below, as that of tls.Conn.
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

// guardedProxy hands no request to a proxy whose host k6's options block: the proxy would resolve and connect to it
// behind k6's back. A name that only the proxy can resolve passes.
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

// addresses returns what looks addresses up as the dialer of the VU does, nil if that tells nobody.
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
