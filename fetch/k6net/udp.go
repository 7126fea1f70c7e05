package k6net

import (
	"context"
	"net"

	"go.k6.io/k6/v2/lib/netext"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// dialUDP makes sockets as k6's dialer makes connections: from the VU's local address, with its bytes counted. Names
// are resolved and checked before.
func dialUDP(dialer *netext.Dialer) transport.DialUDPFunc {
	return func(ctx context.Context, addr string) (http3.Socket, error) {
		own := dialer.Dialer
		if local, ok := own.LocalAddr.(*net.TCPAddr); ok {
			own.LocalAddr = &net.UDPAddr{IP: local.IP, Port: local.Port, Zone: local.Zone}
		}
		conn, err := own.DialContext(ctx, "udp", addr)
		if err != nil {
			return http3.Socket{}, err
		}
		socket, err := socketOf(conn)
		socket.Read, socket.Wrote = &dialer.BytesRead, &dialer.BytesWritten
		return socket, err
	}
}

// dialUDPWith asks a dialer that is not k6's for sockets, because going around it would go around what it is for.
func dialUDPWith(dial transport.DialFunc) transport.DialUDPFunc {
	return func(ctx context.Context, addr string) (http3.Socket, error) {
		conn, err := dial(ctx, "udp", addr)
		if err != nil {
			return http3.Socket{}, err
		}
		return socketOf(conn)
	}
}

// socketOf returns the socket of a connection. Where k6 counts its bytes, they are counted at the socket instead.
func socketOf(conn net.Conn) (http3.Socket, error) {
	counted, ok := conn.(*netext.Conn)
	if !ok {
		return http3.SocketOf(conn)
	}
	socket, err := http3.SocketOf(counted.Conn)
	socket.Read, socket.Wrote = counted.BytesRead, counted.BytesWritten
	return socket, err
}
