package quicpeer

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/quic-go/qpack"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
)

// conn is a connection from a client under test. Errors in writing are ignored: a client may leave at any time.
type conn struct {
	peer    *Peer
	qc      *quic.Conn
	nth     int              // number of the case's connections, from 1
	control *quic.SendStream // nil if hello has opened none
}

// request is one request of a connection, of which the head was read.
type request struct {
	*quic.Stream

	conn   *conn
	in     *bufio.Reader
	fields []qpack.HeaderField
	nth    int // number of the request to the case, from 1
}

// serve serves a connection until it ends.
func (p *Peer) serve(qc *quic.Conn) {
	p.mu.Lock()
	p.conns++
	c := &conn{peer: p, qc: qc, nth: p.conns}
	p.mu.Unlock()
	hello, answer := p.script.hello, p.script.answer
	if hello == nil {
		hello = func(c *conn) { c.open(streamControl, settings()) }
	}
	if answer == nil {
		answer = func(r *request) { r.answer(ok, "good") }
	}
	hello(c)
	p.tasks.Go(func() {
		for {
			str, err := qc.AcceptUniStream(p.ctx)
			if err != nil {
				return
			}
			p.tasks.Go(func() { _, _ = io.Copy(io.Discard, str) })
		}
	})
	for {
		str, err := qc.AcceptStream(p.ctx)
		if err != nil {
			return
		}
		p.tasks.Go(func() {
			if r, err := c.request(str); err == nil {
				answer(r)
			}
		})
	}
}

var errNoHead = errors.New("quicpeer: not the head of a request")

// request reads the head of a request, and counts it.
func (c *conn) request(str *quic.Stream) (*request, error) {
	r := &request{Stream: str, conn: c, in: bufio.NewReader(str)}
	kind, err := quicvarint.Read(r.in)
	if err != nil {
		return nil, err
	}
	size, err := quicvarint.Read(r.in)
	if err != nil {
		return nil, err
	}
	if kind != frameHeaders || size > mega {
		return nil, errNoHead
	}
	block := make([]byte, size)
	if _, err := io.ReadFull(r.in, block); err != nil {
		return nil, err
	}
	for next := qpack.NewDecoder().Decode(block); ; {
		f, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		r.fields = append(r.fields, f)
	}
	r.nth = c.peer.record(r.recorded())
	return r, nil
}

// recorded is the head as faults.Server.Requests lists it.
func (r *request) recorded() faults.Request {
	header := make(http.Header)
	for _, f := range r.fields {
		if !strings.HasPrefix(f.Name, ":") {
			header.Add(f.Name, f.Value)
		}
	}
	return faults.Request{Conn: r.conn.nth, Method: r.field(":method"), Path: r.path(), Header: header}
}

func (r *request) path() string { return r.field(":path") }

func (r *request) field(name string) string {
	for _, f := range r.fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// id is the number of the request's stream.
func (r *request) id() uint64 { return uint64(r.StreamID()) } // #nosec G115 -- not negative

// open opens a stream that only the peer sends on, of a type, and writes to it.
func (c *conn) open(kind uint64, b []byte) *quic.SendStream {
	str, err := c.qc.OpenUniStreamSync(c.peer.ctx)
	if err != nil {
		return nil
	}
	if kind == streamControl && c.control == nil {
		c.control = str
	}
	_, _ = str.Write(append(varint(kind), b...))
	return str
}

// writeControl writes to the control stream.
func (c *conn) writeControl(b []byte) {
	if c.control != nil {
		_, _ = c.control.Write(b)
	}
}

// goAway says that requests from this one on will not be taken.
func (c *conn) goAway(id uint64) { c.writeControl(frame(frameGoAway, varint(id))) }

// end closes the connection with a code of HTTP/3.
func (c *conn) end(code quic.ApplicationErrorCode) {
	_ = c.qc.CloseWithError(code, Secret+" reason of "+c.qc.RemoteAddr().String())
}

// write sends the bytes unchanged.
func (r *request) write(parts ...[]byte) {
	for _, b := range parts {
		if _, err := r.Write(b); err != nil {
			return
		}
	}
}

// reply sends a head: a status, and names and values in turn.
func (r *request) reply(status string, fields ...string) { r.write(head(status, fields...)) }

// data sends a part of the body.
func (r *request) data(s string) { r.write(frame(frameData, []byte(s))) }

// half sends the beginning of a response with the Content-Length 1000.
func (r *request) half() {
	r.reply(ok, "content-length", "1000")
	r.data("half")
}

// answer sends a whole response.
func (r *request) answer(status, body string, fields ...string) {
	r.reply(status, fields...)
	if body != "" {
		r.data(body)
	}
	r.fin()
}

// body reads the body of the request.
func (r *request) body() { _, _ = io.Copy(io.Discard, r.in) }

// fin ends the response.
func (r *request) fin() { _ = r.Close() }

// abort ends the response with a RESET_STREAM.
func (r *request) abort(code quic.StreamErrorCode) { r.CancelWrite(code) }

// repeat sends the bytes again and again, until the client leaves or the peer closes.
func (r *request) repeat(every time.Duration, b []byte) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := r.Write(b); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-r.conn.peer.ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// drip sends the bytes one at a time, again and again.
func (r *request) drip(s string) {
	for i := 0; ; i = (i + 1) % len(s) {
		if !r.pause(dripEvery) {
			return
		}
		if _, err := io.WriteString(r, s[i:i+1]); err != nil {
			return
		}
	}
}

// dripEvery is the pause between two bytes of a drip.
const dripEvery = 20 * time.Millisecond

// pause waits. It returns false if the client has left or the peer has closed.
func (r *request) pause(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(r.Context(), d)
	defer cancel()
	select {
	case <-ctx.Done():
		return r.Context().Err() == nil
	case <-r.conn.peer.ctx.Done():
		return false
	}
}
