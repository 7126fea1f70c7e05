package fetch_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// packers are the codings that are undone, by their names.
//
//nolint:gochecknoglobals // a constant list
var packers = map[string]func(io.Writer) io.WriteCloser{
	"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"zstd": func(w io.Writer) io.WriteCloser {
		e, err := zstd.NewWriter(w)
		if err != nil {
			panic(err)
		}
		return e
	},
}

// pack packs a text in the codings of a list, in their order.
func pack(text, codings string) []byte {
	data := []byte(text)
	for coding := range strings.SplitSeq(codings, ",") {
		if packer := packers[strings.TrimSpace(coding)]; packer != nil {
			var buf bytes.Buffer
			w := packer(&buf)
			_, _ = w.Write(data)
			_ = w.Close()
			data = buf.Bytes()
		}
	}
	return data
}

func TestCodingsAreUndone(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("some text to pack ", 1000)
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		codings := r.URL.Query().Get("c")
		w.Header().Set("Content-Encoding", codings)
		_, _ = w.Write(pack(text, codings))
	})
	for _, codings := range []string{"gzip", "deflate", "br", "zstd", "gzip, br", "zstd,deflate", "identity", "x-odd"} {
		for _, kind := range []transport.ResponseType{transport.ResponseText, transport.ResponseBinary, transport.ResponseNone} {
			r, _ := get(t, spec(func(s *fetch.Spec) { s.ResponseType = kind }), base+"/?c="+strings.ReplaceAll(codings, " ", "%20"))
			require.Equal(t, fetch.StateDone, r.State, "%s: %s", codings, r.Error)
			require.EqualValues(t, len(pack(text, codings)), r.Bytes, "bytes are counted as they came")
			if kind == transport.ResponseNone {
				require.Nil(t, r.Response.Body)
			} else {
				require.Equal(t, text, body(r), codings)
			}
		}
	}
}

// TestBodiesThatPackWell has bodies that look like bombs until they end.
func TestBodiesThatPackWell(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", 3<<19) + "end"
	packed := make(map[string][]byte)
	for coding := range packers {
		packed[coding] = pack(text, coding)
	}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.URL.Path[1:])
		_, _ = w.Write(packed[r.URL.Path[1:]])
	})
	for coding := range packers {
		for limit, fails := range map[int]bool{0: false, 10 << 20: false, len(text): false, len(text) - 1: true, 9 << 17: true} {
			r, _ := get(t, spec(func(s *fetch.Spec) { s.MaxBodySize = int64(limit) }), base+"/"+coding)
			require.Equal(t, fails, r.State == fetch.StateFailed, "%s, %d: %s", coding, limit, r.Error)
			if !fails {
				require.Equal(t, text, body(r), coding)
				require.EqualValues(t, len(packed[coding]), r.Bytes)
			}
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		codings := r.URL.Query().Get("c")
		w.Header().Set("Content-Encoding", codings)
		data := pack(strings.Repeat("x", 1000), codings)
		if r.URL.Query().Get("chunked") == "" {
			w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		}
		_, _ = w.Write(data)
	})
	for _, test := range []struct {
		kind  transport.ResponseType
		query string
		limit int64
		fails bool
	}{
		{transport.ResponseText, "", 1000, false},
		{transport.ResponseText, "", 999, true},
		{transport.ResponseText, "", 0, false},
		{transport.ResponseBinary, "?chunked=1", 1000, false},
		{transport.ResponseBinary, "?chunked=1", 999, true},
		{transport.ResponseText, "?c=gzip", 1000, false},
		{transport.ResponseText, "?c=gzip", 999, true},
		{transport.ResponseText, "?c=zstd", 1, true},
		{transport.ResponseNone, "", 1000, false},
		{transport.ResponseNone, "", 999, true},
		{transport.ResponseNone, "?c=gzip", 999, false}, // a dropped body is not decoded
	} {
		r, exchanges := get(t, spec(func(s *fetch.Spec) {
			s.ResponseType, s.MaxBodySize = test.kind, test.limit
		}), base+"/"+test.query)
		require.Equal(t, test.fails, r.State == fetch.StateFailed, "%+v: %s", test, r.Error)
		require.Len(t, exchanges, 1)
		if test.fails {
			require.Equal(t, failure.CodeGeneric, r.ErrorCode)
			require.Equal(t, "response body is larger than maxBodySize of "+strconv.FormatInt(test.limit, 10)+" bytes", r.Error)
			require.Empty(t, body(r))
		}
	}
}

func TestAnswersWithoutContent(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(r.URL.Path[1:])
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", "100")
		if status == http.StatusNoContent {
			w.Header().Del("Content-Length")
		}
		w.WriteHeader(status)
	})
	for _, test := range []struct{ method, path string }{
		{"HEAD", "/200"}, {"HEAD", "/404"}, {"GET", "/204"}, {"GET", "/304"}, {"HEAD", "/304"},
	} {
		client := newClient(t, fetch.Config{})
		run := client.Run(t.Context(), targets(spec(func(s *fetch.Spec) { s.Method = test.method }),
			base+test.path, base+test.path), fetch.Options{Concurrency: 1}, &recorder{})
		for i, r := range run.Results.All() {
			require.Equal(t, test.path[1:], strconv.Itoa(r.Status), "%+v: %s", test, r.Error)
			require.Empty(t, r.Error)
			require.Zero(t, r.Bytes)
			require.Equal(t, i == 1, r.Reused, "the connection is kept")
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/small":
			_, _ = io.WriteString(w, "small")
		case "/chunked":
			_, _ = io.WriteString(w, "a")
			http.NewResponseController(w).Flush() //nolint:errcheck // a test
			_, _ = io.WriteString(w, "b")
		case "/empty":
		case "/404":
			w.WriteHeader(http.StatusNotFound)
		case "/redirect":
			http.Redirect(w, r, "/small", http.StatusFound)
		default:
			w.Header().Set("Content-Encoding", r.URL.Path[1:])
			_, _ = w.Write(append(pack("some text", r.URL.Path[1:]), r.URL.Query().Get("trailing")...))
		}
	})
	for _, path := range []string{
		"/small", "/chunked", "/empty", "/404", "/redirect", "/gzip", "/deflate", "/br", "/zstd", "/deflate?trailing=garbage",
	} {
		for _, kind := range []transport.ResponseType{transport.ResponseNone, transport.ResponseText} {
			run := newClient(t, fetch.Config{}).Run(t.Context(),
				targets(spec(func(s *fetch.Spec) { s.ResponseType = kind }), base+path, base+path),
				fetch.Options{Concurrency: 1}, &recorder{})
			require.Empty(t, run.Results.At(0).Error, path)
			require.True(t, run.Results.At(1).Reused, path)
		}
	}
}

func TestNoConnectionReuse(t *testing.T) {
	t.Parallel()
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	client := newClient(t, fetch.Config{Config: transport.Config{Transport: &http.Transport{DisableKeepAlives: true}}})
	run := client.Run(t.Context(), targets(spec(), base, base), fetch.Options{Concurrency: 1}, &recorder{})
	require.Equal(t, 2, run.Ok)
	require.False(t, run.Results.At(1).Reused)
}

// TestEmptyBodies looks at how a request announces an empty body. Some servers refuse chunks.
func TestEmptyBodies(t *testing.T) {
	t.Parallel()
	type framing struct {
		length  int64
		chunked bool
	}
	var seen sync.Map
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A server does not see the header of a body of known length otherwise: it is -1 for DATA of unknown length.
		seen.Store(r.URL.Path, framing{r.ContentLength, len(r.TransferEncoding) > 0})
		data, err := io.ReadAll(r.Body)
		if err != nil || len(data) > 0 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if rest, ok := strings.CutPrefix(r.URL.Path, "/redirect"); ok {
			http.Redirect(w, r, rest, http.StatusTemporaryRedirect)
		}
	})
	plain := httptest.NewServer(handler)
	defer plain.Close()
	h2 := httptest.NewUnstartedServer(handler)
	h2.EnableHTTP2 = true
	h2.StartTLS()
	defer h2.Close()

	base3, cfg3 := http3Server(t, handler)

	for way, change := range ways {
		for proto, at := range map[string]string{proto1: plain.URL, proto2: h2.URL, proto3: base3} {
			cfg := fetch.Config{Config: transport.Config{Transport: h2.Client().Transport.(*http.Transport).Clone()}}
			version := transport.VersionAny
			if proto == proto3 {
				cfg, version = cfg3, transport.Version3
			}
			change(&cfg)
			client := newClient(t, cfg)
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS", "PROPFIND"} {
				for what, body := range map[string][]byte{"none": nil, "empty": {}} {
					for _, auth := range []transport.Auth{transport.AuthBasic, transport.AuthDigest, transport.AuthNTLM} {
						path := strings.Join([]string{"", way, proto, method, what, strconv.Itoa(int(auth))}, "/")
						base := strings.Replace(at, "//", "//me:word@", 1)
						run := client.Run(t.Context(), targets(spec(func(s *fetch.Spec) {
							s.Method, s.Body, s.Auth, s.Version = method, body, auth, version
						}), base+"/redirect"+path), fetch.Options{Concurrency: 1}, &recorder{})
						r := run.Results.At(0)
						require.Equal(t, 200, r.Status, "%s: %s", path, r.Error)
						require.Equal(t, proto, r.Response.Proto)
						for _, at := range []string{"/redirect" + path, path} {
							got, _ := seen.Load(at)
							if got == (framing{-1, false}) && proto == proto3 && !slices.Contains([]string{"POST", "PUT", "PATCH"}, method) {
								continue // quic-go's server: it has no Content-Length, and no body came
							}
							require.Equal(t, framing{0, false}, got, at)
						}
					}
				}
			}
		}
	}
}

// TestEmptyBodiesHaveALength reads the bytes of requests.
func TestEmptyBodiesHaveALength(t *testing.T) {
	t.Parallel()
	for way, change := range ways {
		for method, want := range map[string]bool{"POST": true, "PUT": true, "PATCH": true, "DELETE": false, "GET": false} {
			for what, body := range map[string][]byte{"none": nil, "empty": {}} {
				head := sentHead(t, change, spec(func(s *fetch.Spec) { s.Method, s.Body = method, body }))
				require.NotContains(t, head, "Transfer-Encoding", "%s %s %s", way, method, what)
				require.Equal(t, want, strings.Contains(head, "\r\nContent-Length: 0\r\n"), "%s %s %s: %s", way, method, what, head)
			}
		}
	}
}

// sentHead returns the head of a request as it came to a server.
func sentHead(t *testing.T, change func(*fetch.Config), s *fetch.Spec) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	heads := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			close(heads)
			return
		}
		defer func() { _ = conn.Close() }()
		var head strings.Builder
		for in := bufio.NewReader(conn); !strings.HasSuffix(head.String(), "\r\n\r\n"); {
			line, err := in.ReadString('\n')
			if err != nil {
				break
			}
			head.WriteString(line)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		heads <- head.String()
	}()
	var cfg fetch.Config
	change(&cfg)
	run := newClient(t, cfg).Run(t.Context(), targets(s, "http://"+listener.Addr().String()+"/"),
		fetch.Options{Concurrency: 1}, &recorder{})
	require.Equal(t, 1, run.Ok, run.Results.At(0).Error)
	return <-heads
}
