package transport

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// Request is what to ask for: a URL, and how.
type Request struct {
	// URL is absolute. It is parsed only when it is requested, so that a long list stays small.
	URL  string
	Spec *Spec
	// Own keeps the cookies of responses out of the jar. They are sent only with this request's redirects, and with
	// attempts that have the same Own. Nil stores them in the jar at once.
	Own *OwnCookies
	// Inspect is called as Spec.Inspect is, and gets the body as well. It may be nil.
	Inspect func(head *Head) io.Writer
	// Trace is that of the target, by the Tracer of its spec. All its attempts share it. Nil means none.
	Trace tracing.Trace
}

// SessionConfig is what a session needs from its user.
type SessionConfig struct {
	// Exchanged is called when an HTTP request ends. It must not keep the pointer.
	Exchanged func(x *Exchange)
	// Wrap wraps the transport of an attempt, for example to log its requests. It may be nil.
	Wrap func(rt http.RoundTripper) http.RoundTripper
	// KeepPlans says that there are few URLs, so that their plans are worth keeping.
	KeepPlans bool
	// Shapes are shared by the sessions of a run. Nil means that a session remembers the last spec alone.
	Shapes *Shapes
}

// Session makes one attempt after another. It keeps what they share: a connection, buffers, and what is known of the
// last URL. Only one goroutine may use it, but any may call Expire.
type Session struct {
	client  *Client
	cfg     SessionConfig
	attempt attempt
	busy    bool // an attempt is under way

	held   heldConn
	reply  http1.Response
	stream http2.Stream
	quic   http3.Stream
	marks  trace
	wire   wire
	heads  heads
	own    plan // of the current URL, if its plan is not kept
	near   nearby
	known  knownConn // of net/http
	timer  timer
}

// heldConn is the connection of a session, protected so that the end of the run can reach it.
type heldConn struct {
	mu   sync.Mutex
	conn *http1.Conn
}

// wire encodes requests that are not kept with their plans.
type wire struct {
	bytes []byte
	// The last request had this shape and went over this protocol. The template, or the encoder, is made of it.
	shape    *shape
	over     protocol
	template http1.Template
	encoders encoders
	// alternative is a copy of a request with the field that names the alternative that it is sent to.
	alternative []byte
	// stamped is a copy of such a request, or of a plan's, with the header of its trace.
	stamped []byte
}

// nearby is what is known of the last request: the next is mostly for the same server, and made alike.
type nearby struct {
	origin  urltext.SameOrigin
	reached reached
	spec    *Spec
	shape   *shape // of the spec
}

// timer is the context of requests over net/http. Several attempts share it.
type timer struct {
	ctx    context.Context //nolint:containedctx // see timed
	cancel context.CancelFunc
}

// NewSession returns a session. End it when it is no longer needed.
func (c *Client) NewSession(cfg SessionConfig) *Session { return &Session{client: c, cfg: cfg} }

// Do makes an attempt at a request, which begins now. It returns when the body has been read. The outcome is valid
// until the next attempt.
func (s *Session) Do(ctx context.Context, req *Request, now time.Time) *Outcome {
	s.busy = true
	if n := &s.near; req.Spec != n.spec {
		n.spec, n.shape = req.Spec, s.cfg.Shapes.of(s.client, req.Spec)
	}
	s.attempt.reset(ctx, s, req, now)
	s.attempt.do() //nolint:contextcheck // it has the context
	s.busy = false
	return &s.attempt.out
}

// End releases what timers hold.
func (s *Session) End() {
	s.stream.Release()
	s.quic.Release()
	if s.timer.cancel != nil {
		s.timer.cancel()
		s.timer = timer{}
	}
}

// Expire cuts off what is under way. It is called when the context of the attempts has ended.
func (s *Session) Expire() {
	s.stream.Expire()
	s.quic.Expire()
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	if s.held.conn != nil {
		s.held.conn.Expire()
	}
}

// hold makes the connection one that Expire can cut off.
func (s *Session) hold(ctx context.Context, conn *http1.Conn) {
	s.held.mu.Lock()
	s.held.conn = conn
	s.held.mu.Unlock()
	if ctx.Err() != nil {
		conn.Expire() // the run ended before Expire could reach the connection
	}
}

// free takes the connection back, so that Expire no longer reaches it, because another run may use it next.
func (s *Session) free() *http1.Conn {
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	conn := s.held.conn
	s.held.conn = nil
	return conn
}

// release returns the connection to the idle ones, if it can serve another request.
func (s *Session) release(o origin) {
	conn := s.free()
	if conn == nil {
		return
	}
	if s.client.transport.DisableKeepAlives {
		_ = conn.Close()
		return
	}
	s.client.conns.Keep(o.key, conn)
}

// heads keeps the heads of responses; nobody changes them. Many servers repeat theirs until the Date changes, so these
// responses share one.
type heads struct {
	buffer []byte // for several heads
	last   []byte
	number int // of the last one, on its connection
}

// The buffer holds several heads, because an allocation for each would cost more. It begins small, because most
// sessions have few.
const (
	minHeadBuffer = 1 << 10
	maxHeadBuffer = 32 << 10
)

// keep returns a copy of a head that never changes. Heads of the same number are equal.
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

// Shapes remember what the requests of specs have in common, for the sessions of one run. The zero value is ready.
type Shapes struct {
	mu    sync.Mutex
	known map[*Spec]*shape
}

// maxShapes bounds them. Runs with more specs have one for each target, which no other target has.
const maxShapes = 256

// of returns the shape of a spec, which a client's planner makes.
func (s *Shapes) of(c *Client, spec *Spec) *shape {
	if s == nil {
		return c.planner.shapeOf(spec)
	}
	s.mu.Lock()
	found, ok := s.known[spec]
	s.mu.Unlock()
	if ok {
		return found
	}
	found = c.planner.shapeOf(spec) // without the lock: if each target has its own spec, all workers come here
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = make(map[*Spec]*shape)
	}
	if len(s.known) < maxShapes {
		s.known[spec] = found
	}
	return found
}
