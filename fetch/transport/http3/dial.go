package http3

import (
	"context"
	"crypto/tls"
	"time"

	"github.com/quic-go/quic-go"
)

// NextProto is what ALPN calls HTTP/3 (RFC 9114, section 3.1).
const NextProto = "h3"

// Handshake is when a handshake did what.
type Handshake struct {
	// Began is when the first packet was sent, and TLS when that was which the server answered: later, if the server sent
	// a Retry or negotiated the version. Ended is when TLS was done, or when early data could be sent.
	Began, TLS, Ended time.Time
	// Heard returns when something last came from the server.
	Heard func() time.Time
}

const (
	// handshakeTimeout is that of k6's dialer.
	handshakeTimeout = 30 * time.Second
	// idleTimeout is how long a server may be silent, though the client asks each keepAlive whether it is there.
	idleTimeout = 30 * time.Second
	keepAlive   = 10 * time.Second

	// The windows begin large, because each time that they are opened takes a packet. They bound what a server may send
	// before it is read.
	streamWindow, maxStreamWindow = 1 << 20, 6 << 20
	connWindow, maxConnWindow     = 8 << 20, 16 << 20

	// maxServerStreams is how many streams a server may send on at once without being asked: it needs three, and some
	// send on more to keep clients used to that (RFC 9114, section 6.2.3).
	maxServerStreams = 16
)

// Dial makes a connection over a socket, which it owns from then on. With early it returns as soon as early data can be
// sent, if the TLS configuration has a session for the server.
func Dial(ctx context.Context, s Socket, cfg *tls.Config, early bool) (*quic.Conn, Handshake, error) {
	own := newSocket(s)
	h := Handshake{Began: own.born, Heard: own.lastHeard}
	dial := quic.Dial
	if early {
		dial = quic.DialEarly
	}
	qc, err := dial(ctx, own, own.RemoteAddr(), cfg, &quic.Config{
		HandshakeIdleTimeout: handshakeTimeout, MaxIdleTimeout: idleTimeout, KeepAlivePeriod: keepAlive,
		InitialStreamReceiveWindow: streamWindow, MaxStreamReceiveWindow: maxStreamWindow,
		InitialConnectionReceiveWindow: connWindow, MaxConnectionReceiveWindow: maxConnWindow,
		MaxIncomingStreams: -1, MaxIncomingUniStreams: maxServerStreams,
	})
	h.Ended = time.Now()
	own.shaking.Store(false)
	h.TLS = h.Began.Add(time.Duration(own.restarted.Load()))
	if err != nil {
		_ = own.Close()
		return nil, h, reason(err)
	}
	context.AfterFunc(qc.Context(), func() { _ = own.Close() }) //nolint:contextcheck // the connection's
	return qc, h, nil
}
