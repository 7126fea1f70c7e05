package http1

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// A memConn is a connection to a server that waits for a request and then sends fixed bytes, step at a time, and ends
// with an error.
type memConn struct {
	mu      sync.Mutex
	wake    *sync.Cond
	reply   []byte
	step    int
	end     error
	written bytes.Buffer
	asked   bool
	request int // its size; the answer waits for it
	closed  bool
}

func newMemConn(reply []byte, step int, end error) *memConn {
	c := &memConn{reply: reply, step: step, end: end}
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
		return 0, c.end
	}
	n := copy(p, c.reply[:min(c.step, len(c.reply))])
	c.reply = c.reply[n:]
	return n, nil
}

func (c *memConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	n, err := c.written.Write(p)
	c.asked = c.written.Len() >= c.request
	c.wake.Broadcast()
	return n, err
}

func (c *memConn) sent() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written.String()
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

var errReset error = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

// An outcome is all that can be observed of an exchange.
type outcome struct {
	Err           string
	Reset, EOF    bool // what Err wraps
	Status        int
	StatusText    string
	Proto         string
	Header        http.Header
	ContentLength int64
	Close         bool
	Body          string
	BodyErr       string
}

func (o *outcome) failed(err error) {
	o.Err = err.Error()
	o.Reset, o.EOF = errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF)
}

func (o *outcome) read(body io.Reader) {
	data, err := io.ReadAll(body)
	o.Body = string(data)
	if err != nil {
		o.BodyErr = err.Error()
	}
}

// byHTTP1 makes the exchange with this package. reusable is what the connection reports; extra reports whether bytes
// were left over.
func byHTTP1(nc net.Conn, wire []byte, method string) (o outcome, reusable, extra bool) {
	c := NewConn(nc)
	defer func() { _ = c.Close() }()
	var r Response
	if err := c.RoundTrip(wire, method, &r); err != nil {
		o.failed(err)
		return o, c.Reusable(), false
	}
	o = outcome{
		Status: r.Status, StatusText: r.StatusText, Proto: r.Proto, Header: r.Header(),
		ContentLength: r.ContentLength, Close: r.Close,
	}
	if r.Status == http.StatusSwitchingProtocols {
		return o, c.Reusable(), false
	}
	o.read(r.Body())
	return o, c.Reusable(), c.br.Buffered() > 0
}

// byTransport makes the exchange with net/http. put reports whether net/http kept the connection.
func byTransport(nc net.Conn, method string) (o outcome, put bool) {
	transport := &http.Transport{
		DisableCompression: true,
		DialContext:        func(context.Context, string, string) (net.Conn, error) { return nc, nil },
	}
	defer transport.CloseIdleConnections()
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		PutIdleConn: func(err error) { put = err == nil },
	})
	req := (&http.Request{Method: method, URL: &url.URL{Scheme: "http", Host: "h"}, Header: http.Header{}}).WithContext(ctx)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		o.failed(err)
		return o, false
	}
	defer func() { _ = resp.Body.Close() }()
	o = outcome{
		Status: resp.StatusCode, StatusText: resp.Status, Proto: resp.Proto, Header: resp.Header,
		ContentLength: resp.ContentLength, Close: resp.Close,
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return o, false
	}
	o.read(resp.Body)
	return o, put
}
