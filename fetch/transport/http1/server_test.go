package http1

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

// serve runs script for each connection to the address that it returns, and closes it afterwards.
func serve(t *testing.T, script func(nc *net.TCPConn)) (addr string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			nc, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer func() { _ = nc.Close() }()
				script(nc.(*net.TCPConn))
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return listener.Addr().String()
}

// awaitRequest reads a head.
func awaitRequest(nc net.Conn) {
	br := bufio.NewReaderSize(nc, 16)
	for {
		line, err := br.ReadString('\n')
		if err != nil || line == "\r\n" {
			return
		}
	}
}

func reset(nc *net.TCPConn) { _ = nc.SetLinger(0) }

func send(nc net.Conn, text string) { _, _ = io.WriteString(nc, text) }

func dial(t *testing.T, addr string) *Conn {
	t.Helper()
	nc, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	c := NewConn(nc)
	t.Cleanup(func() { _ = c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

// pipe is a Conn to a server that runs script, without a socket: for synctest, where the time of a bubble passes only
// when both wait. The server closes its end afterwards.
func pipe(t *testing.T, script func(nc net.Conn)) *Conn {
	t.Helper()
	client, server := net.Pipe()
	go func() {
		defer func() { _ = server.Close() }()
		script(server)
	}()
	c := NewConn(client)
	t.Cleanup(func() { _ = c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

// awaitNews waits until there is something to be seen on an idle connection's socket: bytes or an end.
func awaitNews(t *testing.T, c *Conn) {
	t.Helper()
	require.NoError(t, c.raw.Read(func(uintptr) bool { return c.lookAtSocket() != socketQuiet }))
}

// readCounter counts the bytes that the newest of a client's connections has read, so that a server can wait for that.
type readCounter struct {
	mu   sync.Mutex
	n    int
	more chan struct{} // closed with the next bytes
}

func (r *readCounter) dial(ctx context.Context, t *testing.T, addr string) net.Conn {
	t.Helper()
	r.mu.Lock()
	r.n, r.more = 0, make(chan struct{})
	r.mu.Unlock()
	nc, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	require.NoError(t, err)
	return &countedConn{nc, r}
}

// await waits until the client has read n bytes.
func (r *readCounter) await(ctx context.Context, n int) {
	for {
		r.mu.Lock()
		got, more := r.n, r.more
		r.mu.Unlock()
		if got >= n {
			return
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

type countedConn struct {
	net.Conn

	reads *readCounter
}

func (c *countedConn) NetConn() net.Conn { return c.Conn }

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.reads.mu.Lock()
	defer c.reads.mu.Unlock()
	c.reads.n += n
	close(c.reads.more)
	c.reads.more = make(chan struct{})
	return n, err
}

const getText = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

func get() []byte { return []byte(getText) }

// roundTrip makes one request on c that must succeed.
func roundTrip(t *testing.T, c *Conn) {
	t.Helper()
	var r Response
	require.NoError(t, c.RoundTrip(get(), http.MethodGet, &r))
	data, err := io.ReadAll(r.Body())
	require.NoError(t, err)
	require.Equal(t, "hello", string(data))
	require.True(t, c.Reusable())
}
