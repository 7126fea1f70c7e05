package fetch_test

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// packed is an answer whose server says in the query how it packed it.
type packed struct {
	// Lines are those of Content-Encoding, and Packed is the body as it is sent.
	Lines  []string
	Packed []byte
}

// packing is a test with a server that answers with what it is sent.
type packing struct {
	*testing.T

	client *fetch.Client
	base   string
}

// fetched returns the result of an answer.
func (t packing) fetched(p packed, s *fetch.Spec) *fetch.Result {
	t.Helper()
	var err error
	s.Body, err = json.Marshal(p)
	require.NoError(t, err)
	s.Method = http.MethodPost
	run := t.client.Run(t.Context(), targets(s, t.base), fetch.Options{Concurrency: 1}, &recorder{})
	return run.Results.At(0)
}

// everyWay tests answers over HTTP/1.1, directly and through net/http, and over HTTP/2.
func everyWay(t *testing.T, test func(packing)) {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var p packed
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&p))
		w.Header()["Content-Encoding"] = p.Lines
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(p.Packed)
	})
	plain := serve(t, handler)
	h2, trustingH2 := serveHTTP2(t, handler)
	for way, base := range map[string]string{"direct": plain, "net/http": plain, "HTTP/2": h2} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			cfg := fetch.Config{Config: transport.Config{Transport: trustingH2.Clone()}}
			if change := ways[way]; change != nil {
				change(&cfg)
			}
			test(packing{t, newClient(t, cfg), base})
		})
	}
}

// rawDeflate packs a text as deflate without the header of zlib, as some servers do.
func rawDeflate(text string) []byte {
	var buf bytes.Buffer
	w, _ := flate.NewWriter(&buf, flate.DefaultCompression)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return buf.Bytes()
}

func TestHowServersWriteCodings(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("some text to pack ", 1000)
	everyWay(t, func(t packing) {
		for what, p := range map[string]packed{
			"in capitals":                 {[]string{"GZIP"}, pack(text, "gzip")},
			"in mixed case":               {[]string{"DeFlate"}, pack(text, "deflate")},
			"by its old name":             {[]string{"x-gzip"}, pack(text, "gzip")},
			"by its old name in capitals": {[]string{"X-GZip"}, pack(text, "gzip")},
			"on two lines":                {[]string{"gzip", "br"}, pack(text, "gzip,br")},
			"on three lines":              {[]string{"gzip", "br, zstd", "GZIP"}, pack(text, "gzip,br,zstd,gzip")},
			"after an empty line":         {[]string{"", "gzip"}, pack(text, "gzip")},
			"between blanks":              {[]string{" \t gzip \t,\tbr "}, pack(text, "gzip,br")},
			"between commas":              {[]string{",,gzip, ,br,,"}, pack(text, "gzip,br")},
			"with identity":               {[]string{"identity, gzip, Identity"}, pack(text, "gzip")},
			"as identity alone":           {[]string{"IDENTITY"}, []byte(text)},
			"as nothing":                  {[]string{""}, []byte(text)},
			"as something unknown":        {[]string{"x-odd"}, []byte(text)},
			"around something unknown":    {[]string{"x-odd, gzip"}, pack(text, "gzip")},
			"without the header of zlib":  {[]string{"deflate"}, rawDeflate(text)},
			"raw, inside of another":      {[]string{"deflate, gzip"}, pack(string(rawDeflate(text)), "gzip")},
			"on a line each":              {slices.Repeat([]string{"gzip"}, 3), pack(text, "gzip,gzip,gzip")},
			"many times over":             {slices.Repeat([]string{"gzip"}, 20), pack(text, strings.Repeat("gzip,", 20))},
			"many identities":             {slices.Repeat([]string{"identity"}, 1000), []byte(text)},
		} {
			for _, kind := range []transport.ResponseType{transport.ResponseText, transport.ResponseNone} {
				r := t.fetched(p, spec(func(s *fetch.Spec) { s.ResponseType, s.MaxBodySize = kind, 10_000_000 }))
				require.Equal(t, 200, r.Status, "%s: %s", what, r.Error)
				require.EqualValues(t, len(p.Packed), r.Bytes, what)
				if kind == transport.ResponseText {
					require.Equal(t, text, body(r), what)
				}
			}
		}
	})
}

// TestEncodedBodiesOfNoBytes has servers that claim a coding for an empty body.
func TestEncodedBodiesOfNoBytes(t *testing.T) {
	t.Parallel()
	everyWay(t, func(t packing) {
		for _, codings := range []string{"gzip", "deflate", "br", "zstd", "gzip, br", "br, gzip", "zstd, deflate, gzip", "x-odd"} {
			for _, empty := range [][]byte{nil, pack("", codings)} {
				for _, kind := range []transport.ResponseType{transport.ResponseText, transport.ResponseBinary, transport.ResponseNone} {
					r := t.fetched(packed{[]string{codings}, empty}, spec(func(s *fetch.Spec) { s.ResponseType = kind }))
					require.Equal(t, 200, r.Status, "%s: %s", codings, r.Error)
					require.Empty(t, r.Error)
					require.Equal(t, kind == transport.ResponseNone, r.Response.Body == nil, "it is empty, and not missing")
					require.Empty(t, r.Response.Body)
				}
			}
		}
		// An empty body, packed by the inner coding and not by the outer one, is empty as well.
		r := t.fetched(packed{[]string{"gzip, br"}, pack("", "br")}, spec())
		require.Equal(t, 200, r.Status, r.Error)
		require.Empty(t, body(r))
	})
}

// TestBrokenContent has bodies that arrive whole, but cannot be decoded to their end.
func TestBrokenContent(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("some text to pack ", 1000)
	everyWay(t, func(t packing) {
		for coding := range packers {
			whole := pack(text, coding)
			for what, p := range map[string][]byte{
				"cut off": whole[:len(whole)-1], "cut in two": whole[:len(whole)/2], "its first byte": whole[:1],
				"garbage": []byte("this is not packed"), "a byte of garbage": {0xff},
			} {
				if coding == "zstd" && what == "cut off" && bytes.Equal(p, whole) {
					continue
				}
				r := t.fetched(packed{[]string{coding}, p}, spec())
				require.Equal(t, failure.CodeContentDecode, r.ErrorCode, "%s, %s: %s", coding, what, r.Error)
				require.Zero(t, r.Status)
				require.EqualValues(t, len(p), r.Bytes)
				require.True(t, strings.HasPrefix(text, body(r)), "what could be decoded, and nothing else")
				if body(r) == "" {
					require.Nil(t, r.Response.Body, "%s, %s: nothing came of it, which is not an empty body", coding, what)
				}
				r = t.fetched(packed{[]string{coding}, p}, spec(func(s *fetch.Spec) { s.ResponseType = transport.ResponseNone }))
				require.Equal(t, 200, r.Status, "what is dropped is not decoded: %s", r.Error)
			}
		}
		r := t.fetched(packed{[]string{"deflate"}, rawDeflate(text)[:20]}, spec())
		require.Equal(t, failure.CodeContentDecode, r.ErrorCode, "raw deflate that is cut off")
		r = t.fetched(packed{[]string{"gzip"}, pack(text, "gzip")[:60]}, spec())
		require.NotEmpty(t, body(r), "what came before it broke off")
	})
}

func TestTooManyCodings(t *testing.T) {
	t.Parallel()
	everyWay(t, func(t packing) {
		for _, test := range []struct {
			coding string
			n      int
			fails  bool
		}{
			{"gzip", 6, false},
			{"deflate", 100, false},
			{"gzip", 101, true},
			{"br", 5, false},
			{"br", 6, true},
			{"zstd", 5, false},
			{"zstd", 6, true},
			{"identity", 2000, false},
		} {
			codings := strings.Repeat(test.coding+",", test.n)
			r := t.fetched(packed{[]string{codings}, pack("text", codings)}, spec())
			if test.fails {
				require.Equal(t, failure.CodeContentDecode, r.ErrorCode, "%+v", test)
				require.Equal(t, "response body has too many content codings", r.Error)
				require.Nil(t, r.Response.Body)
				continue
			}
			require.Equal(t, "text", body(r), "%+v: %s", test, r.Error)
		}
	})
}

// TestBombsBetweenCodings has bodies that unpack to very much, which unpacks to nothing. What lies between two codings
// is bounded as well, because decoding might never end otherwise.
func TestBombsBetweenCodings(t *testing.T) {
	t.Parallel()
	nothing := pack("", "gzip") // repeated, it unpacks to nothing
	bomb := pack(string(bytes.Repeat(nothing, 1<<20/len(nothing))), "gzip")
	everyWay(t, func(t packing) {
		for limit, fails := range map[int64]bool{1000: true, 400_000: true, 600_000: false, 0: false} {
			r := t.fetched(packed{[]string{"gzip, gzip"}, bomb}, spec(func(s *fetch.Spec) { s.MaxBodySize = limit }))
			if fails {
				require.Equal(t, "response body is larger than maxBodySize of "+strconv.FormatInt(limit, 10)+" bytes", r.Error)
				require.Nil(t, r.Response.Body)
				continue
			}
			require.Equal(t, 200, r.Status, r.Error)
			require.Empty(t, body(r))
		}
	})
}

// TestBombsThatAreKeptPacked has a body that looks like a bomb, so that it is kept packed. It then goes on without end,
// and unpacks to nothing more.
func TestBombsThatAreKeptPacked(t *testing.T) {
	t.Parallel()
	const limit = 2 << 20
	start, nothing := pack(strings.Repeat("x", 3<<19), "gzip"), bytes.Repeat(pack("", "gzip"), 1000)
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, err := w.Write(start)
		for err == nil {
			_, err = w.Write(nothing)
		}
	})
	r, _ := get(t, spec(func(s *fetch.Spec) { s.MaxBodySize, s.Timeout = limit, time.Minute }), base)
	require.Equal(t, "response body is larger than maxBodySize of "+strconv.Itoa(limit)+" bytes", r.Error)
	require.Less(t, r.Bytes, int64(8<<20))
}

// serveHTTP2 starts a server of HTTP/2, and returns its URL and a transport that trusts it.
func serveHTTP2(t *testing.T, handler http.HandlerFunc) (string, *http.Transport) {
	t.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	trustingH2 := srv.Client().Transport.(*http.Transport).Clone()
	trustingH2.DisableCompression = true // as k6 has it
	return srv.URL, trustingH2
}
