package quicpeer

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/udpproxy"
)

// Peer is the server of a case, on a port of its own.
type Peer struct {
	script    script
	authority *faults.Authority
	socket    *net.UDPConn
	proxy     *udpproxy.Proxy // nil: clients connect to the socket
	addr      net.Addr        // where clients connect to
	ctx       context.Context // done when the peer closes
	stop      context.CancelFunc
	tasks     sync.WaitGroup

	mu        sync.Mutex
	transport *quic.Transport
	closed    bool
	requests  []faults.Request
	conns     int
}

// start starts a peer, and closes it at the end of the test.
func start(tb testing.TB, a *faults.Authority, c Case) *Peer {
	tb.Helper()
	p := &Peer{script: c.script, authority: a}
	p.ctx, p.stop = context.WithCancel(context.Background())
	tb.Cleanup(p.Close)
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		tb.Fatal(err)
	}
	p.socket, p.addr = socket, socket.LocalAddr()
	if c.network != nil {
		p.proxy = udpproxy.Start(tb, p.addr, c.network.up, c.network.down)
		p.addr = p.proxy.Addr()
	}
	switch {
	case p.script.absent:
		_ = socket.Close()
	case p.script.datagram != nil:
		p.tasks.Go(p.readDatagrams)
	default:
		if err := p.listen(); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

// URL is where to send the request.
func (p *Peer) URL() string {
	if p.script.target != nil {
		return p.script.target(p)
	}
	return p.base() + "/"
}

// WarmURL is the page to fetch first if Warm is set. It is answered, and the connection kept.
func (p *Peer) WarmURL() string { return p.base() + warmPath }

// Between does what happens after the warm page, if anything.
func (p *Peer) Between() {
	if p.script.between != nil {
		p.script.between(p)
	}
}

func (p *Peer) base() string { return "https://" + p.addr.String() }

// Hits counts the requests whose head reached the peer. Those for its WarmURL do not count.
func (p *Peer) Hits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	hits := 0
	for _, r := range p.requests {
		if r.Path != warmPath {
			hits++
		}
	}
	return hits
}

// Conns counts the connections whose handshake was done.
func (p *Peer) Conns() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.conns
}

// Counts returns what has come of the datagrams in either direction, if there is a proxy.
func (p *Peer) Counts() (up, down udpproxy.Counts) { return p.proxy.Counts() }

// Blackhole has the proxy lose everything from now on.
func (p *Peer) Blackhole() { p.proxy.Blackhole(true) }

// Close ends all connections without a word, and returns when no goroutine of the peer is left.
func (p *Peer) Close() {
	p.stop()
	p.die()
	if p.proxy != nil {
		p.proxy.Close()
	}
	p.tasks.Wait()
}

// die is what the end of a process does: connections are not closed, and the port is.
func (p *Peer) die() {
	p.mu.Lock()
	transport := p.transport
	p.transport, p.closed = nil, true
	p.mu.Unlock()
	if transport != nil {
		_ = transport.Close()
	}
	if p.socket != nil {
		_ = p.socket.Close()
	}
}

// restart is what a new process at the same port does: it knows nothing of the connections that there were.
func (p *Peer) restart() {
	p.mu.Lock()
	transport := p.transport
	p.transport = nil
	p.mu.Unlock()
	if transport == nil {
		return // somebody else does it
	}
	_ = transport.Close()
	_ = p.listen()
}

// resetKey outlives a restart, so that the peer can reset the connections from before it.
//
//nolint:gochecknoglobals // a constant
var resetKey = quic.StatelessResetKey{1, 2, 3}

var errClosed = errors.New("quicpeer: closed")

// listen begins to take connections.
func (p *Peer) listen() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	p.transport = &quic.Transport{Conn: p.socket, StatelessResetKey: &resetKey}
	if p.script.transport != nil {
		p.script.transport(p.transport)
	}
	config := p.script.config
	l, err := p.transport.Listen(p.tlsConfig(), &config)
	if err != nil {
		return err
	}
	if handler := p.script.handler; handler != nil {
		p.tasks.Go(func() { p.serveHTTP(l, handler) })
		return nil
	}
	p.tasks.Go(func() {
		for {
			qc, err := l.Accept(p.ctx)
			if err != nil {
				return
			}
			p.tasks.Go(func() { p.serve(qc) })
		}
	})
	return nil
}

func (p *Peer) tlsConfig() *tls.Config {
	config := p.authority.Serving(p.authority.Good)
	if p.script.secure != nil {
		config = p.script.secure(p.authority)
	}
	if config.NextProtos == nil {
		config.NextProtos = []string{http3.NextProtoH3}
	}
	config.CurvePreferences = []tls.CurveID{tls.X25519} // the default takes milliseconds under the race detector
	return config
}

// serveHTTP serves connections by the server of quic-go.
func (p *Peer) serveHTTP(l *quic.Listener, handler http.Handler) {
	server := &http3.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.record(faults.Request{Method: r.Method, Path: r.URL.Path, Header: r.Header})
		handler.ServeHTTP(w, r)
	})}
	_ = server.ServeListener(l) // returns when the transport closes
	_ = server.Close()
}

// record counts a request whose head has been read, and returns their number.
func (p *Peer) record(r faults.Request) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, r)
	return len(p.requests)
}

// readDatagrams is for peers that do not speak QUIC.
func (p *Peer) readDatagrams() {
	buf := make([]byte, 64<<10)
	for {
		n, from, err := p.socket.ReadFromUDP(buf)
		if err != nil {
			return
		}
		p.script.datagram(p, buf[:n], func(b []byte) { _, _ = p.socket.WriteToUDP(b, from) })
	}
}
