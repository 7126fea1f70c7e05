package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"strconv"
	"sync"
	"time"
)

// DialFunc connects to an address.
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// ResolveFunc returns the IP address and port to connect to for a "host:port". It returns when its context ends.
type ResolveFunc func(ctx context.Context, addr string) (net.IP, int, error)

// timedDialer resolves and connects in two steps, so that the look-up can be timed: a dialer that resolves names by
// itself tells nobody how long that took. The times go to the httptrace hooks of the context, as net's own do.
type timedDialer struct {
	resolve ResolveFunc
	dial    DialFunc
}

func (d *timedDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := bounded(dialing(ctx))
	defer cancel()
	if d.resolve == nil {
		return d.dial(ctx, network, addr)
	}
	ip, port, err := d.lookUp(ctx, addr)
	if err != nil {
		return nil, err
	}
	return d.dial(ctx, network, net.JoinHostPort(ip.String(), strconv.Itoa(port)))
}

// meteredConn knows how much has been written to it. A request that was cut off has reached its server if it was
// written, and net/http, which writes on a goroutine of its own, does not tell in time.
type meteredConn struct {
	net.Conn

	mu    sync.Mutex
	wrote int64
}

func metered(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return &meteredConn{Conn: conn}, nil
}

// Write holds the lock until the bytes are counted, so that written, once the connection is closed, tells the truth.
func (c *meteredConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.Conn.Write(p)
	c.wrote += int64(n)
	return n, err
}

func (c *meteredConn) written() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wrote
}

// meterOf finds the meter below a connection, nil if it has none of its own.
func meterOf(conn net.Conn) *meteredConn {
	if secure, ok := conn.(*tls.Conn); ok {
		if secure.ConnectionState().NegotiatedProtocol == "h2" {
			return nil // shared by many requests
		}
		conn = secure.NetConn()
	}
	meter, _ := conn.(*meteredConn)
	return meter
}

// lookUp resolves an address and times it.
func (d *timedDialer) lookUp(ctx context.Context, addr string) (ip net.IP, port int, err error) {
	if host, _, splitErr := net.SplitHostPort(addr); splitErr == nil && net.ParseIP(host) != nil {
		return d.resolve(ctx, addr) // no name: only what the resolver says of the address, and no time worth telling
	}
	if hooks := httptrace.ContextClientTrace(ctx); hooks != nil && hooks.DNSStart != nil && hooks.DNSDone != nil {
		hooks.DNSStart(httptrace.DNSStartInfo{Host: addr})
		defer func() { hooks.DNSDone(httptrace.DNSDoneInfo{Err: err}) }()
	}
	return d.resolve(ctx, addr)
}

// bounds are when a connection that net/http makes has to be there. net/http itself lets go of a dial that nobody waits
// for any longer, and leaves it running.
type bounds struct {
	run      context.Context //nolint:containedctx // travels in a context
	deadline time.Time
}

type boundsKey struct{}

// bounded is the context of a dial with its bounds.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	b, ok := ctx.Value(boundsKey{}).(*bounds)
	if !ok {
		return ctx, func() {}
	}
	ctx, cancel := context.WithDeadline(ctx, b.deadline)
	stop := context.AfterFunc(b.run, cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}
