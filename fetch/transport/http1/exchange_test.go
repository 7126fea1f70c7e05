package http1

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http reports unrequested bytes there
	goleak.VerifyTestMain(m)
}

// exchanges are replies with ordinary heads. With heads they seed the fuzz test.
func exchanges() []headCase {
	return []headCase{
		{name: "two chunks", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"},
		{name: "chunks and a trailer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"},
		{name: "chunks and a cut trailer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n"},
		{name: "chunks and a bad trailer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nbad\r\n\r\n"},
		{name: "chunks and a long trailer", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + strings.Repeat("y", 5000) + "\r\n\r\n"},
		{name: "chunks and no end", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"},
		{name: "chunks and half an end", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r"},
		{name: "cut in a chunk", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"},
		{name: "bad chunk size", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n"},
		{name: "huge chunk size", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12345678901234567\r\nhello\r\n0\r\n\r\n"},
		{name: "long chunk size line", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + strings.Repeat("x", 5000) + "\r\nhello\r\n0\r\n\r\n"},
		{name: "chunk without its end", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n"},
		{name: "chunk with bare LF", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n"},
		{name: "extra bytes", text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello there"},
		{name: "extra bytes after chunks", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1"},
		{name: "body too short", text: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"},
		{name: "body missing", text: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"},
		{name: "large body", text: "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + strings.Repeat("x", 9000)},
		{name: "large head", text: "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 9000) + "\r\nContent-Length: 5\r\n\r\nhello"},
		{name: "large chunk", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2328\r\n" + strings.Repeat("x", 9000) + "\r\n0\r\n\r\n"},
		{name: "100 and rubbish", text: "HTTP/1.1 100 Continue\r\n\r\nrubbish\r\n"},
		{name: "100 with a length", text: "HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
	}
}

// TestExchange compares every reply, whole and in pieces, ended by FIN and by RST, with net/http.
func TestExchange(t *testing.T) {
	t.Parallel()
	check := func(name, text string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, step := range []int{1, 7, 100, 1 << 20} {
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
					compareExchange(t, []byte(text), step, false, method)
					compareExchange(t, []byte(text), step, true, method)
				}
			}
		})
	}
	for _, test := range heads() {
		check(test.name, test.text)
	}
	for _, test := range exchanges() {
		check(test.name, test.text)
	}
}

// TestHeadLimit: 10 MB of head are too much, in one reply or in interim ones, and the error says so.
func TestHeadLimit(t *testing.T) {
	t.Parallel()
	interim := "HTTP/1.1 103 Early Hints\r\nLink: " + strings.Repeat("x", 1<<20) + "\r\n\r\n"
	for name, text := range map[string]string{
		"one head of 12 MB":          "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 12<<20) + "\r\nContent-Length: 5\r\n\r\nhello",
		"one head of 9 MB":           "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 9<<20) + "\r\nContent-Length: 5\r\n\r\nhello",
		"twelve interim heads":       strings.Repeat(interim, 12) + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"nine interim heads":         strings.Repeat(interim, 9) + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"a body of 12 MB is no head": "HTTP/1.1 200 OK\r\nContent-Length: 12582912\r\n\r\n" + strings.Repeat("y", 12<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compareExchange(t, []byte(text), 1<<20, false, http.MethodGet)
		})
	}
}

// FuzzExchange: whatever a server sends, this package and net/http return the same.
func FuzzExchange(f *testing.F) {
	for i, seed := range heads() {
		f.Add([]byte(seed.text), uint16(i%5*3), i%2 == 0, i%7 == 0)
	}
	for i, seed := range exchanges() {
		f.Add([]byte(seed.text), uint16(i%5*3), i%2 == 0, i%7 == 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, step uint16, reset, head bool) {
		method := http.MethodGet
		if head {
			method = http.MethodHead
		}
		if step == 0 {
			step = 1 << 15
		}
		compareExchange(t, data, int(step), reset, method)
	})
}

func compareExchange(t *testing.T, data []byte, step int, reset bool, method string) {
	t.Helper()
	end := io.EOF
	if reset {
		end = errReset
	}
	req := &http.Request{Method: method, URL: &url.URL{Scheme: "http", Host: "h"}, Header: http.Header{}}
	wire, err := AppendWire(nil, req, false)
	require.NoError(t, err)
	theirs := newMemConn(bytes.Clone(data), step, end)
	want, put := byTransport(theirs, method)
	ours := newMemConn(bytes.Clone(data), step, end)
	got, reusable, extra := byHTTP1(ours, wire, method)
	require.Equal(t, want, got)
	require.Equal(t, theirs.sent(), ours.sent())
	require.Equal(t, put, reusable || extra && put, "kept by net/http: %v, reusable: %v", put, reusable)
	if extra {
		require.False(t, reusable, "more than the reply came")
	}

	// Discard must count what Body reads.
	c := NewConn(newMemConn(bytes.Clone(data), step, end))
	defer func() { _ = c.Close() }()
	var r Response
	if c.RoundTrip(wire, method, &r) != nil || r.Status == http.StatusSwitchingProtocols {
		return
	}
	n, err := r.Discard()
	require.EqualValues(t, len(want.Body), n)
	if want.BodyErr != "" {
		require.EqualError(t, err, want.BodyErr)
	} else {
		require.NoError(t, err)
	}
	if !extra { // Discard may have left it on the socket, where Stale finds it
		require.Equal(t, reusable, c.Reusable())
	}
}
