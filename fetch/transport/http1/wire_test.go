package http1

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	site       = "http://a.example/"
	connection = "Connection"
	userAgent  = "User-Agent"
)

// A wireCase is a request as the fuzz test makes it up.
type wireCase struct {
	method, url, host, name, value, body string
	closing, reqClose                    bool
	length                               int64
}

func (w wireCase) request() (*http.Request, error) {
	u, err := url.Parse(w.url)
	if err != nil {
		return nil, err
	}
	req := &http.Request{Method: w.method, URL: u, Host: w.host, Header: http.Header{}, Close: w.reqClose}
	req.Header[w.name] = []string{w.value}
	if w.body != "" {
		req.Body = io.NopCloser(strings.NewReader(w.body))
		req.ContentLength = w.length
	}
	return req, nil
}

// A namedWire says what is particular about a request.
type namedWire struct {
	what string
	wireCase
}

// wires seed FuzzWire, too.
func wires() []namedWire {
	return []namedWire{
		{"plain", wireCase{method: "GET", url: "http://a.example/x?y=z", name: "Accept", value: "*/*"}},
		{"no method", wireCase{url: "https://a.example", name: "Accept", value: "*/*"}},
		{"port and fragment", wireCase{method: "GET", url: "http://a.example:8080/#frag", name: "X", value: "y"}},
		{"IPv6 with a zone", wireCase{method: "GET", url: "http://[fe80::1%25eth0]:80/", name: "X", value: "y"}},
		{"international name", wireCase{method: "GET", url: "http://bücher.example/ü?ä", name: "X", value: "ü"}},
		{"another Host", wireCase{method: "GET", url: site, host: "b.example", name: "X", value: "y"}},
		{"a bad Host", wireCase{method: "GET", url: site, host: "b example/x", name: "X", value: "y"}},
		{"user info", wireCase{method: "GET", url: "http://user:secret@a.example/", name: "X", value: "y"}},
		{"opaque", wireCase{method: "GET", url: "http:opaque", name: "X", value: "y"}},
		{"CONNECT", wireCase{method: "CONNECT", url: "http://a.example:80", name: "X", value: "y"}},
		{"POST", wireCase{method: "POST", url: site, name: "Content-Type", value: "text/plain", body: "hello", length: 5}},
		{"POST without a body", wireCase{method: "POST", url: site, name: "X", value: "y"}},
		{"body of unknown length", wireCase{method: "POST", url: site, name: "X", value: "y", body: "hello", length: -1}},
		{"body longer than said", wireCase{method: "PUT", url: site, name: "X", value: "y", body: "hello", length: 3}},
		{"body shorter than said", wireCase{method: "PUT", url: site, name: "X", value: "y", body: "hello", length: 9}},
		{"GET with a body", wireCase{method: "GET", url: site, name: "X", value: "y", body: "hello", length: 5}},
		{"empty line in the body", wireCase{method: "POST", url: site, name: "X", value: "y", body: "a\r\n\r\nb", length: 6, closing: true}},
		{"keep-alives disabled", wireCase{method: "GET", url: site, name: "X", value: "y", closing: true}},
		{"keep-alives disabled, and asked to close", wireCase{method: "GET", url: site, name: "X", value: "y", closing: true, reqClose: true}},
		{"keep-alives disabled, close in a header", wireCase{method: "GET", url: site, name: connection, value: "x Close", closing: true}},
		{"keep-alives disabled, keep-alive in a header", wireCase{method: "GET", url: site, name: connection, value: "keep-alive", closing: true}},
		{"keep-alives disabled, closed in a header", wireCase{method: "GET", url: site, name: connection, value: "closed, not-close", closing: true}},
		{"own User-Agent", wireCase{method: "GET", url: site, name: userAgent, value: " k6/2 "}},
		{"no User-Agent", wireCase{method: "GET", url: site, name: userAgent, value: ""}},
		{"Host among the headers", wireCase{method: "GET", url: site, name: "Host", value: "b.example"}},
		{"length among the headers", wireCase{method: "GET", url: site, name: "Content-Length", value: "7"}},
		{"lower-case name", wireCase{method: "GET", url: site, name: "x-y", value: "z"}},
		{"bad name", wireCase{method: "GET", url: site, name: "x y", value: "z"}},
		{"empty name", wireCase{method: "GET", url: site, name: "", value: "z"}},
		{"bad value", wireCase{method: "GET", url: site, name: "X", value: "a\r\nY: b"}},
		{"bad method", wireCase{method: "G T", url: site, name: "X", value: "y"}},
		{"bad scheme", wireCase{method: "GET", url: "ftp://a.example/", name: "X", value: "y"}},
		{"no host", wireCase{method: "GET", url: "http:///x", name: "X", value: "y"}},
		{"Expect", wireCase{method: "POST", url: site, name: "Expect", value: "100-continue", body: "hello", length: 5}},
	}
}

func TestAppendWire(t *testing.T) {
	t.Parallel()
	for _, test := range wires() {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			compareWires(t, test.wireCase)
		})
	}
}

func TestAppendWireKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	req, err := wires()[0].request()
	require.NoError(t, err)
	alone, err := AppendWire(nil, req, true)
	require.NoError(t, err)
	after, err := AppendWire([]byte("a\r\n\r\nb"), req, true)
	require.NoError(t, err)
	require.Equal(t, "a\r\n\r\nb"+string(alone), string(after))
	require.Contains(t, string(alone), "\r\nConnection: close\r\n\r\n")
}

func TestAppendWireOfAnUpgradeStaysOpen(t *testing.T) {
	t.Parallel()
	req, err := wires()[0].request()
	require.NoError(t, err)
	req.Header = http.Header{"Upgrade": {"x"}, connection: {"keep-alive, Upgrade"}}
	wire, err := AppendWire(nil, req, true)
	require.NoError(t, err)
	require.NotContains(t, string(wire), "close")
}

// FuzzWire: the bytes and the errors are those of net/http's Transport.
func FuzzWire(f *testing.F) {
	for _, w := range wires() {
		f.Add(w.method, w.url, w.host, w.name, w.value, w.body, w.closing, w.reqClose, w.length)
	}
	f.Fuzz(func(t *testing.T, method, url, host, name, value, body string, closing, reqClose bool, length int64) {
		compareWires(t, wireCase{method, url, host, name, value, body, closing, reqClose, length})
	})
}

func compareWires(t *testing.T, w wireCase) {
	t.Helper()
	req, err := w.request()
	if err != nil {
		t.Skip(err)
	}
	got, err := AppendWire(nil, req, w.closing)
	conn := newMemConn([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), 1<<10, io.EOF)
	conn.request = len(got)
	defer time.AfterFunc(time.Second, func() { _ = conn.Close() }).Stop() // in case fewer bytes come
	transport := &http.Transport{
		DisableCompression: true, DisableKeepAlives: w.closing,
		DialContext:    func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}
	defer transport.CloseIdleConnections()
	again, wantErr := w.request()
	require.NoError(t, wantErr)
	resp, wantErr := transport.RoundTrip(again)
	if wantErr == nil {
		_ = resp.Body.Close()
	}
	if wantErr != nil {
		require.Error(t, err)
		if err := CheckRequest(req); err != nil {
			require.EqualError(t, wantErr, err.Error())
		} // otherwise writing failed; net/http's reader may notice that first, as a closed connection
		return
	}
	require.NoError(t, err)
	require.Equal(t, conn.sent(), string(got))
}
