package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A headCase is a reply, mostly an odd one. plain reports whether the parser must accept it.
type headCase struct {
	name  string
	plain bool
	text  string
}

// heads seed the fuzz tests, too.
func heads() []headCase {
	return []headCase{
		{"nginx", true, "HTTP/1.1 200 OK\r\nServer: nginx/1.26.0\r\nDate: Mon, 06 Jan 2025 10:00:00 GMT\r\nContent-Type: text/html\r\n" +
			"Content-Length: 5\r\nLast-Modified: Mon, 06 Jan 2025 09:00:00 GMT\r\nConnection: keep-alive\r\nETag: \"677b-5\"\r\n" +
			"Accept-Ranges: bytes\r\n\r\nhello"},
		{"nothing but a length", true, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"chunked", true, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
		{"chunked in capitals", true, "HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n"},
		{"no reason", true, "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n"},
		{"empty reason", true, "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n"},
		{"long reason", true, "HTTP/1.1 503 Come  back later \xe9\r\nContent-Length: 0\r\n\r\n"},
		{"redirect with cookies", true, "HTTP/1.1 302 Found\r\nLocation: /next\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"},
		{"blanks around values", true, "HTTP/1.1 200 OK\r\nContent-Length: \t 5 \t\r\nX-Empty:\r\nX-Blank: \t \r\nX:a: b\r\n\r\nhello"},
		{"leading zeros", true, "HTTP/1.1 200 OK\r\nContent-Length: 005\r\n\r\nhello"},
		{"names in any case", true, "HTTP/1.1 200 OK\r\ncONTENT-lENGTH: 5\r\nx-y: z\r\nX-y: Z\r\n\r\nhello"},
		{"connection in capitals", true, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nCONNECTION: Keep-Alive\r\n\r\n"},
		{"a content coding", true, "HTTP/1.1 200 OK\r\nContent-Encoding: GZIP\r\nContent-Length: 0\r\n\r\n"},
		{"an empty content coding", true, "HTTP/1.1 200 OK\r\nContent-Encoding:\r\nContent-Length: 0\r\n\r\n"},
		{"status 999", true, "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"},

		{"two content codings", false, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n"},
		{"an empty content coding first", false, "HTTP/1.1 200 OK\r\nContent-Encoding:\r\ncontent-encoding: br\r\nContent-Length: 0\r\n\r\n"},
		{"HTTP/1.0", false, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
		{"HTTP/1.0 kept alive", false, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"},
		{"HTTP/1.0 chunked", false, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
		{"HTTP/9.9", false, "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"HTTP/2.0", false, "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"ended by close", false, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello"},
		{"no header", false, "HTTP/1.1 200 OK\r\n\r\nhello"},
		{"not HTTP", false, "SSH-2.0-OpenSSH_9.6\r\n"},
		{"an empty line first", false, "\r\nHTTP/1.1 200 OK\r\n\r\n"},
		{"status 042", false, "HTTP/1.1 042 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"status 99", false, "HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"status 2000", false, "HTTP/1.1 2000 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"status -20", false, "HTTP/1.1 -20 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"status +20", false, "HTTP/1.1 +20 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"status and tab", false, "HTTP/1.1 200\tOK\r\nContent-Length: 0\r\n\r\n"},
		{"two spaces before the status", false, "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"204", false, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"},
		{"304", false, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n"},
		{"304 chunked", false, "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"},
		{"100 first", false, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
		{"103 first", false, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
		{"many 100s", false, strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100) + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
		{"100 and no more", false, "HTTP/1.1 100 Continue\r\n\r\n"},
		{"101", false, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nabc"},
		{"101 without upgrade", false, "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
		{"bare CR in a value", false, "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 5\r\n\r\nhello"},
		{"bare CR in the reason", false, "HTTP/1.1 200 O\rK\r\nContent-Length: 5\r\n\r\nhello"},
		{"two CRs", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\r\n\r\nhello"},
		{"bare LF", false, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"},
		{"a single bare LF", false, "HTTP/1.1 200 OK\r\nX: y\nContent-Length: 5\r\n\r\nhello"},
		{"NUL in a value", false, "HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 5\r\n\r\nhello"},
		{"DEL in a value", false, "HTTP/1.1 200 OK\r\nX: a\x7fb\r\nContent-Length: 5\r\n\r\nhello"},
		{"folded", false, "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello"},
		{"folded length", false, "HTTP/1.1 200 OK\r\nContent-Length:\r\n\t5\r\n\r\nhello"},
		{"blank first", false, "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 5\r\n\r\nhello"},
		{"no colon", false, "HTTP/1.1 200 OK\r\nOdd\r\nContent-Length: 5\r\n\r\nhello"},
		{"no name", false, "HTTP/1.1 200 OK\r\n: odd\r\nContent-Length: 5\r\n\r\nhello"},
		{"space before the colon", false, "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"},
		{"umlaut in a name", false, "HTTP/1.1 200 OK\r\nX\xfc: y\r\nContent-Length: 5\r\n\r\nhello"},
		{"the same length twice", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
		{"conflicting lengths", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"},
		{"a list of lengths", false, "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello"},
		{"empty length", false, "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello"},
		{"negative length", false, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"},
		{"signed length", false, "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello"},
		{"huge length", false, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhello"},
		{"largest length", false, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nhello"},
		{"hexadecimal length", false, "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello"},
		{"length and chunked", false, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
		{"chunked and length", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
		{"chunked twice", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"gzip, chunked", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
		{"identity", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"},
		{"trailer announced", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n"},
		{"bad trailer announced", false, "HTTP/1.1 200 OK\r\nTrailer: Content-Length\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"close", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"},
		{"close in a list", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive, Close\r\n\r\nhello"},
		{"Pragma", false, "HTTP/1.1 200 OK\r\nPragma: no-cache\r\nContent-Length: 5\r\n\r\nhello"},
		{"cut in the status line", false, "HTTP/1.1 20"},
		{"cut in a header", false, "HTTP/1.1 200 OK\r\nContent-Le"},
		{"cut before the empty line", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"},
		{"cut in the empty line", false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r"},
		{"empty", false, ""},
	}
}

func TestPlainHeads(t *testing.T) {
	t.Parallel()
	for _, test := range heads() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, ok := parseHead([]byte(test.text))
			require.Equal(t, test.plain, ok)
			compareHeads(t, []byte(test.text), http.MethodGet)
			compareHeads(t, []byte(test.text), http.MethodHead)
		})
	}
}

// FuzzHead: what the parser accepts, net/http accepts, with the same meaning.
func FuzzHead(f *testing.F) {
	for _, seed := range heads() {
		f.Add([]byte(seed.text), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, head bool) {
		method := http.MethodGet
		if head {
			method = http.MethodHead
		}
		compareHeads(t, data, method)
	})
}

func compareHeads(t *testing.T, data []byte, method string) {
	t.Helper()
	h, ok := parseHead(data)
	if !ok {
		return
	}
	ours := bufio.NewReader(bytes.NewReader(data))
	want, err := http.ReadResponse(ours, &http.Request{Method: method})
	require.NoError(t, err)
	defer func() { _ = want.Body.Close() }()
	rest, err := io.ReadAll(ours) // ReadResponse has left its reader behind the head
	require.NoError(t, err)
	require.Len(t, rest, len(data)-h.size)

	var r Response
	c := NewConn(newMemConn(nil, 1, nil))
	r.reset(c, method)
	require.True(t, r.plainHead([]byte(heads()[0].text)))
	for _, when := range []string{"after another head", "after the same head"} {
		r.reset(c, method)
		require.True(t, r.plainHead(data), when)
		require.Equal(t, want.StatusCode, r.Status, when)
		require.Equal(t, want.Status, r.StatusText, when)
		require.Equal(t, want.Proto, r.Proto, when)
		require.Equal(t, want.Close, r.Close, when)
		require.Equal(t, want.ContentLength, r.ContentLength, when)
		require.Equal(t, want.Header.Get("Content-Encoding"), r.ContentEncoding, when)
		require.Equal(t, want.Header["Set-Cookie"] != nil, r.SetsCookies, when)
		require.Equal(t, want.Header, ParseHeader(r.Head()), when)
		require.Equal(t, want.Header, r.Header(), when)
		require.Nil(t, r.Head(), "there is no need to parse it again")
	}
}
