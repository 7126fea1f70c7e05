package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/content"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

const (
	// maxUntaken is how often a request is sent again that the server says it has not processed. A connection that has
	// served others does not count: servers end theirs after some number of requests, whatever is under way, and the
	// same request may be too late several times.
	maxUntaken = 1
	// maxUnsent is how often a request looks for another connection because the one it got takes no more, not counting
	// those that have served others. Each time somebody else's request has ended the connection before this one was
	// written.
	maxUnsent = 8
)

// exchangeHTTP2 sends the pending hop's request over a connection that many share, and waits for the answer in the
// session's stream. A request that the server has not processed is sent again (RFC 9113, section 8.7).
func (a *attempt) exchangeHTTP2(o origin, m *message) error {
	t := a.hop.marks
	t.markOnce(&t.getConn)
	req := http2.Request{
		Method: m.method, Fields: m.bytes, Body: m.body,
		Keeps: a.spec.ResponseType != ResponseNone || a.spec.MaxBodySize > 0 || a.isInspected(),
	}
	for untaken, unsent := 0, 0; ; {
		conn, dialed, err := a.client.sharedConn(a.ctx, o, a.deadline, t)
		if err != nil {
			return err
		}
		a.hop.info = connInfo(conn.NetConn())
		err = a.stream.RoundTrip(conn, req, a.deadline)
		reply := &a.stream.Reply
		t.markStream(reply, dialed, o.secure)
		if err == nil {
			a.hop.http2, a.hop.status, a.hop.proto = true, reply.Status, http2.Proto
			return nil
		}
		a.closeStream()
		switch {
		case !reply.Untaken || a.ctx.Err() != nil || !time.Now().Before(a.deadline):
			return err
		case !reply.Sent:
			a.client.conns.http2.Forget(o.key, conn)
			if !conn.HasServed() {
				unsent++
			}
		case reply.Refused || !conn.HasServed():
			untaken++
		}
		if untaken > maxUntaken || unsent > maxUnsent {
			return err
		}
		t.forgetConn()
	}
}

// markStream marks what the stream has noted of its request.
func (t *trace) markStream(reply *http2.Reply, dialed, secure bool) {
	if reply.Sent {
		t.tries.Add(1)
	}
	if !reply.Admitted.IsZero() {
		t.gotShared(t.at(reply.Admitted), !dialed, secure)
	}
	t.markAt(&t.wroteRequest, reply.Wrote)
	t.markAt(&t.firstByte, reply.FirstByte)
}

// sharedConn returns the connection of HTTP/2 to a server, and reports whether this request has made it. It returns
// errProtocol if the server speaks HTTP/2 no longer.
func (c *Client) sharedConn(ctx context.Context, o origin, deadline time.Time, t *trace) (*http2.Conn, bool, error) {
	// The connection that found out about HTTP/2 is this request's, if it was: then its marks are there.
	dialed := t.connectDone.Load() != 0
	if conn := c.conns.http2.Peek(o.key); conn != nil {
		return conn, dialed, nil
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	conn, err := c.conns.http2.Get(ctx, o.key, func() (*http2.Conn, error) {
		dialed = true
		if !o.secure {
			return c.speakAtOnce(ctx, o, t)
		}
		nc, isHTTP2, err := c.handshake(ctx, o, t)
		if err != nil {
			return nil, err
		}
		if !isHTTP2 {
			_ = nc.Close()
			c.alpn.unlearn(o.key)
			return nil, errProtocol
		}
		return c.speak(o, nc), nil
	})
	if err != nil && ctx.Err() != nil && !errors.Is(err, errProtocol) {
		err = context.Cause(ctx) // as in net/http, the end of the context is the better reason
	}
	return conn, dialed, err
}

// share keeps a connection that found out about HTTP/2 for all, unless there is one.
func (c *Client) share(o origin, nc net.Conn) {
	conn := c.speak(o, nc)
	if !c.conns.http2.Put(o.key, conn) {
		conn.Close()
	}
}

// speak begins to speak HTTP/2 on a connection.
func (c *Client) speak(o origin, nc net.Conn) *http2.Conn {
	return http2.NewConn(nc, func(conn *http2.Conn) { c.conns.http2.Forget(o.key, conn) })
}

// speakAtOnce connects to a server without TLS that is known to speak HTTP/2. The connection is counted then.
func (c *Client) speakAtOnce(ctx context.Context, o origin, t *trace) (*http2.Conn, error) {
	c.conns.reserve()
	defer c.conns.unreserve()
	raw, err := c.dial(ctx, o, t)
	if err != nil {
		return nil, err
	}
	nc := &ownedConn{guardedConn: guardedConn{raw, c}}
	c.conns.lend(nc)
	return c.speak(o, &infoConn{guardedConn{nc, c}, newConnInfo(nc.RemoteAddr(), nil)}), nil
}

// closeStream ends the request of the session's stream.
func (a *attempt) closeStream() {
	a.stream.Close()
	if a.client.transport.DisableKeepAlives {
		a.client.conns.http2.CloseIdle()
	}
}

// streamAnswer turns the response in the session's stream into an answer.
func (a *attempt) streamAnswer(p *plan) answer {
	reply := &a.stream.Reply
	if a.spec.Jar != nil && reply.SetsCookies {
		a.storeCookies(p.url, a.stream.Header())
	}
	return answer{
		content: content.Body{
			Reader: a.stream.Body(), Method: a.spec.method(), Status: reply.Status,
			Length: reply.ContentLength, Encoding: reply.ContentEncoding, Discarder: &a.stream,
		},
		statusText: reply.StatusText, proto: http2.Proto, head: reply.Text,
	}
}

// streamResponse converts the response in the session's stream for net/http's client.
func (a *attempt) streamResponse(req *http.Request) *http.Response {
	return responseOf(&a.stream, req, a.closeStream)
}

// responseOf converts the response in a stream for net/http. end is called when the body is closed.
func responseOf(stream *http2.Stream, req *http.Request, end func()) *http.Response {
	reply := &stream.Reply
	return &http.Response{
		Status: reply.StatusText, StatusCode: reply.Status, Proto: http2.Proto, ProtoMajor: 2,
		Header: stream.Header(), ContentLength: reply.ContentLength, Request: req,
		Body: &directBody{Reader: stream.Body(), close: end},
	}
}
