package http2

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// http1Start is what responses of HTTP/1.1 and HTTP/1.0 begin with.
//
//nolint:gochecknoglobals // never changed
var http1Start = []byte("HTTP/1.")

// readFrames reads frames until the connection ends. Errors are ConnErrors, or those of reading.
func (c *Conn) readFrames() error {
	if head, err := c.br.Peek(headerSize); err == nil && bytes.HasPrefix(head, http1Start) {
		return ErrHTTP1 // as a frame it would be one of nonsense
	}
	for first := true; ; first = false {
		f, payload, err := c.nextFrame()
		if err != nil {
			return err
		}
		if first && (f.kind != frameSettings || f.has(flagAck)) { // section 3.4
			return ConnError(codeProtocol)
		}
		if err := c.onFrame(f, payload); err != nil {
			return err
		}
	}
}

// nextFrame reads a frame. The payload is valid until the next one.
func (c *Conn) nextFrame() (frame, []byte, error) {
	head, err := c.br.Peek(headerSize)
	if err != nil {
		return frame{}, nil, err
	}
	f := parseFrame(head)
	if f.length > maxFrameSize {
		return f, nil, ConnError(codeFrameSize)
	}
	if size := c.br.Size(); size < largeBuffer && (c.filled || headerSize+int(f.length) > size) {
		c.enlarge()
	}
	all, err := c.br.Peek(headerSize + int(f.length))
	if err != nil {
		return f, nil, err
	}
	_, _ = c.br.Discard(len(all)) // it is in the buffer, and stays there until more is read
	return f, all[headerSize:], nil
}

func (c *Conn) onFrame(f frame, payload []byte) error {
	switch f.kind {
	case frameData:
		return c.onData(f, payload)
	case frameHeaders:
		return c.onHeaders(f, payload)
	case frameSettings:
		return c.onSettings(f, payload)
	case frameWindowUpdate:
		return c.onWindowUpdate(f, payload)
	case framePing:
		return c.onPing(f, payload)
	case frameRSTStream:
		return c.onReset(f, payload)
	case frameGoAway:
		return c.onGoAway(f, payload)
	case framePriority:
		if f.id == 0 {
			return ConnError(codeProtocol)
		}
		if len(payload) != prioritySize {
			return ConnError(codeFrameSize)
		}
		return c.useless()
	case framePushPromise, frameContinuation: // push was refused, and a CONTINUATION comes after a HEADERS only
		return ConnError(codeProtocol)
	default: // section 4.1: unknown types are ignored
		return c.useless()
	}
}

// maxUseless is how many frames in a row may be of no use to any request (section 10.5).
const maxUseless = 10_000

// maxControl bounds what waits to be written in answer to frames. A server that makes more, but does not read, floods.
const maxControl = 1 << 20

// useless counts a frame that is of no use to any request. Only the reader calls it.
func (c *Conn) useless() error {
	if c.idle++; c.idle > maxUseless {
		return ConnError(codeEnhanceCalm)
	}
	return nil
}

// respond sees to it that the answer to a frame goes out. The lock is held. The reader never writes itself, because the
// server may not read before this client does.
func (c *Conn) respond() error {
	if len(c.control) > maxControl {
		return ConnError(codeEnhanceCalm)
	}
	c.startWriter()
	return nil
}

// unknown handles a frame of a stream that does not exist. Streams that were cut off may still get frames; a stream
// that was never opened must not. The lock is held.
func (c *Conn) unknown(f frame) error {
	if c.isIdle(f.id) {
		return ConnError(codeProtocol)
	}
	return c.useless()
}

// isIdle reports whether a stream was never opened (section 5.1). The lock is held.
func (c *Conn) isIdle(id uint32) bool { return id%2 == 0 || id >= c.nextID }

// onPing handles a PING frame (section 6.7).
func (c *Conn) onPing(f frame, payload []byte) error {
	switch {
	case f.id != 0:
		return ConnError(codeProtocol)
	case len(payload) != pingSize:
		return ConnError(codeFrameSize)
	}
	if err := c.useless(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.has(flagAck) {
		if c.err != nil { // the server has read all that was sent
			return c.err
		}
		return nil
	}
	c.control = appendPing(c.control, flagAck, payload)
	return c.respond()
}

// onWindowUpdate handles a WINDOW_UPDATE frame (section 6.9).
func (c *Conn) onWindowUpdate(f frame, payload []byte) error {
	if len(payload) != wordSize {
		return ConnError(codeFrameSize)
	}
	n := int64(binary.BigEndian.Uint32(payload) & idMask)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uploaded { // a server may open the windows for each piece
		c.uploaded, c.idle = false, 0
	}
	if err := c.useless(); err != nil {
		return err
	}
	if f.id == 0 {
		if n == 0 {
			return ConnError(codeProtocol)
		}
		if c.sendWindow += n; c.sendWindow > maxWindow {
			return ConnError(codeFlowControl)
		}
		for _, s := range c.streams {
			c.resume(s)
		}
		return c.respond()
	}
	s := c.streams[f.id]
	if s == nil {
		return c.unknown(f)
	}
	s.sendWindow += n
	switch {
	case n == 0:
		c.breakOff(s, &StreamError{s.id, codeProtocol, ""})
	case s.sendWindow > maxWindow:
		c.breakOff(s, &StreamError{s.id, codeFlowControl, ""})
	default:
		c.resume(s)
	}
	return c.respond()
}

// onReset handles an RST_STREAM frame (section 6.4).
func (c *Conn) onReset(f frame, payload []byte) error {
	if f.id == 0 {
		return ConnError(codeProtocol)
	}
	if len(payload) != wordSize {
		return ConnError(codeFrameSize)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.streams[f.id]
	if s == nil {
		return c.unknown(f)
	}
	why := Code(binary.BigEndian.Uint32(payload))
	if why == codeRefused { // section 8.7
		s.got.Refused, s.got.Untaken = true, true
	}
	if why == codeProtocol {
		c.refuse() // as net/http does: the server finds fault with this client
	}
	c.finish(s, &StreamError{s.id, why, fromPeer})
	return nil
}

// onGoAway handles a GOAWAY frame (section 6.8). Streams that the server has not taken may be sent elsewhere. But if it
// complains about the very first, it would complain again.
func (c *Conn) onGoAway(f frame, payload []byte) error {
	if f.id != 0 {
		return ConnError(codeProtocol)
	}
	if len(payload) < goAwaySize {
		return ConnError(codeFrameSize)
	}
	last := binary.BigEndian.Uint32(payload) & idMask
	why := Code(binary.BigEndian.Uint32(payload[wordSize:]))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.goAway != nil && c.goAway.Code != codeNo {
		why = c.goAway.Code // the first says what happened
	}
	c.goAway = &GoAwayError{last, why}
	c.refuse()
	for id, s := range c.streams {
		if id <= last {
			continue
		}
		s.got.Untaken = id != 1 || why == codeNo
		if s.isUncertain() {
			if s.cut == nil {
				s.cut = c.goAway
			}
			continue
		}
		c.finish(s, c.goAway)
	}
	if c.active == 0 && c.err == nil {
		c.shut()
	}
	return nil
}

// onHeaders handles a HEADERS frame with those that continue it (sections 6.2 and 6.10).
func (c *Conn) onHeaders(f frame, payload []byte) error {
	at := c.readAt
	if f.id == 0 {
		return ConnError(codeProtocol)
	}
	block, ok := f.unpadded(payload)
	if ok && f.has(flagPriority) {
		if ok = len(block) >= prioritySize; ok {
			block = block[prioritySize:]
		}
	}
	if !ok {
		return ConnError(codeProtocol)
	}
	head, wrong, err := c.readHead(f, block)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.streams[f.id]
	if s == nil {
		return c.unknown(f)
	}
	c.idle = 0
	if s.got.FirstByte.IsZero() {
		s.got.FirstByte = at
	}
	switch {
	case wrong != nil:
		c.breakOff(s, wrongHead(s.id, wrong))
		return nil
	case s.got.Status != 0:
		return c.onTrailers(s, f, head)
	default:
		return c.onHead(s, f, head)
	}
}

// wrongHead is the error of a stream with an invalid head.
func wrongHead(id uint32, err error) error {
	return &StreamError{id, codeProtocol, err.Error()}
}

// readHead decodes a field block. wrong is an error of the stream alone.
func (c *Conn) readHead(f frame, block []byte) (head *mux.Head, wrong, err error) {
	if f.has(flagEndHeaders) {
		return c.heads.whole(block)
	}
	c.heads.begin()
	for {
		if err := c.heads.add(block); err != nil {
			return nil, nil, err
		}
		if f.has(flagEndHeaders) {
			return c.heads.end()
		}
		var next frame
		if next, block, err = c.nextFrame(); err != nil {
			return nil, nil, err
		}
		if next.kind != frameContinuation || next.id != f.id {
			return nil, nil, ConnError(codeProtocol)
		}
		if len(block) == 0 {
			if err := c.useless(); err != nil {
				return nil, nil, err
			}
		}
		f = next
	}
}

// onHead handles the head of a response. The lock is held.
func (c *Conn) onHead(s *Stream, f frame, head *mux.Head) error {
	ends := f.has(flagEndStream)
	if head.Status < http.StatusOK && head.Status >= http.StatusContinue {
		s.interim += head.Size
		switch {
		case ends:
			c.breakOff(s, wrongHead(s.id, errInterimEnds))
		case s.interim > mux.MaxHeadSize:
			c.breakOff(s, wrongHead(s.id, errInterimSize))
		}
		return nil
	}
	if head.Status == 0 {
		c.breakOff(s, wrongHead(s.id, mux.ErrNoStatus))
		return nil
	}
	if ends && head.ContentLength < 0 && s.request.Method != http.MethodHead {
		head = head.OfLength(0)
	}
	s.got.Head = head
	s.body.left = head.ContentLength
	if ends {
		c.endOfBody(s)
	}
	return nil
}

// onTrailers handles the fields after a body (section 8.1). Nobody asks for them.
func (c *Conn) onTrailers(s *Stream, f frame, head *mux.Head) error {
	if !f.has(flagEndStream) || head.StatusText != "" {
		return ConnError(codeProtocol)
	}
	c.endOfBody(s)
	return nil
}

var (
	errInterimEnds = errors.New("1xx informational response with END_STREAM flag")
	errInterimSize = errors.New("header list too large")
)
