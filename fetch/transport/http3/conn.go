package http3

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Conn is a connection to a server, shared by many requests. It is safe for use by many goroutines. It has many fields
// because it is all of a connection: its requests, what the server has said of itself, and how it ends.
type Conn struct {
	qc        *quic.Conn
	heard     func() time.Time
	born      time.Time
	heads     atomic.Pointer[[]knownHead] // the last, which never change
	peerList  atomic.Uint64               // how large the fields of a request may be
	ended     context.Context             //nolint:containedctx // lives as long as the connection
	end       context.CancelFunc          // no more requests are admitted
	onClosing func()                      // called once, when no more requests are admitted
	renewal   sync.Once

	mu        sync.Mutex
	streams   map[quic.StreamID]*Stream
	waiting   int // requests that wait for the server to allow another stream
	used      int // requests that were admitted
	closing   bool
	shut      bool
	goAway    quic.StreamID // the first request that the server will not take, noGoAway before it says so
	why       error         // why no more requests are admitted
	lastCut   time.Time     // when a request was last cut off
	idleSince time.Time
}

const noGoAway quic.StreamID = -1

// NewConn begins to speak HTTP/3 on a connection of QUIC. heard returns when something last came from the server.
// onClosing is called when the connection takes no more requests; it may be nil.
func NewConn(qc *quic.Conn, heard func() time.Time, onClosing func()) *Conn {
	c := &Conn{
		qc: qc, heard: heard, born: time.Now(), onClosing: onClosing, goAway: noGoAway,
		streams: make(map[quic.StreamID]*Stream),
	}
	c.idleSince = c.born
	c.peerList.Store(noLimit)
	c.ended, c.end = context.WithCancel(qc.Context())
	context.AfterFunc(qc.Context(), func() { c.refuse(reason(context.Cause(qc.Context()))) })
	c.start()
	return c
}

// QUIC is the connection that NewConn was given.
func (c *Conn) QUIC() *quic.Conn { return c.qc }

// HandshakeDone reports whether the handshake is done, so that it is known whom the connection is with.
func (c *Conn) HandshakeDone() bool {
	select {
	case <-c.qc.HandshakeComplete():
		return true
	default:
		return false
	}
}

// HasServed reports whether the connection ends with a GOAWAY by which the server has taken some request on it. A
// request that it has not taken can go to the next connection then, because others have come further by this one.
func (c *Conn) HasServed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.goAway > 0 && c.used > 0
}

// now is the monotonic time, for differences. Reading the wall clock as well takes twice as long.
func (c *Conn) now() time.Time { return c.born.Add(time.Since(c.born)) }

// refuse admits no more requests, and closes the connection once it has none.
func (c *Conn) refuse(why error) {
	c.mu.Lock()
	first := !c.closing
	if first {
		c.closing, c.why = true, why
	}
	unused := len(c.streams) == 0
	c.mu.Unlock()
	if first {
		c.end()
		if c.onClosing != nil {
			c.onClosing()
		}
	}
	if unused {
		c.shutDown(codeNo)
	}
}

// fail ends the connection because of what the server did.
func (c *Conn) fail(code Code) {
	c.shutDown(code)
	c.refuse(ConnError(code))
}

// Close closes the connection. Requests that are under way fail.
func (c *Conn) Close() {
	c.refuse(errClosed)
	c.shutDown(codeNo)
}

// farewell is how long a connection stays open after a request was cut off. The request was handed to quic-go, and is
// counted as sent, so it has to reach the server.
const farewell = 20 * time.Millisecond

// shutDown closes the connection of QUIC, at once or after the farewell.
func (c *Conn) shutDown(code Code) {
	c.mu.Lock()
	again := c.shut
	c.shut = true
	wait := farewell - time.Since(c.lastCut)
	c.mu.Unlock()
	if again {
		return
	}
	// On another goroutine, because it waits for quic-go.
	time.AfterFunc(max(wait, 0), func() { _ = c.qc.CloseWithError(quic.ApplicationErrorCode(code), "") })
}

// CloseIdle closes the connection if no request is under way. It reports whether it did.
func (c *Conn) CloseIdle() bool {
	c.mu.Lock()
	busy := c.isBusy()
	c.mu.Unlock()
	if busy {
		return false
	}
	c.refuse(errClosed)
	return true
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
	if c.isBusy() {
		return 0
	}
	return time.Since(c.idleSince)
}

func (c *Conn) isBusy() bool { return len(c.streams) > 0 || c.waiting > 0 }

// admit makes a stream of QUIC one of a request. It returns false if the connection takes no more.
func (c *Conn) admit(s *Stream, str *quic.Stream) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || c.goAway != noGoAway { // the GOAWAY has ended the requests before, and is about to refuse others
		return false
	}
	s.Reply.Reused = c.used > 0
	c.used++
	s.crowded = len(c.streams) > 0
	c.streams[str.StreamID()] = s
	return true
}

// drop forgets a request that has ended. cut says that the server may not have seen all of it yet.
func (c *Conn) drop(s *Stream, str *quic.Stream, cut bool) {
	c.mu.Lock()
	if id := str.StreamID(); c.streams[id] == s { // after early data was rejected, the next stream may have its number
		delete(c.streams, id)
	}
	unused := len(c.streams) == 0
	if unused {
		c.idleSince = c.now()
	}
	if cut {
		c.lastCut = time.Now()
	}
	over := unused && c.closing
	c.mu.Unlock()
	if over {
		c.shutDown(codeNo)
	}
}

// isSilent reports whether nothing has come since a request was sent. A server that is there acknowledges that at once.
func (c *Conn) isSilent(sent time.Time) bool { return !sent.IsZero() && c.heard().Before(sent) }

// isUntaken reports whether a GOAWAY says that the server will not take a request.
func (c *Conn) isUntaken(str *quic.Stream) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.goAway != noGoAway && str.StreamID() >= c.goAway
}

// reasonFor is why a connection takes no more requests.
func (c *Conn) reasonFor() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why == nil {
		return errUnusable
	}
	return c.why
}

// renew makes the connection usable again after the server did not take its early data.
func (c *Conn) renew(ctx context.Context) {
	c.renewal.Do(func() {
		if _, err := c.qc.NextConnection(ctx); err != nil {
			c.refuse(errRejected)
			return
		}
		c.start() //nolint:contextcheck // it lives as long as the connection
	})
}

// await waits until the handshake is done.
func (c *Conn) await(ctx context.Context) error {
	select {
	case <-c.qc.HandshakeComplete():
		return nil
	case <-c.qc.Context().Done():
		return reason(context.Cause(c.qc.Context())) //nolint:contextcheck // the connection's
	case <-ctx.Done():
		return mux.ErrTimeout
	}
}

// isLimit reports whether the server has yet to allow another stream.
func isLimit(err error) bool { return errors.Is(err, &quic.StreamLimitReachedError{}) }
