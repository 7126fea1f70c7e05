package http2

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// Conn is a connection to a server, shared by many requests. It is safe for use by many goroutines. It has many fields
// because it is all of a connection: what is to be written, what was read, and its streams.
type Conn struct {
	nc   net.Conn
	born time.Time

	// The reader's own.
	br     *bufio.Reader
	heads  decoder
	readAt time.Time // when the bytes in the buffer arrived
	filled bool      // a read has filled the buffer
	idle   int       // frames since the last that was of use

	mu      sync.Mutex
	peer    peerSettings
	streams map[uint32]*Stream // those that the server knows of
	waiting []*Stream          // for the server to allow another stream
	active  int                // streams that were admitted and have not ended
	used    int                // streams that were admitted
	nextID  uint32

	writer writer

	control    []byte // frames that do not belong to a request that goes out
	sendWindow int64
	recvWindow int64
	unread     int64 // bytes received since the window was last opened
	uploaded   bool  // something of a body was composed since the last WINDOW_UPDATE

	goAway      *GoAwayError
	closing     bool  // no more streams are admitted
	err         error // why the connection has ended
	unconfirmed bool  // a stream was cut off, and the server may not have read so far
	idleSince   time.Time
	onClosing   func(*Conn) // called once, when no more streams are admitted
}

// The buffer begins small, because there may be a connection for each of thousands of VUs. The large one holds two of
// the longest frames.
const (
	smallBuffer = 4 << 10
	largeBuffer = 2 * maxFrameSize
)

// NewConn begins to speak HTTP/2 on a connection whose handshake, if any, is done. onClosing is called when the
// connection takes no more requests; it may be nil.
func NewConn(nc net.Conn, onClosing func(*Conn)) *Conn {
	c := &Conn{
		nc: nc, born: time.Now(), peer: defaultSettings(), streams: make(map[uint32]*Stream), nextID: 1,
		sendWindow: defaultWindow, recvWindow: connWindow, onClosing: onClosing,
	}
	c.idleSince = c.born
	c.br = bufio.NewReaderSize((*source)(c), smallBuffer)
	c.heads.init()
	c.control = appendPreface(nil)
	go c.read()
	return c
}

// NetConn is the connection that NewConn was given.
func (c *Conn) NetConn() net.Conn { return c.nc }

// HasServed reports whether the connection ends with a GOAWAY by which the server has processed some request on it. A
// request that it has not processed can go to the next connection then, because others have come further by this one.
func (c *Conn) HasServed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.goAway != nil && c.goAway.Last > 0 && c.nextID > 1
}

// now is the monotonic time, for differences. Reading the wall clock as well takes twice as long.
func (c *Conn) now() time.Time { return c.born.Add(time.Since(c.born)) }

// source is the Conn as the input of its buffer.
type source Conn

func (s *source) Read(p []byte) (int, error) {
	n, err := s.nc.Read(p)
	s.readAt = (*Conn)(s).now()
	s.filled = n == len(p)
	return n, err
}

// enlarge replaces the buffer by a large one with the same bytes.
func (c *Conn) enlarge() {
	rest, _ := c.br.Peek(c.br.Buffered()) // it is in the buffer
	c.br = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(slices.Clone(rest)), (*source)(c)), largeBuffer)
}

// read reads frames until the connection ends.
func (c *Conn) read() {
	var err error
	if panicked := crash.Guard(func() { err = c.readFrames() }); panicked != nil {
		err = panicked
	}
	c.mu.Lock()
	var mine ConnError
	if errors.As(err, &mine) { // the server is told, if it takes the time to listen
		c.control = appendGoAway(c.control, Code(mine))
		c.end(err)
		c.sayGoodbye()
		c.mu.Unlock()
		return
	}
	c.end(c.readFailed(err))
	c.mu.Unlock()
	_ = c.nc.Close()
}

// readFailed returns why the connection has ended, if reading ended with an error.
func (c *Conn) readFailed(err error) error {
	var broken net.Error
	switch {
	case errors.Is(err, ErrHTTP1):
		return err
	case c.goAway != nil && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &broken)):
		return c.goAway
	case errors.Is(err, syscall.ECONNRESET):
		return err // writing fails as well then, and says less
	case c.writer.err != nil:
		return c.writer.err
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	default:
		return err
	}
}

// farewell is how long a connection that ends may take to write its last frames.
const farewell = 20 * time.Millisecond

// sayGoodbye writes what is left to be said, unless somebody is writing, then closes the connection. The lock is held.
func (c *Conn) sayGoodbye() {
	if c.writer.busy {
		c.closeNow()
		return
	}
	c.writer.busy = true
	last := c.control
	c.control = nil
	go func() {
		_ = crash.Guard(func() {
			_ = c.nc.SetWriteDeadline(time.Now().Add(farewell))
			_, _ = c.nc.Write(last)
		})
		_ = c.nc.Close()
	}()
}

// closeNow closes the connection below on a goroutine of its own, because that of TLS may take seconds if the server
// does not read. The lock is held, and all requests would wait for it.
func (c *Conn) closeNow() {
	go func() { _ = c.nc.Close() }() // guarded by its owner
}

// end ends the connection and all streams. The lock is held.
func (c *Conn) end(err error) {
	if c.err != nil {
		return
	}
	c.err = err
	c.refuse()
	for _, s := range c.streams {
		if s.isUncertain() {
			if s.cut == nil {
				s.cut = err
			}
			continue
		}
		s.got.Untaken = s.got.Untaken || !s.got.Sent
		c.finish(s, err)
	}
}

// refuse admits no more streams, and ends those that were not written. They may be sent over another connection. The
// lock is held.
func (c *Conn) refuse() {
	if !c.closing {
		c.closing = true
		if c.onClosing != nil {
			c.onClosing(c)
		}
	}
	for _, s := range slices.Concat(c.waiting, c.writer.queue) {
		if s.id == 0 {
			c.untaken(s, errUnusable)
		}
	}
}

// untaken ends a stream that the server has not processed.
func (c *Conn) untaken(s *Stream, err error) {
	s.got.Untaken = true
	c.finish(s, err)
}

// Close closes the connection. Streams that are under way fail.
//
// If some were cut off a moment ago, the server may not have read their requests yet, and would never do so: closing a
// connection with unread bytes drops what the other side has not read. So the server is asked first whether it has
// read so far, for a moment.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut()
}

// CloseIdle closes the connection if no request is under way. It reports whether it did.
func (c *Conn) CloseIdle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.active > 0 || len(c.waiting) > 0 {
		return false
	}
	c.shut()
	return true
}

func (c *Conn) shut() {
	if c.err != nil {
		return
	}
	asks := c.unconfirmed && c.writer.err == nil
	c.end(errClosed)
	if !asks {
		c.closeNow()
		return
	}
	c.control = appendPing(c.control, 0, make([]byte, pingSize))
	time.AfterFunc(farewell, func() { _ = c.nc.Close() }) // guarded by its owner
	c.startWriter()
}

// IsNew reports whether the connection was made just now, and whoever has made it has yet to use it.
func (c *Conn) IsNew() bool {
	const justNow = time.Second
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used == 0 && time.Since(c.born) < justNow
}

// Idle returns for how long no request has been under way, 0 if one is.
func (c *Conn) Idle() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.active > 0 || len(c.waiting) > 0 {
		return 0
	}
	return time.Since(c.idleSince)
}
