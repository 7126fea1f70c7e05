package faults

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Slow is a phase of a request that a Peer delays.
type Slow int32

// The phases. The peer does not delay LookUp; the DNS server does, if the peer has such a Name.
const (
	SlowNothing Slow = iota
	SlowLookUp
	SlowConnect
	SlowHandshake
	SlowUpload
	SlowFirstByte
	SlowBody
)

// Peer is a server on loopback without faults, which can delay one phase of its requests. The client's phases,
// connecting and sending, are delayed on the client's side: see Control and Conn.
type Peer struct {
	// Scheme, Addr and Port are of its URLs.
	Scheme, Addr, Port string

	delay  time.Duration
	slow   atomic.Int32
	resets atomic.Bool
}

// StartPeer starts a peer that delays nothing. It listens on the address family "tcp4" or "tcp6". It speaks TLS unless
// config is nil, and HTTP/2 if config offers it. It skips the test if the machine does not have the family.
func StartPeer(tb testing.TB, family string, config *tls.Config, delay time.Duration) *Peer {
	tb.Helper()
	host := map[string]string{"tcp4": "127.0.0.1", "tcp6": "::1"}[family]
	l, err := net.Listen(family, net.JoinHostPort(host, "0"))
	if err != nil && family == "tcp6" {
		tb.Skip("this machine has no [::1]: ", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	p := &Peer{Scheme: "http", Addr: host, delay: delay}
	_, p.Port, _ = net.SplitHostPort(l.Addr().String()) // the address of a listener always has a port
	srv := &httptest.Server{Listener: l, Config: &http.Server{
		Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: time.Minute,
		ErrorLog: log.New(io.Discard, "", 0), // about clients that left
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, servedKey{}, new(atomic.Int32))
		},
	}}
	if config == nil {
		srv.Start()
	} else {
		p.Scheme = "https"
		srv.TLS, srv.EnableHTTP2 = p.shaking(config), slices.Contains(config.NextProtos, "h2")
		srv.StartTLS()
	}
	tb.Cleanup(srv.Close)
	return p
}

// URL is a page of the peer under a name or an address.
func (p *Peer) URL(host string) string {
	return p.Scheme + "://" + net.JoinHostPort(host, p.Port) + "/"
}

// Delay makes the peer delay that phase from now on, and no other.
func (p *Peer) Delay(phase Slow) { p.slow.Store(int32(phase)) }

// ResetKept makes the peer reset HTTP/1.1 connections at their second request, or stop doing so. To the client that
// looks like a connection that was closed while idle, and it may send the request again.
func (p *Peer) ResetKept(resets bool) { p.resets.Store(resets) }

// hold waits if the phase is the one to be delayed.
func (p *Peer) hold(phase Slow) {
	if Slow(p.slow.Load()) == phase {
		time.Sleep(p.delay)
	}
}

// shaking returns the configuration for handshakes that can be delayed.
func (p *Peer) shaking(config *tls.Config) *tls.Config {
	config = config.Clone()
	config.CurvePreferences = []tls.CurveID{tls.X25519} // the default takes milliseconds under the race detector
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		p.hold(SlowHandshake)
		return nil, nil //nolint:nilnil // keeps the configuration
	}
	return config
}

// servedKey is the key of the number of requests on a connection.
type servedKey struct{}

// reset resets the connection if it has served a request and ResetKept is on. It reports whether it did.
func (p *Peer) reset(w http.ResponseWriter, r *http.Request) bool {
	served, ok := r.Context().Value(servedKey{}).(*atomic.Int32)
	if !ok || served.Add(1) == 1 || !p.resets.Load() {
		return false
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false // HTTP/2
	}
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
	return true
}

// serve answers a request, with a body in two parts. With ?to=URL it redirects there, with ?status=N it answers with
// that status.
func (p *Peer) serve(w http.ResponseWriter, r *http.Request) {
	if p.reset(w, r) {
		return
	}
	if to := r.URL.Query().Get("to"); to != "" {
		http.Redirect(w, r, to, http.StatusFound) // #nosec G710 -- the test that asks for it decides
		return
	}
	if status, err := strconv.Atoi(r.URL.Query().Get("status")); err == nil {
		w.WriteHeader(status)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	p.hold(SlowFirstByte)
	_, _ = io.WriteString(w, "first part, ")
	if Slow(p.slow.Load()) == SlowBody {
		_ = http.NewResponseController(w).Flush()
	}
	p.hold(SlowBody)
	_, _ = io.WriteString(w, "second part")
}

// Control is for a net.Dialer. It delays connecting, which the kernel does immediately.
func (p *Peer) Control(string, string, syscall.RawConn) error {
	p.hold(SlowConnect)
	return nil
}

// UploadSize is the size of a request body whose sending can be delayed.
const UploadSize = 32 << 10

// Conn delays sending on a connection of a client: once, in the middle of the first request with a body of UploadSize.
// Everything else that a client writes, such as handshakes, is too short.
func (p *Peer) Conn(conn net.Conn) net.Conn { return &uploading{Conn: conn, peer: p} }

type uploading struct {
	net.Conn

	peer  *Peer
	mu    sync.Mutex
	wrote int
}

// Write implements net.Conn.
func (c *uploading) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	const middle = UploadSize / 2
	if before := c.wrote; before < middle && before+len(b) >= middle {
		c.peer.hold(SlowUpload)
	}
	c.wrote += len(b)
	return c.Conn.Write(b)
}

// NetConn returns the connection below, as that of tls.Conn.
func (c *uploading) NetConn() net.Conn { return c.Conn }
