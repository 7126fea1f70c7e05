package http2

import (
	"errors"
	"io"
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// body is the body of a response as far as it has come. The connection's lock protects it.
type body struct {
	keeps    bool
	left     int64 // to come by Content-Length, -1: unknown
	received int64
	text     []byte // received and not read
	read     int    // bytes of it that were read
	window   int64  // what the server may send
	unread   int64  // bytes received or read since the window was last opened
}

// worthReading is how much of a body comes before its reader is woken. Each time costs more than copying that.
const worthReading = 64 << 10

func (b *body) reset(keeps bool) {
	*b = body{keeps: keeps, left: -1, window: streamWindow, text: b.text[:0]}
	if cap(b.text) > worthReading {
		b.text = nil
	}
}

// keep adds to what is to be read. What was read makes way once it is the larger part, so that a body that is read more
// slowly than it comes takes no more memory than twice its window.
func (b *body) keep(data []byte) {
	if b.read > len(b.text)-b.read {
		b.text, b.read = b.text[:copy(b.text, b.text[b.read:])], 0
	}
	b.text = append(b.text, data...)
}

func (b *body) isWorthReading() bool { return b.keeps && len(b.text)-b.read >= worthReading }

// Body returns a reader of the body. It can only be read if the request keeps it.
func (s *Stream) Body() io.Reader { return (*bodyReader)(s) }

type bodyReader Stream

func (r *bodyReader) Read(p []byte) (int, error) {
	s := (*Stream)(r)
	c, b := s.conn, &s.body
	c.mu.Lock()
	defer c.mu.Unlock()
	for b.read == len(b.text) && !s.ended {
		c.await(s)
	}
	if b.read < len(b.text) {
		n := copy(p, b.text[b.read:])
		if b.read += n; b.read == len(b.text) {
			b.text, b.read = b.text[:0], 0
		}
		if !s.ended {
			c.opened(s, n)
		}
		return n, nil
	}
	return 0, s.err
}

// Discard waits for the end of a body that is not kept, and returns how many bytes it had.
func (s *Stream) Discard() (int64, error) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	for !s.ended {
		c.await(s)
	}
	if errors.Is(s.err, io.EOF) {
		return s.body.received, nil
	}
	return s.body.received, s.err
}

// opened opens a stream's window for bytes that were read, once there are enough of them. The lock is held.
func (c *Conn) opened(s *Stream, n int) {
	b := &s.body
	if b.unread += int64(n); b.unread >= streamWindow/4 {
		c.control = appendWord(c.control, frameWindowUpdate, s.id, uint32(b.unread)) // #nosec G115 -- bounded by the window
		b.window += b.unread
		b.unread = 0
		c.startWriter()
	}
}

// onData handles a DATA frame (section 6.1).
func (c *Conn) onData(f frame, payload []byte) error {
	data, ok := f.unpadded(payload)
	if !ok || f.id == 0 {
		return ConnError(codeProtocol)
	}
	empty := len(data) == 0 && !f.has(flagEndStream)
	if empty {
		if err := c.useless(); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.takeWindow(int64(len(payload))); err != nil {
		return err
	}
	s := c.streams[f.id]
	switch {
	case s == nil && (c.isIdle(f.id) || len(data) == 0):
		return c.unknown(f)
	case s == nil:
		return nil // a response may be long that was on its way when its stream was cut off
	case !empty:
		c.idle = 0
	}
	b := &s.body
	if b.window -= int64(len(payload)); b.window < 0 {
		return ConnError(codeFlowControl)
	}
	switch {
	case s.got.Status == 0:
		c.breakOff(s, &StreamError{s.id, codeProtocol, ""})
		return nil
	case s.request.Method == http.MethodHead && len(data) > 0:
		c.breakOff(s, &StreamError{s.id, codeProtocol, ""})
		return nil
	}
	tooLong := b.left >= 0 && int64(len(data)) > b.left
	if tooLong {
		data = data[:b.left]
	}
	b.received += int64(len(data))
	if b.left >= 0 {
		b.left -= int64(len(data))
	}
	if b.keeps {
		b.keep(data)
	}
	switch {
	case tooLong:
		c.breakOff(s, mux.ErrTooLong)
	case f.has(flagEndStream):
		c.endOfBody(s)
	default:
		back := len(payload)
		if b.keeps {
			back -= len(data)
		}
		c.opened(s, back)
		if b.isWorthReading() {
			s.signal()
		}
	}
	return nil
}

// takeWindow counts bytes towards the connection's window, and opens it in time. The lock is held.
func (c *Conn) takeWindow(n int64) error {
	if c.recvWindow -= n; c.recvWindow < 0 {
		return ConnError(codeFlowControl)
	}
	if c.unread += n; c.unread >= connWindow/4 {
		c.control = appendWord(c.control, frameWindowUpdate, 0, uint32(c.unread)) // #nosec G115 -- bounded by the window
		c.recvWindow += c.unread
		c.unread = 0
		c.startWriter()
	}
	return nil
}

// endOfBody ends a stream whose response has ended.
func (c *Conn) endOfBody(s *Stream) {
	if s.body.left > 0 && s.request.Method != http.MethodHead && s.got.Status != http.StatusNotModified {
		c.respondedTo(s, io.ErrUnexpectedEOF)
		return
	}
	c.respondedTo(s, io.EOF)
}

// respondedTo ends a stream that the server has ended. What is left of the request is of no use (section 8.1).
func (c *Conn) respondedTo(s *Stream, err error) {
	if s.sentBody < len(s.request.Body) {
		c.control = appendReset(c.control, s.id, codeNo)
		c.startWriter()
	}
	c.finish(s, err)
}

// breakOff ends a stream that the server has done wrong on.
func (c *Conn) breakOff(s *Stream, err error) {
	why := codeCancel
	var wrong *StreamError
	if errors.As(err, &wrong) {
		why = wrong.Code
	}
	c.control = appendReset(c.control, s.id, why)
	c.startWriter()
	c.finish(s, err)
}
