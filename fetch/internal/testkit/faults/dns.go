package faults

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Names with a special treatment by the DNS server. Every other name is that of this machine.
const (
	missingHost = "missing.faults.test" // does not exist
	silentHost  = "silent.faults.test"  // gets no answer
)

// Resolver uses the DNS server of the tests, whatever the machine's settings are. Its look-ups end when the server
// closes.
func (s *Server) Resolver() *net.Resolver {
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, s.resolver)
			if err != nil {
				return nil, err
			}
			// Over UDP nothing would tell the client that the server has closed.
			if packets, ok := c.(*net.UDPConn); ok {
				if !s.track(packets) {
					return nil, net.ErrClosed
				}
				return lookup{UDPConn: packets, server: s}, nil
			}
			return c, nil
		},
	}
}

// lookup is the client's end of a query over UDP.
type lookup struct {
	*net.UDPConn

	server *Server
}

// Close implements net.Conn.
func (l lookup) Close() error {
	l.server.release(l.UDPConn)
	return nil
}

// DNS is the address of the DNS server, for UDP and TCP.
func (s *Server) DNS() string { return s.resolver }

// startDNS opens both ports. The TCP port may be taken, so it tries several times.
func (s *Server) startDNS(tb testing.TB) {
	tb.Helper()
	for range 10 {
		port, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			tb.Fatal(err)
		}
		l, err := net.Listen("tcp4", port.LocalAddr().String())
		if err != nil {
			_ = port.Close()
			continue
		}
		s.resolver = l.Addr().String()
		s.track(port)
		s.track(l)
		s.tasks.Go(func() { s.servePackets(port) })
		s.accept(l, s.serveQueries)
		return
	}
	tb.Fatal("no port is free for both UDP and TCP")
}

// servePackets answers queries over UDP until the port is closed. Each has a goroutine, so that a delayed answer holds
// up no other.
func (s *Server) servePackets(packets net.PacketConn) {
	buf := make([]byte, 4096)
	for {
		n, from, err := packets.ReadFrom(buf)
		if err != nil {
			return
		}
		query := bytes.Clone(buf[:n])
		s.tasks.Go(func() {
			if reply, ok := s.resolve(query, true); ok {
				_, _ = packets.WriteTo(reply, from)
			}
		})
	}
}

// serveQueries answers queries over TCP, where each message follows its length.
func (s *Server) serveQueries(c net.Conn) {
	for {
		var length [2]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(c, query); err != nil {
			return
		}
		if reply, ok := s.resolve(query, false); ok {
			binary.BigEndian.PutUint16(length[:], uint16(len(reply))) // #nosec G115 -- a reply has a few bytes
			_, _ = c.Write(append(length[:], reply...))
		}
	}
}

// resolve returns the reply to a query when it is due, and false if there must be none.
func (s *Server) resolve(query []byte, packet bool) ([]byte, bool) {
	var p dnsmessage.Parser
	head, err := p.Start(query)
	if err != nil {
		return nil, false
	}
	question, err := p.Question()
	if err != nil {
		return nil, false
	}
	host := strings.ToLower(question.Name.String())
	if strings.HasPrefix(host, silentHost+".") {
		return nil, false
	}
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: head.ID, Response: true, Authoritative: true},
		Questions: []dnsmessage.Question{question},
	}
	name, slow := parseName(host)
	switch {
	case slow && name.Truncated && packet:
		reply.Truncated = true
	case slow:
		if !s.pause(name.Delay) {
			return nil, false
		}
		name.answer(&reply, question)
	default:
		Name{IPv4: true, Missing: strings.HasPrefix(host, missingHost+".")}.answer(&reply, question)
	}
	packed, err := reply.Pack()
	return packed, err == nil
}

// pause waits. It reports whether the server is still open.
func (s *Server) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}
