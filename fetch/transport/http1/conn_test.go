package http1

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFailures: each failure looks as in net/http.
func TestFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		sends int  // bytes of the reply
		rst   bool // ends with a reset, which the client meets after those bytes
		reset bool // ECONNRESET beneath
	}{
		{"FIN before the reply", 0, false, false},
		{"RST before the reply", 0, true, true},
		{"FIN in the head", 30, false, false},
		// Here net/http looks ahead, drops the error, and finds an end when it reads on.
		{"RST in the head, between lines", 17, true, false},
		{"RST in the head, within a line", 30, true, false},
		{"FIN in the body", len(hello) - 1, false, false},
		{"RST in the body", len(hello) - 1, true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := &readCounter{}
			addr := serve(t, func(nc *net.TCPConn) {
				awaitRequest(nc)
				send(nc, hello[:test.sends])
				if test.rst {
					client.await(t.Context(), test.sends)
					reset(nc)
				}
			})
			want, wantErr := viaTransport(t, addr, client)
			c := NewConn(client.dial(t.Context(), t, addr))
			t.Cleanup(func() { _ = c.Close() })
			c.SetDeadline(time.Now().Add(10 * time.Second))
			var r Response
			err := c.RoundTrip(get(), http.MethodGet, &r)
			assert.True(t, r.Sent)
			if err == nil {
				var data []byte
				data, err = io.ReadAll(r.Body())
				require.Equal(t, want, string(data))
			} else {
				require.Empty(t, want)
			}
			require.Equal(t, reflect.TypeOf(wantErr), reflect.TypeOf(err))
			require.Equal(t, withoutPorts(wantErr), withoutPorts(err))
			if test.reset {
				require.ErrorIs(t, err, syscall.ECONNRESET)
			} else {
				require.NotErrorIs(t, err, syscall.ECONNRESET)
			}
			require.False(t, c.ShouldRetry(true), "the connection was new")
			require.False(t, c.Reusable())
		})
	}
}

func viaTransport(t *testing.T, addr string, client *readCounter) (body string, err error) {
	t.Helper()
	transport := &http.Transport{
		DisableCompression: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return client.dial(ctx, t, addr), nil
		},
	}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/", nil)
	require.NoError(t, err)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	return string(data), err
}

// withoutPorts is the text of an error without addresses, because they differ between connections.
func withoutPorts(err error) string {
	before, after, ok := strings.Cut(err.Error(), " 127.0.0.1:")
	if !ok {
		return before
	}
	_, after, _ = strings.Cut(after, ": ")
	return before + ": " + after
}

// TestShouldRetry: only on a connection that has served before, only before the first byte, and then like net/http.
func TestShouldRetry(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                string
		then                func(nc *net.TCPConn)
		replayable, neither bool
	}{
		{"the server hangs up instead of answering", func(nc *net.TCPConn) { awaitRequest(nc) }, true, false},
		{"the server resets instead of answering", func(nc *net.TCPConn) { awaitRequest(nc); reset(nc) }, true, false},
		{"the server hangs up in its answer", func(nc *net.TCPConn) { awaitRequest(nc); send(nc, "H") }, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, serve(t, func(nc *net.TCPConn) {
				awaitRequest(nc)
				send(nc, hello)
				test.then(nc)
			}))
			roundTrip(t, c)
			var r Response
			require.Error(t, c.RoundTrip(get(), http.MethodGet, &r))
			require.Equal(t, test.replayable, c.ShouldRetry(true))
			require.Equal(t, test.neither, c.ShouldRetry(false))
			require.True(t, r.Sent)
		})
	}
	t.Run("nothing could be written", func(t *testing.T) {
		t.Parallel()
		c := dial(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); send(nc, hello); awaitRequest(nc) }))
		roundTrip(t, c)
		require.NoError(t, c.NetConn().(*net.TCPConn).CloseWrite())
		var r Response
		require.ErrorIs(t, c.RoundTrip(get(), http.MethodPost, &r), syscall.EPIPE)
		require.False(t, r.Sent)
		require.True(t, c.ShouldRetry(false), "not a byte was written, so even a POST may go again")
	})
	t.Run("the time is up", func(t *testing.T) {
		t.Parallel()
		c := dial(t, serve(t, func(nc *net.TCPConn) { awaitRequest(nc); send(nc, hello); awaitRequest(nc); awaitRequest(nc) }))
		roundTrip(t, c)
		c.SetDeadline(time.Now().Add(20 * time.Millisecond))
		var r Response
		require.True(t, isTimeout(c.RoundTrip(get(), http.MethodGet, &r)))
		require.False(t, c.ShouldRetry(true))
	})
}

// TestAnswerBeforeTheWriteFailed: an answer that came before the connection broke is used; the connection is not.
func TestAnswerBeforeTheWriteFailed(t *testing.T) {
	t.Parallel()
	c := dial(t, serve(t, func(nc *net.TCPConn) { send(nc, hello) }))
	awaitNews(t, c)
	require.NoError(t, c.NetConn().(*net.TCPConn).CloseWrite())
	var r Response
	require.NoError(t, c.RoundTrip(get(), http.MethodGet, &r))
	n, err := r.Discard()
	require.NoError(t, err)
	require.EqualValues(t, 5, n)
	require.False(t, c.Reusable())
}

// TestSwitchingProtocols: an answer with 101 is returned, and the connection is not used again.
func TestSwitchingProtocols(t *testing.T) {
	t.Parallel()
	for _, head := range []string{"", "Upgrade: x\r\nConnection: Upgrade\r\n"} {
		c := dial(t, serve(t, func(nc *net.TCPConn) {
			awaitRequest(nc)
			send(nc, "HTTP/1.1 101 Switching Protocols\r\n"+head+"\r\n")
		}))
		var r Response
		require.NoError(t, c.RoundTrip(get(), http.MethodGet, &r))
		require.Equal(t, http.StatusSwitchingProtocols, r.Status)
		require.False(t, c.Reusable())
		_, err := r.Discard()
		require.NoError(t, err)
	}
}

// TestTimes: what k6 calls sending ends before the request is flushed, and waiting ends with the first byte.
func TestTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := pipe(t, func(nc net.Conn) {
			awaitRequest(nc)
			time.Sleep(30 * time.Millisecond) // of the bubble
			send(nc, "H")
			time.Sleep(40 * time.Millisecond)
			send(nc, hello[1:])
		})
		var r Response
		start := time.Now()
		require.NoError(t, c.RoundTrip(get(), http.MethodGet, &r))
		require.Zero(t, r.Wrote.Sub(start))
		require.Equal(t, 30*time.Millisecond, r.FirstByte.Sub(r.Wrote))
		require.Equal(t, 40*time.Millisecond, time.Since(r.FirstByte))
	})
}

// TestLongRequest: a request that does not fit into the kernels' buffers is written while the reply is read.
func TestLongRequest(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("x", 16<<20)
	post := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Scheme: "http", Host: "h"}, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	long, err := AppendWire(nil, post, false)
	require.NoError(t, err)
	tests := []struct {
		name     string
		script   func(nc *net.TCPConn, judged <-chan struct{})
		wrote    bool
		reusable bool
		late     bool // whether the request is written within 50 ms of the reply is random
		err      bool
	}{
		{"read and answered", func(nc *net.TCPConn, _ <-chan struct{}) {
			_, _ = io.CopyN(io.Discard, nc, int64(len(long)))
			send(nc, hello)
			awaitRequest(nc)
		}, true, true, false, false},
		{"answered and not read", func(nc *net.TCPConn, judged <-chan struct{}) {
			awaitRequest(nc)
			send(nc, hello)
			_, _ = nc.Read(make([]byte, 1))
			<-judged
		}, false, false, false, false},
		{"answered first, read later", func(nc *net.TCPConn, _ <-chan struct{}) {
			send(nc, "HTTP/1.1 200 OK\r\nContent-Length: 33554432\r\n\r\n"+strings.Repeat("y", 32<<20))
			_, _ = io.CopyN(io.Discard, nc, int64(len(long)))
			awaitRequest(nc)
		}, false, false, true, false},
		{"reset", func(nc *net.TCPConn, _ <-chan struct{}) { awaitRequest(nc); reset(nc) }, false, false, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			judged := make(chan struct{}) // closed when the client has said whether the connection is reusable
			defer close(judged)
			c := dial(t, serve(t, func(nc *net.TCPConn) { test.script(nc, judged) }))
			var r Response
			err := c.RoundTrip(long, http.MethodPost, &r)
			require.True(t, r.Sent)
			if test.err {
				require.ErrorIs(t, err, syscall.ECONNRESET)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.wrote, !r.Wrote.IsZero())
			_, err = r.Discard()
			require.NoError(t, err)
			if reusable := c.Reusable(); !test.late {
				require.Equal(t, test.reusable, reusable)
			}
		})
	}
}

// TestAllocations: a plain exchange allocates nothing.
//
//nolint:paralleltest // AllocsPerRun counts those of all goroutines
func TestAllocations(t *testing.T) {
	wire := get()
	c := dial(t, serve(t, func(nc *net.TCPConn) {
		buf := make([]byte, 1<<10)
		for {
			if _, err := nc.Read(buf); err != nil {
				return
			}
			send(nc, hello)
		}
	}))
	var r Response
	allocs := testing.AllocsPerRun(100, func() {
		c.SetDeadline(time.Now().Add(time.Minute))
		if c.Stale() || c.RoundTrip(wire, http.MethodGet, &r) != nil || r.SetsCookies {
			t.Error("failed")
		}
		if n, err := r.Discard(); n != 5 || err != nil || !c.Reusable() {
			t.Error(n, err)
		}
	})
	require.LessOrEqual(t, allocs, 1.0, "string to bytes on the server's side")
}
