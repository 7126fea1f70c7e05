package http3

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Request is what a stream sends. Its bytes must not change until the round trip has ended.
type Request struct {
	Method string
	// Fields is the encoded field block: see [NewEncoder].
	Fields []byte
	Body   []byte
	// Early says that the request may be sent as early data, before the server has proved who it is (RFC 8470).
	Early bool
	// Repeatable says that the request may be sent again, if the server is found to know nothing of the connection.
	Repeatable bool
}

// Stream is one request and its response. One goroutine makes one request after another with it; any may call Expire.
// The zero value is ready.
type Stream struct {
	// Reply is what came of the last round trip.
	Reply mux.Reply
	// Early reports whether the last request was sent as early data.
	Early bool

	conn    *Conn
	request Request
	out     []byte // the request's frames
	in      input
	body    body
	upload  *upload    // nil if the body is not long
	crowded bool       // others were under way when the request was admitted
	clock   *mux.Clock // nil before the first request

	mu      sync.Mutex
	str     *quic.Stream
	stop    context.CancelFunc // of what comes before there is a stream
	expired bool
}

// RoundTrip sends a request and waits for the head of the response. It ends at the deadline. After it, Close must be
// called. An error means that no head has come: after one, reading the body returns the error.
func (s *Stream) RoundTrip(c *Conn, req Request, deadline time.Time) error {
	s.Close()
	s.reset(c, req)
	if err := s.open(deadline); err != nil {
		return s.failed(err)
	}
	if err := s.send(deadline); err != nil {
		return s.failed(err)
	}
	head, err := s.readHead()
	if err != nil {
		return s.failed(err)
	}
	if s.Early && head.Status == http.StatusTooEarly {
		return s.failed(errTooEarly)
	}
	s.Reply.Head = head
	s.body.begin(req.Method, head)
	if s.upload != nil {
		s.Reply.Wrote = s.upload.wroteBy(s.Reply.FirstByte)
	}
	return nil
}

func (s *Stream) reset(c *Conn, req Request) {
	s.Reply = mux.Reply{Head: mux.NoHead}
	s.conn, s.request = c, req
	s.upload, s.Early, s.body = nil, false, body{}
}

// open opens a stream of QUIC, once the server allows it.
func (s *Stream) open(deadline time.Time) error {
	c := s.conn
	if isLonger(s.request.Fields, c.peerList.Load()) {
		return errListSize
	}
	if c.ended.Err() != nil {
		s.Reply.Untaken = true
		return c.reasonFor()
	}
	s.Early = !c.HandshakeDone()
	if s.Early && !s.request.Early {
		if err := s.waiting(deadline, c.await); err != nil {
			return err
		}
		s.Early = false
	}
	str, err := c.qc.OpenStream()
	if isLimit(err) {
		err = s.waiting(deadline, func(ctx context.Context) error {
			str, err = c.qc.OpenStreamSync(ctx)
			return err
		})
	}
	if err != nil {
		return s.unopened(err)
	}
	if !s.hold(str, deadline) {
		return mux.ErrTimeout
	}
	s.Reply.Admitted = c.now()
	if !c.admit(s, str) {
		s.free()
		s.Reply.Untaken = true
		return c.reasonFor()
	}
	return nil
}

// unopened returns why there is no stream.
func (s *Stream) unopened(err error) error {
	c := s.conn
	switch {
	case errors.Is(err, quic.Err0RTTRejected):
		s.Reply.Untaken = true
		return errRejected
	case c.ended.Err() != nil:
		s.Reply.Untaken = true
		return c.reasonFor()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return mux.ErrTimeout
	default: // the connection has just ended, and its context has yet to say so
		s.Reply.Untaken = true
		err = reason(err)
		c.refuse(err)
		return err
	}
}

// waiting calls a function whose context ends at the deadline, when the stream expires, or when the connection takes no
// more requests.
func (s *Stream) waiting(deadline time.Time, wait func(context.Context) error) error {
	c := s.conn
	ctx, cancel := context.WithDeadline(c.ended, deadline)
	defer cancel()
	s.mu.Lock()
	s.stop = cancel
	if s.expired {
		cancel()
	}
	s.mu.Unlock()
	c.mu.Lock()
	c.waiting++
	c.mu.Unlock()
	err := wait(ctx)
	c.mu.Lock()
	c.waiting--
	c.mu.Unlock()
	s.mu.Lock()
	s.stop = nil
	s.mu.Unlock()
	return err
}

// hold makes a stream of QUIC one that the deadline and Expire can cut off. It returns false if the stream has expired.
// A deadline of quic-go would take a timer for each read that waits.
func (s *Stream) hold(str *quic.Stream, deadline time.Time) bool {
	s.mu.Lock()
	if s.expired {
		s.mu.Unlock()
		cancelBoth(str)
		return false
	}
	s.str = str
	s.mu.Unlock()
	s.in.reset(str)
	if s.clock == nil {
		s.clock = &mux.Clock{}
	}
	s.clock.Start((*timed)(s), deadline)
	return true
}

// timed is a stream whose time has run out.
type timed Stream

// Cut implements mux.Cutter.
func (t *timed) Cut() {
	s := (*Stream)(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutOff()
}

// cutOff ends what is under way with a timeout. The lock is held.
func (s *Stream) cutOff() {
	if s.str != nil {
		_ = s.str.SetDeadline(past) // never fails
	}
}

// free lets go of a stream on which nothing was sent.
func (s *Stream) free() {
	s.clock.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	cancelBoth(s.str)
	s.str = nil
}

func cancelBoth(str *quic.Stream) {
	str.CancelRead(quic.StreamErrorCode(codeRequestCancelled))
	str.CancelWrite(quic.StreamErrorCode(codeRequestCancelled))
}

// maxQueued is how many bytes of a request are handed to quic-go at once. A longer body is written as the server takes
// it.
const maxQueued = 16 << 10

// send sends the request. A long body is written while the response may come already.
func (s *Stream) send(deadline time.Time) error {
	if !time.Now().Before(deadline) {
		return mux.ErrTimeout
	}
	s.out = appendFrame(s.out[:0], frameHeaders, len(s.request.Fields))
	s.out = append(s.out, s.request.Fields...)
	rest := s.request.Body
	if len(rest) > 0 {
		s.out = appendFrame(s.out, frameData, len(rest))
		if len(s.out)+len(rest) <= maxQueued {
			s.out, rest = append(s.out, rest...), nil
		}
	}
	err := s.str.TryWriteAll(s.out)
	if errors.Is(err, quic.ErrWouldBlock) {
		_, err = s.str.Write(s.out)
	}
	if err != nil {
		s.Reply.Untaken = !isTimeout(err)
		return err
	}
	s.Reply.Sent = true
	if len(rest) == 0 {
		_ = s.str.Close() // the end of the request goes out with it
		s.Reply.Wrote = s.conn.now()
		if s.crowded {
			letOthersSend()
		}
		return nil
	}
	s.upload = newUpload(s.str, rest)
	return nil
}

// letOthersSend has requests share a packet. Go runs next what was last made ready. That would be quic-go's goroutine,
// which would send this request alone. With another in that place, it runs after those that are about to send as well.
func letOthersSend() { go func() {}() }

func appendFrame(dst []byte, kind byte, size int) []byte {
	return quicvarint.Append(append(dst, kind), uint64(size)) // #nosec G115 -- not negative
}

// failed ends a round trip without a response, and returns why.
func (s *Stream) failed(err error) error {
	reply := &s.Reply
	err = s.translated(err)
	if s.str != nil && reply.Sent {
		var stream *StreamError
		switch {
		case s.conn.isUntaken(s.str):
			reply.Untaken, err = true, ErrGoAway
		case errors.As(err, &stream) && stream.Code == codeRequestRejected && stream.Why == nil:
			reply.Untaken, reply.Refused = true, true
		case errors.Is(err, errRejected), errors.Is(err, errTooEarly):
			reply.Untaken = true
		case reply.Reused && s.request.Repeatable && reply.FirstByte.IsZero() && isForgotten(err):
			reply.Untaken = true
		}
	}
	if s.str != nil && isTimeout(err) && s.conn.isSilent(reply.Wrote) {
		s.conn.refuse(ErrIdle) // the next request need not find out as well
	}
	if errors.Is(err, errRejected) {
		_ = s.waiting(time.Now().Add(handshakeTimeout), func(ctx context.Context) error {
			s.conn.renew(ctx)
			return nil
		})
	}
	s.end()
	return err
}

// isForgotten reports whether the server knows nothing of a connection that it had, for example because it was
// restarted since, or has closed it in an orderly way. Servers may close it right after their last responses, and
// quic-go drops those that were not read by then.
func isForgotten(err error) bool {
	var (
		socket *SocketError
		closed ConnError
	)
	return errors.Is(err, ErrStatelessReset) || errors.As(err, &socket) && socket.Refused() ||
		errors.As(err, &closed) && Code(closed) == codeNo
}

// translated returns the reason of an error, and closes the connection if the server must be told.
func (s *Stream) translated(err error) error {
	var (
		ours  ConnError
		wrong *StreamError
	)
	switch {
	case errors.As(err, &ours):
		s.conn.fail(Code(ours))
		return ours
	case errors.As(err, &wrong):
		if s.str != nil {
			s.str.CancelRead(quic.StreamErrorCode(wrong.Code))
		}
		return err
	default:
		return reason(err)
	}
}

// interrupt ends the request because the server will not take it.
func (s *Stream) interrupt(id quic.StreamID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.str != nil && s.str.StreamID() >= id {
		cancelBoth(s.str)
	}
}

// Close ends the request. A response that has not ended is cut off.
func (s *Stream) Close() { s.end() }

// end lets go of the stream of QUIC. What the server has yet to send is of no use, and what is left of the request is
// not sent.
func (s *Stream) end() {
	str := s.str
	if str == nil {
		return
	}
	cut := !s.in.ended
	if cut {
		str.CancelRead(quic.StreamErrorCode(codeRequestCancelled))
	}
	if s.upload != nil {
		s.upload.end(str, s.in.ended)
	}
	s.clock.Stop()
	s.mu.Lock()
	s.str = nil
	s.mu.Unlock()
	s.conn.drop(s, str, cut && s.Reply.Sent)
}

// Expire ends the request with a timeout, and all later ones.
func (s *Stream) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expired = true
	if s.stop != nil {
		s.stop()
	}
	s.cutOff()
}

// Release stops the timer. The stream can be used again.
func (s *Stream) Release() { s.clock.Release() }

// Header returns the fields of the response.
func (s *Stream) Header() http.Header { return mux.ParseHeader(s.Reply.Text) }
