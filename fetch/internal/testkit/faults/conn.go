package faults

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// dripEvery is the pause between two bytes of a drip.
const dripEvery = 20 * time.Millisecond

// conn is a connection from a client under test. Errors in writing are ignored: a client may leave at any time, and the
// next read then ends the connection.
type conn struct {
	server *Server
	name   string // of the listener
	id     int
	in     *bufio.Reader
	out    io.Writer
	raw    net.Conn // the TCP connection under the TLS, if there is one
}

func newConn(s *Server, name string, id int, stream, raw net.Conn) *conn {
	return &conn{server: s, name: name, id: id, in: bufio.NewReader(stream), out: stream, raw: raw}
}

// request reads the next request with its body, and counts it when its head has been read.
func (c *conn) request() (*http.Request, bool) {
	r, err := http.ReadRequest(c.in)
	if err != nil {
		return nil, false
	}
	c.server.record(c.name, Request{Conn: c.id, Method: r.Method, Path: r.URL.Path, Header: r.Header})
	_, err = io.Copy(io.Discard, r.Body)
	return r, err == nil
}

// write sends the bytes unchanged.
func (c *conn) write(s string) { _, _ = io.WriteString(c.out, s) }

// answer sends a correct page with the body, after any further header lines.
func (c *conn) answer(body string, headers ...string) {
	head := append([]string{"HTTP/1.1 200 OK", "Content-Length: " + strconv.Itoa(len(body))}, headers...)
	c.write(strings.Join(head, "\r\n") + "\r\n\r\n" + body)
}

// reset ends the connection with a RST instead of a FIN.
func (c *conn) reset() {
	if tcp, ok := c.raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.raw.Close()
}

// stall sends nothing more until the client leaves or the server closes.
func (c *conn) stall() { _, _ = io.Copy(io.Discard, c.in) }

// drip sends the bytes one at a time, again and again, until the client leaves or the server closes.
func (c *conn) drip(s string) {
	tick := time.NewTicker(dripEvery)
	defer tick.Stop()
	for i := 0; ; i = (i + 1) % len(s) {
		select {
		case <-c.server.ctx.Done():
			return
		case <-tick.C:
		}
		if _, err := io.WriteString(c.out, s[i:i+1]); err != nil {
			return
		}
	}
}

// hangUp ends a connection with a FIN. Closing it directly would send a RST if unread bytes are left, and that can
// overtake the last bytes that the server sent.
func hangUp(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, c)
}

// reply serves one request with the bytes, unchanged, and closes.
func reply(bytes string) func(*conn) {
	return func(c *conn) {
		if _, ok := c.request(); ok {
			c.write(bytes)
		}
	}
}

// replyThen serves one request with the bytes, then calls the function.
func replyThen(bytes string, then func(*conn)) func(*conn) {
	return func(c *conn) {
		if _, ok := c.request(); ok {
			c.write(bytes)
			then(c)
		}
	}
}

// answerAll serves every request correctly and keeps the connection.
func answerAll(c *conn) {
	for {
		if _, ok := c.request(); !ok {
			return
		}
		c.answer("good")
	}
}
