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

// The phases. LookUp is not delayed by the peer, but by the name that it is reached under: see Name.
const (
	SlowNothing Slow = iota
	SlowLookUp
	SlowConnect
	SlowHandshake
	SlowUpload
	SlowFirstByte
	SlowBody
)

// Peer is a server on loopback without faults, which can delay one phase of the requests to it. The phases that are
// the client's, connecting and sending, are delayed on the client's side: see Control and Conn.
type Peer struct {
	// Scheme, Addr and Port are of its URLs.
	Scheme, Addr, Port string

	delay  time.Duration
	slow   atomic.Int32
	resets atomic.Bool
}

// StartPeer starts a peer that delays nothing. It listens on the address family "tcp4" or "tcp6", and speaks TLS unless
// config is nil, and HTTP/2 if config offers it. It skips the test where the machine has no such family.
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
		ErrorLog: log.New(io.Discard, "", 0), // of clients that left
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

// ResetKept makes the peer reset, from now on or not any longer, a connection of HTTP/1.1 on which a second request
// comes in. A client takes it for one that was closed while it was idle, and may send the request again.
func (p *Peer) ResetKept(resets bool) { p.resets.Store(resets) }

// hold waits if that is the phase to be delayed.
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
		return nil, nil //nolint:nilnil // means the configuration that there is
	}
	return config
}

// servedKey is of the count of the requests that came in on a connection.
type servedKey struct{}

// reset resets the connection if it is kept and to be reset. It reports whether it did.
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

// serve answers a request, with a body in two parts. With ?to=URL it redirects there, with ?status=N it answers so.
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

// Control is that of a net.Dialer. The delay is within the connecting, which the kernel would do by itself at once.
func (p *Peer) Control(string, string, syscall.RawConn) error {
	p.hold(SlowConnect)
	return nil
}

// UploadSize is that of a request body in which the sending can be delayed.
const UploadSize = 32 << 10

// Conn delays the sending on a connection of a client: once, in the middle of the first request with a body of
// UploadSize. What else a client writes, handshakes among it, is too short.
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
