package k6http

import (
	"context"
	"net"
	"sync"
)

// dials are the connections that net/http has asked for. It goes on with a dial that a request no longer waits for, and
// keeps what comes of it; a test must be able to end that as well.
type dials struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu    sync.Mutex
	ended bool
	conns []net.Conn
}

// DialContext connects, unless the test has ended.
func (d *dials) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	d.conns = append(d.conns, conn)
	return conn, nil
}

// end closes all connections, and those that are still being made when they have been.
func (d *dials) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	for _, conn := range d.conns {
		_ = conn.Close()
	}
}
