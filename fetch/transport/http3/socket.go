package http3

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
	"golang.org/x/net/ipv4"
)

// Socket is a UDP socket that is connected to a server, so that the kernel reports what ICMP says of it.
type Socket struct {
	*net.UDPConn

	// Read and Wrote count bytes, headers of UDP left out, together with other sockets. Each may be nil.
	Read, Wrote *int64
}

// SocketOf returns the socket that a connection is. It closes one that is none.
func SocketOf(conn net.Conn) (Socket, error) {
	udp, ok := conn.(*net.UDPConn)
	if !ok {
		_ = conn.Close()
		return Socket{}, fmt.Errorf("no UDP socket: %T", conn)
	}
	return Socket{UDPConn: udp}, nil
}

// socket is a Socket as quic-go uses it.
type socket struct {
	Socket

	batch *ipv4.PacketConn
	// restarted is when the server last asked for the handshake to begin again, in nanoseconds since born; 0: never.
	restarted atomic.Int64
	shaking   atomic.Bool
	heard     atomic.Int64 // when something last came, as restarted
	born      time.Time
}

var _ quic.OOBCapablePacketConn = (*socket)(nil)

func newSocket(s Socket) *socket {
	quietBuffers()
	own := &socket{Socket: s, batch: ipv4.NewPacketConn(s.UDPConn), born: time.Now()}
	own.shaking.Store(true)
	return own
}

// quietBuffers keeps quic-go from writing to the process's log when the kernel allows a smaller buffer than it likes.
// The environment is the only way that it offers.
//
//nolint:gochecknoglobals // of the process, as the environment is
var quietBuffers = sync.OnceFunc(func() {
	const name = "QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING"
	if os.Getenv(name) == "" { //nolint:forbidigo // see above
		_ = os.Setenv(name, "true") //nolint:forbidigo // see above
	}
})

// ReadBatch is what quic-go calls to read several datagrams at once.
func (s *socket) ReadBatch(messages []ipv4.Message, flags int) (int, error) {
	n, err := s.batch.ReadBatch(messages, flags)
	total := 0
	for i := range max(n, 0) {
		total += messages[i].N
		s.look(messages[i].Buffers[0][:messages[i].N])
	}
	s.received(total)
	return n, err
}

// look notes when a datagram has the handshake begin again.
func (s *socket) look(datagram []byte) {
	if s.shaking.Load() && restarts(datagram) {
		s.restarted.Store(max(int64(time.Since(s.born)), 1))
	}
}

// received counts bytes that came.
func (s *socket) received(n int) {
	if n <= 0 {
		return
	}
	s.heard.Store(int64(time.Since(s.born)))
	s.count(s.Read, n)
}

// lastHeard returns when something last came.
func (s *socket) lastHeard() time.Time { return s.born.Add(time.Duration(s.heard.Load())) }

// restarts reports whether a datagram has the client begin its handshake again: a Retry, or one that negotiates the
// version (RFC 9000, sections 17.2.1 and 17.2.5; RFC 9369, section 3.2).
func restarts(datagram []byte) bool {
	const (
		longHeader, typeBits, typeShift = 0x80, 0x30, 4
		retry1, retry2                  = 3, 0
		headSize                        = 5
	)
	if len(datagram) < headSize || datagram[0]&longHeader == 0 {
		return false
	}
	kind := datagram[0] & typeBits >> typeShift
	switch version := quic.Version(binary.BigEndian.Uint32(datagram[1:])); version {
	case 0:
		return true
	case quic.Version1:
		return kind == retry1
	case quic.Version2:
		return kind == retry2
	default:
		return false
	}
}

// ReadMsgUDP implements quic.OOBCapablePacketConn.
func (s *socket) ReadMsgUDP(b, oob []byte) (n, oobn, flags int, addr *net.UDPAddr, err error) {
	n, oobn, flags, addr, err = s.UDPConn.ReadMsgUDP(b, oob)
	s.received(n)
	return n, oobn, flags, addr, err
}

// ReadFrom implements net.PacketConn.
func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	n, addr, err := s.UDPConn.ReadFrom(b)
	s.received(n)
	s.look(b[:max(n, 0)])
	return n, addr, err
}

// WriteMsgUDP implements quic.OOBCapablePacketConn. The address is that of the server, which a connected socket must
// not be given.
func (s *socket) WriteMsgUDP(b, oob []byte, _ *net.UDPAddr) (n, oobn int, err error) {
	n, oobn, err = s.UDPConn.WriteMsgUDP(b, oob, nil)
	s.count(s.Wrote, n)
	return n, oobn, err
}

// WriteTo implements net.PacketConn, as WriteMsgUDP does.
func (s *socket) WriteTo(b []byte, _ net.Addr) (int, error) {
	n, err := s.Write(b)
	s.count(s.Wrote, n)
	return n, err
}

func (s *socket) count(total *int64, n int) {
	if total != nil && n > 0 {
		atomic.AddInt64(total, int64(n))
	}
}
