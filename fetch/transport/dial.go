package transport

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"sync"
	"time"
)

// DialFunc connects to an address.
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// ResolveFunc returns the IP address and port to connect to for a "host:port". It returns when its context ends. The
// context has the run's values, but no httptrace hooks, so the function may connect to any server.
type ResolveFunc func(ctx context.Context, addr string) (net.IP, int, error)

// timedDialer resolves and connects in two steps, because a dialer that resolves names itself does not report how long
// that took.
//
// Only connecting gets the httptrace hooks of the request. Resolvers connect to their servers with the context of the
// look-up, and would mark that connection as the request's.
type timedDialer struct {
	resolve ResolveFunc
	dial    DialFunc
}

func (d *timedDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if d.resolve != nil {
		ip, port, err := d.lookUp(ctx, addr)
		if err != nil {
			return nil, err
		}
		addr = net.JoinHostPort(ip.String(), strconv.Itoa(port))
	}
	ctx, over := dialing(ctx)
	defer over()
	return d.dial(ctx, network, addr)
}

// meteredConn counts the bytes written to it. A request that was cut off has reached its server if it was written.
// net/http, which writes on a goroutine of its own, does not report that in time.
type meteredConn struct {
	net.Conn

	mu    sync.Mutex
	wrote int64
}

// Write holds the lock until the bytes are counted, so that written is exact once the connection is closed.
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
		conn = secure.NetConn()
	}
	meter, _ := conn.(*meteredConn)
	return meter
}

// lookUp resolves an address and times it.
func (d *timedDialer) lookUp(ctx context.Context, addr string) (net.IP, int, error) {
	t, traced := ctx.Value(traceKey{}).(*trace)
	if host, _, err := net.SplitHostPort(addr); !traced || err == nil && net.ParseIP(host) != nil {
		return d.resolve(untraced(ctx), addr) // an address needs no time, but the resolver may refuse it
	}
	t.markOnce(&t.dnsStart)
	defer t.markOnce(&t.dnsDone)
	return d.resolve(untraced(ctx), addr)
}

// lookUpContext is the context of a look-up for a connection that net/http makes.
type lookUpContext struct {
	context.Context //nolint:containedctx // a context itself, for its end

	values context.Context //nolint:containedctx // the run's, for its values
}

// Value implements context.Context.
func (c lookUpContext) Value(key any) any { return c.values.Value(key) }

// untraced returns the context of a look-up. It ends with the dial's context and has the run's values, so that it has
// no hook of a request.
func untraced(ctx context.Context) context.Context {
	if b, ok := ctx.Value(boundsKey{}).(*bounds); ok {
		return lookUpContext{ctx, context.WithoutCancel(b.run)}
	}
	return ctx
}

// bounds say when a dial for net/http must end. net/http leaves a dial running when nobody waits for it any longer.
type bounds struct {
	run      context.Context //nolint:containedctx // passed on in a context
	deadline time.Time
}

type boundsKey struct{}

// bounded is the context of a dial, ended by its bounds.
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
