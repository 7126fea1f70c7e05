package http1

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestStale: whatever happens to an idle connection is noticed before it is used again.
func TestStale(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		for _, test := range []struct {
			name  string
			then  func(nc net.Conn)
			stale bool
		}{
			{"nothing", func(net.Conn) {}, false},
			{"it is closed", func(nc net.Conn) { _ = nc.Close() }, true},
			{"its writing side is closed", func(nc net.Conn) { _ = nc.(interface{ CloseWrite() error }).CloseWrite() }, true},
			{"something is sent", func(nc net.Conn) { send(nc, "HTTP/1.1 408 Request Timeout\r\n\r\n") }, true},
		} {
			name := test.name
			if secure {
				name += ", TLS"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				idle, done := make(chan struct{}), make(chan struct{})
				script := func(nc net.Conn) {
					awaitRequest(nc)
					send(nc, hello)
					<-idle
					test.then(nc)
					done <- struct{}{}
					if test.stale {
						return
					}
					awaitRequest(nc)
					send(nc, hello)
					awaitRequest(nc)
				}
				c := dialEither(t, secure, script)
				roundTrip(t, c)
				require.False(t, c.Stale())
				idle <- struct{}{}
				<-done
				if !test.stale {
					require.False(t, c.Stale())
					c.SetDeadline(time.Now().Add(10 * time.Second))
					roundTrip(t, c)
					return
				}
				require.Eventually(t, c.Stale, 5*time.Second, time.Millisecond)
			})
		}
	}
}

// TestStaleFindsWhatTLSHasRead: a record that came in the same packet as the reply is no longer on the socket.
func TestStaleFindsWhatTLSHasRead(t *testing.T) {
	t.Parallel()
	c := dialEither(t, true, func(nc net.Conn) {
		awaitRequest(nc)
		held := nc.(*tls.Conn).NetConn().(*holdConn)
		held.hold = true
		send(nc, hello)
		send(nc, "more")
		held.release()
		held.hold = false
		awaitRequest(nc)
	})
	var r Response
	require.NoError(t, c.RoundTrip(get(), http.MethodGet, &r))
	_, err := r.Discard()
	require.NoError(t, err)
	require.True(t, c.Reusable(), "nothing of it is in our buffer")
	require.Equal(t, socketQuiet, c.lookAtSocket())
	require.True(t, c.staleInside())
	require.True(t, c.Stale())
}

// A look at a connection must not leave its timeout behind as the reason for a later failure.
func TestALookIsNoReasonForAFailure(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		c := dialEither(t, secure, func(nc net.Conn) {
			awaitRequest(nc)
			send(nc, hello)
			awaitRequest(nc)
			send(nc, "HTT")
		})
		roundTrip(t, c)
		require.False(t, c.Stale())
		require.False(t, c.probe(0), "TLS %t", secure)
		c.SetDeadline(time.Now().Add(10 * time.Second))
		err := c.RoundTrip(get(), http.MethodGet, &Response{})
		require.Error(t, err)
		require.False(t, isTimeout(err), "TLS %t: %v", secure, err)
	}
}

// dialEither connects to a server of its own that runs script, over TLS or not.
func dialEither(t *testing.T, secure bool, script func(nc net.Conn)) *Conn {
	t.Helper()
	if !secure {
		return dial(t, serve(t, func(nc *net.TCPConn) { script(nc) }))
	}
	https := httptest.NewTLSServer(http.NotFoundHandler())
	config, client := https.TLS.Clone(), https.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	https.Close()
	config.NextProtos, client.ServerName = nil, "example.com"
	addr := serve(t, func(nc *net.TCPConn) {
		script(tls.Server(&holdConn{TCPConn: nc}, config))
	})
	nc, err := (&tls.Dialer{Config: client}).DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	c := NewConn(nc)
	require.True(t, c.tls)
	require.NotNil(t, c.raw)
	t.Cleanup(func() { _ = c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

// A holdConn can hold back writes, to send them all at once.
type holdConn struct {
	*net.TCPConn
	hold bool
	held []byte
}

func (h *holdConn) Write(p []byte) (int, error) {
	if h.hold {
		h.held = append(h.held, p...)
		return len(p), nil
	}
	return h.TCPConn.Write(p)
}

func (h *holdConn) release() {
	_, _ = h.TCPConn.Write(h.held)
}

// TestStaleWithoutASocket: if the socket cannot be asked, a connection that was idle for long is read for a moment.
func TestStaleWithoutASocket(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	defer func() { _ = server.Close() }()
	c := NewConn(client)
	defer func() { _ = c.Close() }()
	require.False(t, c.Stale())
	c.idle.since = time.Now().Add(-time.Minute)
	require.False(t, c.Stale())
	require.NoError(t, server.Close())
	require.True(t, c.Stale())
}

// TestWrappedSocket: a wrapper with NetConn does not hide the socket.
func TestWrappedSocket(t *testing.T) {
	t.Parallel()
	nc, err := new(net.Dialer).DialContext(t.Context(), "tcp", serve(t, func(nc *net.TCPConn) { awaitRequest(nc) }))
	require.NoError(t, err)
	c := NewConn(telling{nc})
	defer func() { _ = c.Close() }()
	require.Equal(t, socketQuiet, c.lookAtSocket())
	require.Equal(t, socketUnknown, NewConn(struct{ net.Conn }{nc}).lookAtSocket())
}

type telling struct{ conn net.Conn }

func (t telling) NetConn() net.Conn                   { return t.conn }
func (t telling) Read(p []byte) (int, error)          { return t.conn.Read(p) }
func (t telling) Write(p []byte) (int, error)         { return t.conn.Write(p) }
func (t telling) Close() error                        { return t.conn.Close() }
func (t telling) LocalAddr() net.Addr                 { return t.conn.LocalAddr() }
func (t telling) RemoteAddr() net.Addr                { return t.conn.RemoteAddr() }
func (t telling) SetDeadline(at time.Time) error      { return t.conn.SetDeadline(at) }
func (t telling) SetReadDeadline(at time.Time) error  { return t.conn.SetReadDeadline(at) }
func (t telling) SetWriteDeadline(at time.Time) error { return t.conn.SetWriteDeadline(at) }
