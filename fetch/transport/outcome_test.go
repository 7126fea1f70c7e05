package transport_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// One field of a head is read as if all of them were parsed.
func TestFieldOfAHead(t *testing.T) {
	t.Parallel()
	for _, head := range []string{
		"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nX: 1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX: 1\r\ncontent-TYPE:text/css \t\r\nContent-Type: text/html\r\n\r\n",
		"HTTP/1.1 200 OK\nContent-Type: \t a:b\nX-Content-Type: c\n\n",
		"HTTP/1.1 200 OK\r\nContent-Type:\r\nX: Content-Type: text/html\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX: folded\r\n Content-Type: text/html\r\nY: 1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n\tcharset=utf-8\r\n\r\n",
		"HTTP/1.1 200 Content-Type: text/html\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\n",
		"HTTP/2.0 200 OK\r\ncontent-type: text/html\r\nx: 1\r\n",
		"HTTP/2.0 200 OK\r\nx: 1\r\ncontent-type: text/css\r\ncontent-type: text/html\r\n",
		"HTTP/2.0 200 OK\r\n",
	} {
		header := transport.ParseHead([]byte(head))
		for _, name := range []string{"Content-Type", "content-type", "X", "Y", "X-Content-Type", "HTTP/1.1 200 OK"} {
			require.Equal(t, header.Get(name), transport.HeadField([]byte(head), name), "%s of %q", name, head)
			if header.Get(name) != "" {
				require.True(t, transport.MayHave([]byte(head), name), "%s of %q", name, head)
			}
		}
	}
}

// Whatever can be parsed, a field is the same.
func FuzzHeadField(f *testing.F) {
	f.Add([]byte("Content-Type: text/html\r\nX: 1\r\n"), "x")
	f.Add([]byte("X: 1\r\n\tfolded\r\n"), "X")
	f.Fuzz(func(t *testing.T, fields []byte, name string) {
		head := append(append([]byte("HTTP/1.1 200 OK\r\n"), bytes.TrimSpace(fields)...), "\r\n\r\n"...)
		header := transport.ParseHead(head)
		if len(header) == 0 || bytes.Contains(head[:len(head)-4], []byte("\r\n\r\n")) {
			return // the head is none that is accepted
		}
		require.Equal(t, header.Get(name), transport.HeadField(head, name))
	})
}
