package http2

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"
)

// A memConn is a connection to a server that waits for a request's head, then sends fixed bytes and closes.
type memConn struct {
	mu      sync.Mutex
	wake    *sync.Cond
	reply   []byte
	written bytes.Buffer
	parsed  int // bytes of what was written that are whole frames
	block   []byte
	asked   bool
	closed  bool
}

func newMemConn(reply []byte) *memConn {
	c := &memConn{reply: reply, parsed: len(preface)}
	c.wake = sync.NewCond(&c.mu)
	return c
}

func (c *memConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.asked && !c.closed {
		c.wake.Wait()
	}
	switch {
	case c.closed:
		return 0, net.ErrClosed
	case len(c.reply) == 0:
		return 0, io.EOF
	}
	n := copy(p, c.reply)
	c.reply = c.reply[n:]
	return n, nil
}

func (c *memConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	c.written.Write(p)
	for !c.asked && c.written.Len() >= c.parsed+headerSize {
		f := parseFrame(c.written.Bytes()[c.parsed:])
		if c.parsed += headerSize; c.written.Len() < c.parsed+int(f.length) {
			c.parsed -= headerSize
			break
		}
		payload := c.written.Bytes()[c.parsed : c.parsed+int(f.length)]
		c.parsed += len(payload)
		if f.kind == frameHeaders || f.kind == frameContinuation {
			c.block = append(c.block, payload...)
			c.asked = f.has(flagEndHeaders)
		}
	}
	c.wake.Broadcast()
	return len(p), nil
}

// asks returns the field block of the request.
func (c *memConn) asks() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.block
}

func (c *memConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.wake.Broadcast()
	return nil
}

func (c *memConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *memConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *memConn) SetDeadline(time.Time) error      { return nil }
func (c *memConn) SetReadDeadline(time.Time) error  { return nil }
func (c *memConn) SetWriteDeadline(time.Time) error { return nil }
