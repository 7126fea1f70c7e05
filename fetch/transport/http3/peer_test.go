package http3

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/quicserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peer is a server that answers requests with bytes.
type peer struct {
	addr string

	mu       sync.Mutex
	response []byte
	reset    *quic.StreamErrorCode // instead of the end of the response
	conns    int
	requests [][]byte
}

// hello is the control stream of a server without settings.
var hello = []byte{streamControl, frameSettings, 0} //nolint:gochecknoglobals // never changed

func startPeer(tb testing.TB) *peer {
	tb.Helper()
	cfg := quicserver.Certificate(tb)
	cfg.NextProtos = []string{NextProto}
	pc, err := net.ListenPacket("udp", "127.0.0.1:0") //nolint:noctx // at once
	require.NoError(tb, err)
	tr := &quic.Transport{Conn: pc}
	ln, err := tr.Listen(cfg, &quic.Config{})
	require.NoError(tb, err)
	p := &peer{addr: ln.Addr().String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := ln.Accept(context.Background())
			if err != nil {
				return
			}
			all.Go(func() { p.serve(conn) })
		}
	})
	tb.Cleanup(func() {
		_ = ln.Close()
		all.Wait()
		_ = tr.Close() // waits for its goroutines
		_ = pc.Close()
	})
	return p
}

func (p *peer) serve(conn *quic.Conn) {
	p.mu.Lock()
	p.conns++
	p.mu.Unlock()
	if str, err := conn.OpenUniStream(); err == nil {
		_, _ = str.Write(hello)
	}
	for {
		str, err := conn.AcceptStream(context.Background())
		if err != nil {
			return
		}
		go func() {
			request, err := io.ReadAll(str)
			if err != nil {
				return
			}
			p.mu.Lock()
			p.requests = append(p.requests, request)
			response, reset := p.response, p.reset
			p.mu.Unlock()
			_, _ = str.Write(response)
			if reset != nil {
				str.CancelWrite(*reset)
				return
			}
			_ = str.Close()
		}()
	}
}

func (p *peer) answers(response []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.response, p.reset, p.requests = response, nil, nil
}

func (p *peer) dialQUIC(tb testing.TB) (*quic.Conn, func() time.Time) {
	tb.Helper()
	nc, err := new(net.Dialer).DialContext(tb.Context(), "udp", p.addr)
	require.NoError(tb, err)
	cfg := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{NextProto}} // #nosec G402 -- the test's own server
	qc, h, err := Dial(tb.Context(), Socket{UDPConn: nc.(*net.UDPConn)}, cfg, false)
	require.NoError(tb, err)
	require.Equal(tb, h.Began, h.TLS)
	return qc, h.Heard
}

// dial makes a connection that is closed at the end of the test.
func (p *peer) dial(tb testing.TB) *Conn {
	tb.Helper()
	qc, heard := p.dialQUIC(tb)
	c := NewConn(qc, heard, nil)
	tb.Cleanup(func() {
		c.Close()
		<-qc.Context().Done()
	})
	return c
}

// patience is far more than any request takes.
const patience = 10 * time.Second

// outcome is what came of a request.
type outcome struct {
	status int
	header http.Header
	body   string
	head   error // instead of a head
	err    error // instead of the end of the body
}

// ask makes a request over a connection.
func ask(c *Conn, method string) (o outcome) {
	var s Stream
	req := &http.Request{Method: method, URL: &url.URL{Scheme: "https", Host: "a.test", Path: "/"}}
	fields, _ := NewEncoder().Append(nil, req)
	defer s.Close()
	o.head = s.RoundTrip(c, Request{Method: method, Fields: fields}, time.Now().Add(patience))
	if o.head != nil {
		return o
	}
	body, err := io.ReadAll(s.Body())
	o.status, o.header, o.body, o.err = s.Reply.Status, s.Header(), string(body), err
	return o
}

// frame encodes a frame.
func frame(kind uint64, payload ...byte) []byte {
	return append(quicvarint.Append(quicvarint.Append(nil, kind), uint64(len(payload))), payload...)
}

// head encodes the head of a response.
func head(fields ...string) []byte {
	var c Coding
	block := c.Begin(nil)
	for i := 0; i < len(fields); i += 2 {
		block = c.Field(block, fields[i], fields[i+1])
	}
	return frame(frameHeaders, block...)
}

// join joins frames.
func join(parts ...[]byte) (all []byte) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}
