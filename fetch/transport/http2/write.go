package http2

import (
	"runtime"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// writer is what is to be written, and who does it. The connection's lock protects it, except out while it is written.
type writer struct {
	busy  bool
	queue []*Stream // with something to write
	batch []*Stream // being written
	out   []byte
	own   *Stream // whose goroutine writes
	err   error   // why nothing more can be written
	// hurried reports whether the write under way has a deadline.
	hurried bool
}

const (
	// maxTurn is how much of a body goes out before it is the turn of others.
	maxTurn = 64 << 10
	// maxBatch bounds what is written at once: what does not fit waits.
	maxBatch = 256 << 10
	// keptOutput is how much memory a connection keeps for what it writes next.
	keptOutput = 16 << 10
	// patience is how long a write may go on after one of its requests was cut off.
	patience = 20 * time.Millisecond
)

// enqueue puts a stream among those with something to write. The lock is held.
func (c *Conn) enqueue(s *Stream) {
	if !s.queued {
		s.queued = true
		c.writer.queue = append(c.writer.queue, s)
	}
}

// hasOutput reports whether there is something to write.
func (c *Conn) hasOutput() bool { return len(c.control) > 0 || len(c.writer.queue) > 0 }

// startWriter writes on a goroutine of its own, unless somebody is writing. The lock is held.
func (c *Conn) startWriter() {
	if c.writer.busy || !c.hasOutput() || c.writer.err != nil {
		return
	}
	c.writer.busy = true
	go c.writeAll(nil)
}

// flush writes the stream's request, with all others that wait, unless somebody is writing.
func (c *Conn) flush(own *Stream) {
	c.mu.Lock()
	if c.writer.busy || !c.hasOutput() || c.writer.err != nil {
		c.mu.Unlock()
		return
	}
	c.writer.busy = true
	crowd := c.active > 1
	c.mu.Unlock()
	if crowd {
		runtime.Gosched() // others who are about to queue a request then share the system call
	}
	c.writeAll(own)
}

// writeAll writes until nothing is left. The caller has set busy. A stream's own goroutine writes no more than what
// has its head, because it would have to wait for others: their bodies may be long, and the server slow.
func (c *Conn) writeAll(own *Stream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &c.writer
	for w.err == nil && (len(w.out) > 0 || c.hasOutput()) {
		if len(w.out) == 0 {
			c.compose()
			continue
		}
		if own != nil && (own.got.Sent || !own.writing) {
			go c.writeAll(nil)
			return
		}
		w.own = own
		c.mu.Unlock()
		n, err := c.send(w.out)
		at := c.now()
		c.mu.Lock()
		w.own = nil
		c.wrote(n, err, at)
	}
	w.busy = false
	if cap(w.out) > keptOutput {
		w.out = nil
	}
}

// send makes an error of a panic in a foreign connection.
func (c *Conn) send(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.nc.Write(p)
}

// compose takes what is to be written next, once all before has been written. A stream gets its number here, so that
// numbers ascend (section 5.1.1), and so that a request that is cut off before has never existed. The lock is held.
func (c *Conn) compose() {
	w := &c.writer
	w.out = append(w.out, c.control...)
	c.control = c.control[:0]
	queued := len(w.queue)
	taken := 0
	for ; taken < queued && len(w.out) < maxBatch; taken++ {
		s := w.queue[taken]
		if s.id == 0 && c.nextID > maxID {
			break
		}
		s.queued = false
		s.offset = len(w.out)
		if s.id == 0 {
			c.open(s)
		}
		c.composeBody(s)
		c.resume(s)
		if len(w.out) > s.offset {
			s.writing = true
			w.batch = append(w.batch, s)
		}
	}
	w.queue = slices.Delete(w.queue, 0, taken) // which forgets them, because a stream is part of a whole session
	if c.nextID > maxID {
		c.refuse() // the connection has no more numbers
	}
}

// open begins a stream with its field block.
func (c *Conn) open(s *Stream) {
	s.id, s.sendWindow = c.nextID, c.peer.window
	c.nextID += 2
	c.streams[s.id] = s
	c.writer.out = appendHeaders(c.writer.out, s.id, s.request.Fields, len(s.request.Body) == 0, c.peer.maxFrame)
}

// composeBody takes as much of a body as the windows and its turn allow (section 6.9.1).
func (c *Conn) composeBody(s *Stream) {
	for turn := 0; turn < maxTurn; {
		left := s.request.Body[s.sentBody:]
		n := int(min(int64(len(left)), s.sendWindow, c.sendWindow, int64(c.peer.maxFrame), maxTurn))
		if n <= 0 {
			return
		}
		flags := uint8(0)
		if n == len(left) {
			flags = flagEndStream
		}
		c.writer.out = append(appendFrame(c.writer.out, n, frameData, flags, s.id), left[:n]...)
		s.sentBody += n
		s.sendWindow -= int64(n)
		c.sendWindow -= int64(n)
		c.uploaded = true
		turn += n
	}
}

// resume lets a stream go on if the windows allow more of its body. The lock is held.
func (c *Conn) resume(s *Stream) {
	if s.id != 0 && s.sentBody < len(s.request.Body) && s.sendWindow > 0 && c.sendWindow > 0 {
		c.enqueue(s)
	}
}

// wrote notes what was written. The lock is held.
func (c *Conn) wrote(n int, err error, at time.Time) {
	w := &c.writer
	for i, s := range w.batch {
		w.batch[i] = nil
		s.writing = false
		if err == nil || s.offset < n {
			s.got.Sent = true
		}
		if err == nil && s.sentBody == len(s.request.Body) && s.got.Wrote.IsZero() {
			s.got.Wrote = at
		}
		if s.cut != nil {
			c.cutOff(s)
		}
	}
	w.batch = w.batch[:0]
	w.out = w.out[:0]
	if w.hurried {
		w.hurried = false
		_ = c.nc.SetWriteDeadline(time.Time{}) // fails only on a closed connection
	}
	if err != nil {
		c.writeFailed(err)
	}
}

// writeFailed ends the connection after what the server may have sent before was read: it may say why.
func (c *Conn) writeFailed(err error) {
	c.writer.err = err
	c.refuse()
	_ = c.nc.SetReadDeadline(time.Now().Add(patience)) // fails only on a closed connection
}

// hurry bounds the write under way, because a request was cut off that depends on it. The lock is held.
func (c *Conn) hurry() {
	if !c.writer.hurried {
		c.writer.hurried = true
		_ = c.nc.SetWriteDeadline(time.Now().Add(patience)) // fails only on a closed connection
	}
}
