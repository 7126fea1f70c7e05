// Package udpproxy forwards datagrams between clients and a server for tests. It loses, reorders and delays datagrams
// as networks do, but by count and by seed, so that a test sees the same faults each time.
package udpproxy

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Faults are what the proxy does to datagrams in one direction. The zero value forwards all of them.
type Faults struct {
	// Loss is the share of datagrams to lose, from 0 to 1. Seed decides which ones.
	Loss float64
	Seed uint64
	// HoldEvery holds back every so-manieth datagram, until HoldFor others have passed. 0 holds back none. Without later
	// datagrams a held one is lost.
	HoldEvery, HoldFor int
	// Delay is how long each datagram takes.
	Delay time.Duration
}

// Counts are of one direction.
type Counts struct{ Forwarded, Lost, Held int64 }

// Proxy is a proxy with one server. Each client has a socket of its own towards the server, as behind a NAT.
type Proxy struct {
	server *net.UDPAddr
	front  *net.UDPConn
	up     *lane // to the server
	down   *lane // to the clients
	hole   atomic.Bool
	tasks  sync.WaitGroup

	mu      sync.Mutex
	clients map[string]*net.UDPConn // nil once the proxy has closed
}

// Start starts a proxy on loopback for a server, and closes it at the end of the test.
func Start(tb testing.TB, server net.Addr, up, down Faults) *Proxy {
	tb.Helper()
	addr, ok := server.(*net.UDPAddr)
	if !ok {
		tb.Fatalf("not an address of UDP: %v", server)
	}
	front, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		tb.Fatal(err)
	}
	_ = front.SetReadBuffer(socketBuffer)
	p := &Proxy{
		server: addr, front: front, clients: make(map[string]*net.UDPConn), up: newLane(up), down: newLane(down),
	}
	p.tasks.Go(p.up.run)
	p.tasks.Go(p.down.run)
	p.tasks.Go(p.fromClients)
	tb.Cleanup(p.Close)
	return p
}

const (
	socketBuffer = 1 << 20
	maxDatagram  = 64 << 10
)

// Addr is where clients connect to.
func (p *Proxy) Addr() net.Addr { return p.front.LocalAddr() }

// Blackhole has the proxy lose everything from now on, or stop that.
func (p *Proxy) Blackhole(lose bool) { p.hole.Store(lose) }

// Counts returns what has come of the datagrams to the server, and of those to the clients.
func (p *Proxy) Counts() (up, down Counts) { return p.up.counted(), p.down.counted() }

// Close closes all sockets, and returns when no goroutine of the proxy is left.
func (p *Proxy) Close() {
	p.mu.Lock()
	clients := p.clients
	p.clients = nil
	p.mu.Unlock()
	_ = p.front.Close()
	for _, c := range clients {
		_ = c.Close()
	}
	p.up.close()
	p.down.close()
	p.tasks.Wait()
}

// fromClients forwards to the server.
func (p *Proxy) fromClients() {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := p.front.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		socket := p.socketOf(net.UDPAddrFromAddrPort(from))
		if socket == nil {
			return
		}
		p.forward(p.up, buf[:n], func(b []byte) { _, _ = socket.Write(b) })
	}
}

// socketOf returns the socket towards the server for a client, nil once the proxy has closed.
func (p *Proxy) socketOf(client *net.UDPAddr) *net.UDPConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.clients == nil {
		return nil
	}
	key := client.String()
	if known := p.clients[key]; known != nil {
		return known
	}
	socket, err := net.DialUDP("udp4", nil, p.server)
	if err != nil {
		return nil
	}
	_ = socket.SetReadBuffer(socketBuffer)
	p.clients[key] = socket
	p.tasks.Go(func() { p.fromServer(socket, client) })
	return socket
}

// fromServer forwards to a client.
func (p *Proxy) fromServer(socket *net.UDPConn, client *net.UDPAddr) {
	buf := make([]byte, maxDatagram)
	for {
		n, err := socket.Read(buf)
		if err != nil {
			if p.closed() {
				return
			}
			continue // an ICMP message: the server has gone, and may come back
		}
		p.forward(p.down, buf[:n], func(b []byte) { _, _ = p.front.WriteToUDP(b, client) })
	}
}

func (p *Proxy) closed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.clients == nil
}

func (p *Proxy) forward(l *lane, b []byte, send func([]byte)) {
	if p.hole.Load() {
		l.lose()
		return
	}
	l.take(b, send)
}
