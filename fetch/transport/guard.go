package transport

import (
	"context"
	"net"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Guard calls foreign code whose panic must end only the call.
func (c *Client) Guard(f func()) { c.report(crash.Guard(f)) }

// report passes the panic in an error, if there is one, to Config.Panicked.
func (c *Client) report(err error) {
	if c.panicked == nil {
		return
	}
	if p := crash.In(err); p != nil {
		c.panicked(p.Value, p.Stack)
	}
}

// Crash ends an attempt in which something has panicked; err is the panic. It ends the exchange that was under way. If
// there was none, and unseen says that no request of the target was reported yet, it reports one that was never sent,
// because every target must have a sample.
func (s *Session) Crash(ctx context.Context, req *Request, err error, unseen bool) *Outcome {
	a := &s.attempt
	s.client.report(err)
	if !s.busy {
		a.reset(ctx, s, req, time.Now())
	}
	s.busy = false
	a.crashed = true
	if conn := s.free(); conn != nil {
		s.client.Guard(func() { _ = conn.Close() })
	}
	s.stream.Close()
	s.quic.Close()
	s.End()
	if a.hop.pending {
		s.client.Guard(func() { a.finish(err) })
	} else if unseen && a.out.Requests == 0 {
		s.client.Guard(func() { a.unsent(err) })
	}
	if a.last.Conn == nil {
		a.last.Conn, a.last.End = conns.None, time.Now() // nothing was reached
	}
	a.last.ErrorCode, a.last.Error = failure.CodeGeneric, crash.Text
	a.settle(&a.last, nil, err)
	return &a.out
}

// guarded makes errors of panics in a connection of a foreign dialer.
func (c *Client) guarded(conn net.Conn) conns.Guarded {
	return conns.Guarded{Conn: conn, Report: c.report}
}
