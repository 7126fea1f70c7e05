package http1

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestHeadThatIsNotThereInTime checks that half a head does not count as an invalid one.
func TestHeadThatIsNotThereInTime(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"", "HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nX: y\r\n", "HTTP/1.1 103 \r\n\r\n"} {
		left := make(chan struct{})
		leave := sync.OnceFunc(func() { close(left) })
		t.Cleanup(leave)
		addr := serve(t, func(nc *net.TCPConn) {
			awaitRequest(nc)
			_, _ = nc.Write([]byte(sent))
			<-left
		})
		nc, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		require.NoError(t, err)
		conn := NewConn(nc)
		conn.SetDeadline(time.Now().Add(50 * time.Millisecond))
		err = conn.RoundTrip([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "GET", &Response{})
		require.True(t, isTimeout(err), "%q: %v", sent, err)
		require.NoError(t, conn.Close())
		leave()
	}
}
