// Package faults is a server for tests that misbehaves towards HTTP clients as servers and networks do: resets, stalls,
// invalid heads, bombs in the body, broken TLS, broken HTTP/2, names that never resolve. Table lists the faults with
// their expected outcomes. Start serves all of them on loopback.
package faults

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Names of the listeners that do not belong to a row of the table.
const (
	goodPage  = "good"
	crossHost = "cross host"
	otherHost = "other host"
	bombs     = "bombs"
	departing = "departing"
)

// Server serves every fault of the table, each on its own port, so that connections, requests and counts of faults are
// not mixed up.
type Server struct {
	authority *Authority
	caFile    string
	resolver  string // address of the DNS server
	closed    string // address that refuses connections

	addrs map[string]string // by the name of the listener; not written once Start has returned
	ctx   context.Context   // done when the server closes
	stop  context.CancelFunc
	tasks sync.WaitGroup

	mu       sync.Mutex
	open     map[io.Closer]struct{} // nil once the server has closed
	requests map[string][]Request
	conns    int
}

// Request is the head of a request that reached the server.
type Request struct {
	Conn   int // number of its connection, unique within the server
	Method string
	Path   string
	Header http.Header
}

// Start starts the server, and closes it at the end of the test.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{
		addrs:    make(map[string]string),
		open:     make(map[io.Closer]struct{}),
		requests: make(map[string][]Request),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	tb.Cleanup(s.Close)

	steps := []func(testing.TB){s.startAuthority, s.startListeners, s.startRefusing, s.startDNS}
	for _, step := range steps {
		step(tb)
	}
	return s
}

// Close ends all stalls, closes all connections, and returns when no goroutine of the server is left.
func (s *Server) Close() {
	s.stop()
	s.mu.Lock()
	open := s.open
	s.open = nil
	s.mu.Unlock()
	for c := range open {
		_ = c.Close()
	}
	s.tasks.Wait()
}

// Good is a plain page that answers 200, the sibling of every fault.
func (s *Server) Good() string { return "http://" + s.addr(goodPage) + "/" }

// Hits counts the requests of a case that reached a server: those whose head was read. Requests for its WarmURL do not
// count.
func (s *Server) Hits(c Case) int {
	hits := 0
	for _, r := range s.Requests(c.Name) {
		if r.Path != warmPath {
			hits++
		}
	}
	return hits
}

// Requests lists the requests that reached the listener of a case, in the order of their arrival.
func (s *Server) Requests(name string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests[name]...)
}

// startListeners opens a port for every case that has something to serve.
func (s *Server) startListeners(tb testing.TB) {
	tb.Helper()
	cases := append(Table(),
		Case{Name: goodPage, serve: answerAll},
		Case{Name: crossHost, serve: redirectToOtherHost},
		Case{Name: otherHost, serve: answerAll},
		Case{Name: bombs, serve: serveBomb},
		Case{Name: departing, serve: depart, secure: h2Only},
	)
	for _, c := range cases {
		if c.serve == nil {
			continue
		}
		if _, ok := s.addrs[c.Name]; ok {
			tb.Fatalf("two faults are named %q", c.Name)
		}
		l := s.listen(tb)
		s.addrs[c.Name] = l.Addr().String()
		s.accept(l, func(raw net.Conn) { s.handle(c, raw) })
	}
}

// listen opens a port that the server closes.
func (s *Server) listen(tb testing.TB) net.Listener {
	tb.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.track(l)
	return l
}

// accept starts a goroutine for each connection of the listener, and closes the connection after it.
func (s *Server) accept(l net.Listener, handle func(net.Conn)) {
	s.tasks.Go(func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			if !s.track(raw) {
				return
			}
			s.tasks.Go(func() {
				defer s.release(raw)
				handle(raw)
			})
		}
	})
}

// handle serves one connection: first the handshake, if there is one, then the fault, then a regular end.
func (s *Server) handle(c Case, raw net.Conn) {
	s.mu.Lock()
	s.conns++
	id := s.conns
	s.mu.Unlock()

	stream := raw
	if c.secure != nil {
		secured := tls.Server(raw, c.secure(s.authority))
		if err := secured.HandshakeContext(s.ctx); err != nil {
			hangUp(raw)
			return
		}
		stream = secured
	}
	conn := newConn(s, c.Name, id, stream, raw)
	c.serve(conn)
	hangUp(stream)
}

// track remembers what Close must close. It closes it at once if Close was called before.
func (s *Server) track(c io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		_ = c.Close()
		return false
	}
	s.open[c] = struct{}{}
	return true
}

// release closes what Close need not close any more.
func (s *Server) release(c io.Closer) {
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
	_ = c.Close()
}

// addr is the address of a listener.
func (s *Server) addr(name string) string { return s.addrs[name] }

// scheme is the scheme of the case's own listener.
func (s *Server) scheme(c Case) string {
	switch {
	case c.scheme != "":
		return c.scheme
	case c.secure != nil:
		return "https"
	default:
		return "http"
	}
}

// record counts a request whose head has been read, and returns their number.
func (s *Server) record(name string, r Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[name] = append(s.requests[name], r)
	return len(s.requests[name])
}
