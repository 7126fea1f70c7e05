package http2

import (
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Request is what a stream sends. Its bytes must not change until the round trip has ended.
type Request struct {
	Method string
	// Fields is the encoded field block: see [Encoder].
	Fields []byte
	Body   []byte
	// Keeps says that the body of the response is read, with [Stream.Body]. Otherwise it is counted and dropped as it
	// comes.
	Keeps bool
}

// Stream is one request and its response. One goroutine makes one request after another with it; any may call Expire.
// The zero value is ready. It has many fields because it is all of a request: what goes out, what came, and its times.
type Stream struct {
	// Reply is what came of the last round trip.
	Reply mux.Reply

	clock   atomic.Pointer[mux.Clock] // nil before the first request
	expired atomic.Bool
	wake    chan struct{}
	request Request

	// What follows is protected by the connection's lock.
	conn       *Conn
	got        mux.Reply
	id         uint32 // 0: it has not been written
	waits      bool   // to be admitted
	queued     bool   // has something to write
	writing    bool   // is in the batch that is being written
	offset     int    // where it begins in that batch
	sentBody   int
	sendWindow int64
	cut        error // why it is to end once the write has
	ended      bool
	err        error
	body       body
	interim    int64 // size of the heads before the last
}

// RoundTrip sends a request and waits until the response has ended; or, if its body is kept, until enough of it has
// come to be worth reading. It ends at the deadline. After it, Close must be called. An error means that no head has
// come: after one, reading the body returns the error.
func (s *Stream) RoundTrip(c *Conn, req Request, deadline time.Time) error {
	s.Close() // if the last request was left to itself, the connection still has it
	s.reset(c, req)
	if !s.begin(deadline) {
		s.ended, s.err = true, mux.ErrTimeout
		s.Reply = s.got
		return s.err
	}
	return s.exchange()
}

// exchange sends the request and waits. The request may have been cut off already.
func (s *Stream) exchange() error {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.ended {
		c.admit(s)
	}
	for s.waits && !s.ended {
		c.await(s)
	}
	if !s.ended && c.closing { // since it was admitted
		c.untaken(s, errUnusable)
	}
	if !s.ended {
		c.enqueue(s)
		c.mu.Unlock()
		c.flush(s)
		c.mu.Lock()
	}
	for !s.ended && !s.body.isWorthReading() {
		c.await(s)
	}
	s.Reply = s.got
	if s.ended && s.got.Status == 0 {
		return s.err
	}
	return nil
}

// await waits until something has become of the stream. The lock is held, but not while it waits.
func (c *Conn) await(s *Stream) {
	c.mu.Unlock()
	<-s.wake
	c.mu.Lock()
}

// reset prepares the stream for a request.
func (s *Stream) reset(c *Conn, req Request) {
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
	}
	select {
	case <-s.wake:
	default:
	}
	s.got = mux.Reply{Head: mux.NoHead}
	s.request = req
	s.conn, s.id, s.waits, s.queued, s.writing, s.offset, s.sentBody, s.sendWindow = c, 0, false, false, false, 0, 0, 0
	s.cut, s.ended, s.err, s.interim = nil, false, errNoReply, 0
	s.body.reset(req.Keeps)
}

// signal wakes the goroutine that waits for the stream.
func (s *Stream) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Close ends the request. A response that has not ended is cut off.
func (s *Stream) Close() {
	if !s.clock.Load().Stop() {
		return
	}
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abort(s, errAbandoned)
	for !s.ended { // it is still being written
		c.await(s)
	}
}

// Expire ends the request with a timeout, and all later ones.
func (s *Stream) Expire() {
	s.expired.Store(true)
	s.clock.Load().Expire()
}

// begin starts the clock. It returns false if the stream has expired.
func (s *Stream) begin(deadline time.Time) bool {
	k := s.clock.Load()
	if k == nil {
		k = &mux.Clock{}
		s.clock.Store(k)
	}
	k.Start((*timed)(s), deadline)
	if s.expired.Load() { // perhaps before there was a clock to stop
		k.Stop()
		return false
	}
	return true
}

// timed is a stream whose time has run out.
type timed Stream

// Cut implements mux.Cutter.
func (t *timed) Cut() {
	s := (*Stream)(t)
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.conn.abort(s, mux.ErrTimeout)
}

// Release stops the timer. The stream can be used again.
func (s *Stream) Release() { s.clock.Load().Release() }

// admit admits a stream, or lets it wait until another has ended. The lock is held.
func (c *Conn) admit(s *Stream) {
	switch {
	case s.ended: // it has expired since it began
	case c.closing:
		c.untaken(s, errUnusable)
	case isLonger(s.request.Fields, c.peer.maxList):
		c.finish(s, errListSize)
	case c.active >= c.peer.maxStreams || len(c.waiting) > 0:
		s.waits = true
		c.waiting = append(c.waiting, s)
	default:
		c.start(s)
	}
}

func (c *Conn) start(s *Stream) {
	s.waits = false
	s.got.Admitted = c.now()
	s.got.Reused = c.used > 0
	c.used++
	c.active++
}

// admitWaiting admits those that wait, as far as the server allows. The lock is held.
func (c *Conn) admitWaiting() {
	for len(c.waiting) > 0 && c.active < c.peer.maxStreams && !c.closing {
		s := c.waiting[0]
		c.waiting = slices.Delete(c.waiting, 0, 1)
		c.start(s)
		s.signal()
	}
}

// abort cuts a stream off, unless it has ended. The lock is held.
func (c *Conn) abort(s *Stream, err error) {
	if s.conn != c {
		return
	}
	if c.writer.own == s { // it cannot return before
		c.hurry()
	}
	if s.ended {
		return
	}
	if s.cut == nil {
		s.cut = err
	}
	if s.isUncertain() {
		c.hurry()
		return
	}
	c.cutOff(s)
}

// isUncertain reports whether only the end of the write under way will show if anything of the request was sent.
func (s *Stream) isUncertain() bool { return s.writing && !s.got.Sent }

// cutOff ends a stream of which it is known whether it was sent. The server is told if it knows of the stream.
func (c *Conn) cutOff(s *Stream) {
	if s.id != 0 && c.err == nil {
		c.control = appendReset(c.control, s.id, codeCancel)
		c.unconfirmed = true
		c.startWriter()
	}
	if c.err != nil && !s.got.Sent {
		s.got.Untaken = true
	}
	c.finish(s, s.cut)
}

// finish ends a stream: err is io.EOF if the response has come whole. The lock is held.
func (c *Conn) finish(s *Stream, err error) {
	if s.ended {
		return
	}
	if s.writing {
		c.leaveBatch(s)
	}
	if s.queued {
		s.queued = false
		c.writer.queue = slices.DeleteFunc(c.writer.queue, func(other *Stream) bool { return other == s })
	}
	switch {
	case s.waits:
		c.waiting = slices.DeleteFunc(c.waiting, func(other *Stream) bool { return other == s })
		s.waits = false
	case !s.got.Admitted.IsZero():
		c.active--
	}
	if s.id != 0 {
		delete(c.streams, s.id)
	}
	s.ended, s.err = true, err
	s.signal()
	c.admitWaiting()
	if c.active > 0 || len(c.waiting) > 0 {
		return
	}
	c.idleSince = c.now()
	if c.closing && c.err == nil {
		c.shut()
	}
}

// leaveBatch takes a stream out of what is being written, because the server has its head already.
func (c *Conn) leaveBatch(s *Stream) {
	for i, other := range c.writer.batch {
		if other == s {
			c.writer.batch = slices.Delete(c.writer.batch, i, i+1)
			break
		}
	}
	s.writing, s.got.Sent = false, true
	if s.got.Wrote.IsZero() && s.sentBody == len(s.request.Body) {
		s.got.Wrote = s.got.FirstByte
	}
}

// Proto is what http.Response.Proto says of HTTP/2.
const Proto = "HTTP/2.0"

// Header returns the fields of the response.
func (s *Stream) Header() http.Header { return mux.ParseHeader(s.Reply.Text) }
