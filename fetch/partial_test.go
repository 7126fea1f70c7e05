package fetch_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// TestWhatCameOfABody has answers without a body, with a part of one, and with an undecodable one. The same body is
// kept as by k6 in the same process.
func TestWhatCameOfABody(t *testing.T) {
	t.Parallel()
	gzipped := string(pack(strings.Repeat("some text to pack ", 1000), "gzip"))
	const ok = "HTTP/1.1 200 OK\r\n"
	type reply struct {
		method, text string
		reset, stall bool
		// want is the body; none reports whether there is none. odd is why k6 has another.
		want string
		none bool
		odd  string
	}
	base := func(t *testing.T, r reply) string {
		t.Helper()
		return serve(t, func(w http.ResponseWriter, req *http.Request) {
			_, _ = io.Copy(io.Discard, req.Body)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, r.text)
			if r.stall {
				_, _ = conn.Read(make([]byte, 1)) // until the client leaves
			}
			if tcp, isTCP := conn.(*net.TCPConn); isTCP && r.reset {
				_ = tcp.SetLinger(0)
			}
		})
	}
	s := faults.Start(t)
	for what, r := range map[string]reply{
		"a body of no bytes":           {text: ok + "Content-Length: 0\r\n\r\n"},
		"chunks of no bytes":           {text: ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		"HEAD":                         {method: "HEAD", text: ok + "Content-Length: 100\r\n\r\n"},
		"HEAD of chunks":               {method: "HEAD", text: ok + "Transfer-Encoding: chunked\r\n\r\n"},
		"HEAD of what is not there":    {method: "HEAD", text: "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n"},
		"HEAD of what has no content":  {method: "HEAD", text: "HTTP/1.1 204 No Content\r\n\r\n", none: true},
		"HEAD of what is packed":       {method: "HEAD", text: ok + "Content-Encoding: gzip\r\nContent-Length: 100\r\n\r\n", odd: "fails with 1701"},
		"no content":                   {text: "HTTP/1.1 204 No Content\r\n\r\n", none: true},
		"not modified":                 {text: "HTTP/1.1 304 Not Modified\r\n\r\n", none: true},
		"not even a head":              {text: ok, none: true},
		"a length that is not reached": {text: ok + "Content-Length: 1000\r\n\r\nhalf", want: "half"},
		"a length and no byte":         {text: ok + "Content-Length: 1000\r\n\r\n"},
		"a body that is reset":         {text: ok + "Content-Length: 1000\r\n\r\n", reset: true},
		"chunks that end early":        {text: ok + "Transfer-Encoding: chunked\r\n\r\n4\r\none,\r\n9\r\ntwo", want: "one,two"},
		"chunks that are none":         {text: ok + "Transfer-Encoding: chunked\r\n\r\n4\r\none,\r\nzz\r\n", want: "one,"},
		"a body that stalls":           {text: ok + "Content-Length: 1000\r\n\r\nhalf", stall: true, want: "half"},
		"chunks that stall":            {text: ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", stall: true, want: "half"},
		"gzip that ends in its head":   {text: ok + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n" + gzipped[:5], none: true},
		"what is no gzip":              {text: ok + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", none: true},
		"what is no deflate, not raw":  {text: ok + "Content-Encoding: deflate\r\nContent-Length: 5\r\n\r\nplain", none: true},
		"an unknown coding, cut off":   {text: ok + "Content-Encoding: x-odd\r\nContent-Length: 9\r\n\r\nplain", want: "plain"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			url := base(t, r)
			if r.method == "" {
				r.method = http.MethodGet
			}
			timeout := time.Minute
			if r.stall {
				timeout = 300 * time.Millisecond
			}
			client := k6http.New(t, s, faults.Needs{})
			theirs := client.Response(t, r.method, url, timeout)
			if r.odd == "" {
				if r.none {
					require.Nil(t, theirs.Body, "k6")
				} else {
					require.Equal(t, r.want, theirs.Body, "k6")
				}
			}
			for way, change := range ways {
				cfg := fetch.Config{Config: (&k6net.Network{}).Config(client.State)}
				change(&cfg)
				run := newClient(t, cfg).Run(t.Context(), targets(spec(func(s *fetch.Spec) {
					s.Method, s.Timeout, s.MaxBodySize = r.method, timeout, 10_000_000
				}), url), fetch.Options{Concurrency: 1}, &recorder{})
				ours := run.Results.At(0)
				require.Equal(t, r.none, ours.Response.Body == nil, way)
				require.Equal(t, r.want, body(ours), way)
				if r.odd == "" {
					require.Equal(t, theirs.Status, ours.Status, way)
					require.Equal(t, theirs.ErrorCode, ours.ErrorCode, "%s: %s; k6: %s", way, ours.Error, theirs.Error)
				}
			}
		})
	}
}

// TestPartsOfPackedBodies has bodies that break off while they are decoded: before and after the trusted size, and in
// what looks like a bomb.
func TestPartsOfPackedBodies(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"short": strings.Repeat("some text to pack ", 1000), "long": mixed(5 << 19), "like a bomb": strings.Repeat("x", 5<<20),
	} {
		for coding := range packers {
			whole := pack(text, coding)
			half := whole[:len(whole)/2]
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", coding)
				w.WriteHeader(http.StatusOK)
				_, _ = w.Write(half)
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			})
			for _, limit := range []int64{0, 1000, 10 << 20} {
				r, _ := get(t, spec(func(s *fetch.Spec) { s.MaxBodySize = limit }), base)
				require.Equal(t, fetch.StateFailed, r.State)
				if limit == 1000 && r.Response.Body == nil { // it had grown too large by then
					require.Contains(t, r.Error, "larger than maxBodySize", "%s %s", what, coding)
					continue
				}
				require.Equal(t, failure.CodeGeneric, r.ErrorCode, "%s %s: %s", what, coding, r.Error)
				require.Contains(t, r.Error, "EOF")
				require.True(t, strings.HasPrefix(text, body(r)), "%s %s", what, coding)
				if what != "short" && limit != 1000 && coding != "br" {
					require.Greater(t, len(body(r)), 1<<20, "%s %s", what, coding)
				}
			}
		}
	}
}

// mixed is a text that packs as text does.
func mixed(size int) string {
	var b strings.Builder
	for n := uint32(1); b.Len() < size; n = n*1664525 + 1013904223 {
		b.WriteString("some text and the number ")
		b.WriteByte(byte('a' + n>>28))
		b.WriteByte(byte('a' + n>>24&15))
		b.WriteByte(byte('a' + n>>20&15))
	}
	return b.String()
}

// TestPartsOfBodiesOverHTTP2 has streams that are reset.
func TestPartsOfBodiesOverHTTP2(t *testing.T) {
	t.Parallel()
	base, trustingH2 := serveHTTP2(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	client := newClient(t, fetch.Config{Config: transport.Config{Transport: trustingH2}})
	r := client.Run(t.Context(), targets(spec(), base), fetch.Options{Concurrency: 1}, &recorder{}).Results.At(0)
	require.Equal(t, fetch.StateFailed, r.State)
	require.Equal(t, "half", body(r), r.Error)
	r = client.Run(t.Context(), targets(spec(func(s *fetch.Spec) { s.Method = http.MethodHead }), base),
		fetch.Options{Concurrency: 1}, &recorder{}).Results.At(0)
	require.Empty(t, body(r))
}
