package transport

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// Request is what to ask for: a URL, and how.
type Request struct {
	// URL is absolute. It is parsed when it is asked for, so that a long list stays small.
	URL  string
	Spec *Spec
	// Own keeps the cookies that responses set from the jar: they are sent with this request's redirects, and with
	// further attempts that have the same Own, alone. Nil stores them in the jar at once.
	Own *OwnCookies
}

// SessionConfig is what a session needs of whoever uses it.
type SessionConfig struct {
	// Exchanged is called as each HTTP request ends, and must not keep what the pointer leads to.
	Exchanged func(x *Exchange)
	// Wrap puts something around the transport of an attempt, for example to log what goes through it. It may be nil.
	Wrap func(rt http.RoundTripper) http.RoundTripper
	// KeepPlans says that there are so few URLs that what was worked out for each is worth keeping.
	KeepPlans bool
}

// Session makes one attempt after another. It has what they hand on: a connection, which it writes and reads itself,
// buffers, and what was found out about the URL before. One goroutine uses it; Expire may be called by any.
type Session struct {
	client  *Client
	cfg     SessionConfig
	attempt attempt
	busy    bool // an attempt is under way

	held  heldConn
	reply http1.Response
	marks trace
	wire  wire
	heads heads
	own   plan // of the URL under way, if it is not one that is kept
	near  nearby
	known knownConn // of net/http
	timer timer
}

// heldConn is the connection of a session, where the end of the run can reach it.
type heldConn struct {
	mu   sync.Mutex
	conn *http1.Conn
}

// wire are the bytes of requests that are not kept with their plans.
type wire struct {
	bytes []byte
	// template is of the last request that was put together, which had the shape.
	template http1.Template
	shape    *shape
}

// nearby is what is known of the request before: the next is mostly for the same server, and made alike.
type nearby struct {
	origin  urltext.SameOrigin
	reached reached
	spec    *Spec
	shape   *shape // of the spec
}

// timer is the context of requests that go through net/http. It serves for several attempts.
type timer struct {
	ctx    context.Context //nolint:containedctx // see timed
	cancel context.CancelFunc
}

// NewSession returns a session. End it when it is no longer needed.
func (c *Client) NewSession(cfg SessionConfig) *Session { return &Session{client: c, cfg: cfg} }

// Do makes an attempt at a request, which begins now. It returns when the body has been read. What it returns is valid
// until the next attempt.
func (s *Session) Do(ctx context.Context, req *Request, now time.Time) *Outcome {
	s.busy = true
	if n := &s.near; req.Spec != n.spec {
		n.spec, n.shape = req.Spec, s.client.planner.shapeOf(req.Spec)
	}
	s.attempt.reset(ctx, s, req, now)
	s.attempt.do() //nolint:contextcheck // it has the context
	s.busy = false
	return &s.attempt.out
}

// End ends what goes through net/http.
func (s *Session) End() {
	if s.timer.cancel != nil {
		s.timer.cancel()
		s.timer = timer{}
	}
}

// Expire cuts off what is under way. It is called when the context of the attempts has ended.
func (s *Session) Expire() {
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	if s.held.conn != nil {
		s.held.conn.Expire()
	}
}

// hold makes the connection one that Expire cuts off.
func (s *Session) hold(ctx context.Context, conn *http1.Conn) {
	s.held.mu.Lock()
	s.held.conn = conn
	s.held.mu.Unlock()
	if ctx.Err() != nil {
		conn.Expire() // the run ended before it could see the connection
	}
}

// free takes the connection back, so that Expire no longer reaches it: another run may use it next.
func (s *Session) free() *http1.Conn {
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	conn := s.held.conn
	s.held.conn = nil
	return conn
}

// release gives the connection back to those that are kept, if it can serve another request.
func (s *Session) release(o origin) {
	conn := s.free()
	if conn == nil {
		return
	}
	if s.client.transport.DisableKeepAlives {
		_ = conn.Close()
		return
	}
	s.client.conns.keep(o.key, conn)
}

// heads are the heads of responses, which nobody changes. Many a server says the same for a second, until its Date
// changes: the responses then share one.
type heads struct {
	buffer []byte // for several heads
	last   []byte
	number int // of the last one, on its connection
}

// The buffer holds several heads: one by one, each would cost an allocation and its rounding up. It begins small, since
// most sessions have few.
const (
	minHeadBuffer = 1 << 10
	maxHeadBuffer = 32 << 10
)

// keep returns a head that stays as it is. Heads of the same number are equal.
func (h *heads) keep(head []byte, number int) []byte {
	if h.last == nil || h.number != number {
		h.last, h.number = h.copied(head), number
	}
	return h.last
}

func (h *heads) copied(head []byte) []byte {
	if len(head) > minHeadBuffer {
		return slices.Clone(head)
	}
	if len(head) > cap(h.buffer)-len(h.buffer) {
		h.buffer = make([]byte, 0, min(max(2*cap(h.buffer), minHeadBuffer), maxHeadBuffer))
	}
	from := len(h.buffer)
	h.buffer = append(h.buffer, head...)
	return h.buffer[from:len(h.buffer):len(h.buffer)]
}
