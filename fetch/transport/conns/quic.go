package conns

import (
	"context"
	"sync/atomic"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// QUIC is a connection of HTTP/3 that is counted.
type QUIC struct {
	*http3.Conn

	info atomic.Pointer[Info]
}

// Close implements Lent.
func (c *QUIC) Close() error {
	c.Conn.Close()
	return nil
}

func (c *QUIC) lentBy(owner *Conns) {
	context.AfterFunc(c.QUIC().Context(), func() { owner.Forget(c) })
}

// Describe returns what results say about the connection. While its handshake is under way, it is not known whom it is
// with.
func (c *QUIC) Describe() *Info {
	qc := c.QUIC()
	if info := c.info.Load(); info != nil {
		return info
	}
	if !c.HandshakeDone() {
		return NewInfo(qc.RemoteAddr(), nil)
	}
	state := qc.ConnectionState().TLS
	c.info.CompareAndSwap(nil, NewInfo(qc.RemoteAddr(), &state))
	return c.info.Load()
}
