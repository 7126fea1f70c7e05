package transport

import (
	"io"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/content"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
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

// trip is one try to send a request over a connection that many share.
type trip struct {
	reply  *mux.Reply // nil: there was no connection
	dialed bool       // this request has made it
	// hasServed reports whether the connection has ended in an orderly way after it had served others. forget drops it.
	hasServed func() bool
	forget    func()
}

// exchangeShared sends the pending hop's request over connections that many share. A request that the server has not
// processed is sent again (RFC 9113, section 8.7; RFC 9114, section 4.1.1).
func (a *attempt) exchangeShared(o origin, send func(t *trace) (trip, error)) error {
	t := a.hop.marks
	t.markOnce(&t.getConn)
	for untaken, unsent := 0, 0; ; {
		sent, err := send(t)
		reply := sent.reply
		if reply == nil {
			return err
		}
		t.markStream(reply, sent.dialed, o.secure)
		if err == nil {
			a.hop.status, a.hop.proto = reply.Status, a.hop.over.name()
			return nil
		}
		a.closeStream()
		switch {
		case !reply.Untaken || a.ctx.Err() != nil || !time.Now().Before(a.deadline):
			return err
		case !reply.Sent:
			sent.forget()
			if !sent.hasServed() {
				unsent++
			}
		case reply.Refused || !sent.hasServed():
			untaken++
		}
		if untaken > maxUntaken || unsent > maxUnsent {
			return err
		}
		t.forgetConn()
	}
}

// markStream marks what the stream has noted of its request.
func (t *trace) markStream(reply *mux.Reply, dialed, secure bool) {
	if reply.Sent {
		t.tries.Add(1)
	}
	if !reply.Admitted.IsZero() {
		t.gotShared(t.at(reply.Admitted), !dialed, secure)
	}
	t.markAt(&t.wroteRequest, reply.Wrote)
	t.markAt(&t.firstByte, reply.FirstByte)
}

// stream is the response in one of the session's streams.
type stream interface {
	Header() http.Header
	Body() io.Reader
	Discard() (int64, error)
	Close()
}

// answered returns the session's stream that has the response of the pending hop.
func (a *attempt) answered() (stream, *mux.Reply) {
	if a.hop.over == overHTTP3 {
		return &a.quic, &a.quic.Reply
	}
	return &a.stream, &a.stream.Reply
}

// closeStream ends the request of the session's stream.
func (a *attempt) closeStream() {
	s, _ := a.answered()
	s.Close()
	if a.client.transport.DisableKeepAlives {
		a.client.conns.CloseIdleShared()
	}
}

// streamAnswer turns the response in the session's stream into an answer.
func (a *attempt) streamAnswer(p *plan) answer {
	s, reply := a.answered()
	if a.spec.Jar != nil && reply.SetsCookies {
		a.storeCookies(p.url, s.Header())
	}
	return answer{
		content: content.Body{
			Reader: s.Body(), Method: a.spec.method(), Status: reply.Status,
			Length: reply.ContentLength, Encoding: reply.ContentEncoding, Discarder: s,
		},
		statusText: reply.StatusText, proto: a.hop.over.name(), head: reply.Text,
	}
}

// streamResponse converts the response in the session's stream for net/http's client.
func (a *attempt) streamResponse(req *http.Request) *http.Response {
	s, reply := a.answered()
	return responseOf(s, reply, a.hop.over, req, a.closeStream)
}

// responseOf converts the response in a stream for net/http. end is called when the body is closed.
func responseOf(s stream, reply *mux.Reply, over protocol, req *http.Request, end func()) *http.Response {
	return &http.Response{
		Status: reply.StatusText, StatusCode: reply.Status, Proto: over.name(), ProtoMajor: over.major(),
		Header: s.Header(), ContentLength: reply.ContentLength, Request: req,
		Body: &directBody{Reader: s.Body(), close: end},
	}
}
