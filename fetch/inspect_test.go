package fetch_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// bodyWay is one of the ways that a body can come.
type bodyWay struct {
	protocol, coding string
	overNetHTTP      bool
	keeps            transport.ResponseType
}

// overEachWay calls a test for each way that a body can come.
func overEachWay(t *testing.T, test func(t *testing.T, way bodyWay)) {
	t.Helper()
	for _, protocol := range []string{"HTTP/1.1", "TLS", "HTTP/2", "HTTP/3"} {
		for _, coding := range []string{"", "gzip", "br, gzip"} {
			for _, over := range []string{"directly", "net/http"} {
				for _, keeps := range []transport.ResponseType{transport.ResponseNone, transport.ResponseText} {
					name := strings.Join([]string{protocol, coding, over, map[bool]string{true: "kept"}[keeps != 0]}, " ")
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						test(t, bodyWay{protocol, coding, over == "net/http", keeps})
					})
				}
			}
		}
	}
}

// spec returns a spec whose bodies come that way.
func (w bodyWay) spec(change func(s *fetch.Spec)) *fetch.Spec {
	return spec(func(s *fetch.Spec) {
		s.ResponseType = w.keeps
		if w.protocol == "HTTP/3" {
			s.Version = transport.Version3
		}
		if w.overNetHTTP {
			s.Header = http.Header{"Te": {"trailers"}}
		}
	}, change)
}

// write writes a body in its coding.
func (w bodyWay) write(to http.ResponseWriter, text string) {
	if w.coding != "" {
		to.Header().Set("Content-Encoding", w.coding)
	}
	_, _ = to.Write(pack(text, w.coding))
}

// A body is seen decoded while it streams, over every way that a request can go, whether it is kept or not.
func TestABodyIsSeenAsItComes(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("some text to look at ", 10_000)
	overEachWay(t, func(t *testing.T, way bodyWay) {
		t.Helper()
		addr, scheme, cfg := server(t, way.protocol, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/there", http.StatusFound)
				return
			}
			way.write(w, text)
		})
		var seen bytes.Buffer
		var url, asked string
		s := way.spec(func(s *fetch.Spec) {
			s.Inspect = func(req *transport.Request, head *transport.Head) io.Writer {
				asked, url = req.URL, head.URL.String()
				require.Equal(t, http.StatusOK, head.Status)
				require.Equal(t, way.coding, head.Header().Get("Content-Encoding"))
				return &seen
			}
		})
		base := scheme + "://" + addr
		run := newClient(t, cfg).Run(t.Context(), targets(s, base+"/", base+"/there"),
			fetch.Options{Concurrency: 1}, nobody{})
		require.Equal(t, 2, run.Ok, run.Results.At(0).Error)
		require.Equal(t, text+text, seen.String(), "of both")
		require.Equal(t, base+"/there", url, "after redirects")
		require.Equal(t, base+"/there", asked)
		if way.keeps != transport.ResponseNone {
			require.Equal(t, text, string(run.Results.At(0).Response.Body))
		}
	})
}

func TestBodiesThatAreSeenAreBounded(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(pack(strings.Repeat("x", 100_000), "gzip"))
	})
	var seen bytes.Buffer
	result, _ := get(t, spec(func(s *fetch.Spec) {
		s.ResponseType, s.MaxBodySize = transport.ResponseNone, 50_000
		s.Inspect = func(*transport.Request, *transport.Head) io.Writer { return &seen }
	}), base)
	require.Equal(t, fetch.StateFailed, result.State)
	require.Contains(t, result.Error, "larger than maxBodySize of 50000 bytes")
	require.LessOrEqual(t, seen.Len(), 50_001)
}

type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, errors.New("no more of this") }

func TestWhoSeesABodyMayEndIt(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "text") })
	result, _ := get(t, spec(func(s *fetch.Spec) {
		s.Inspect = func(*transport.Request, *transport.Head) io.Writer { return refusing{} }
	}), base)
	require.Equal(t, fetch.StateFailed, result.State)
	require.Equal(t, "no more of this", result.Error)
}

// Answers without content have nothing to see, and are no failure.
func TestNothingIsSeenOfAnswersWithoutContent(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusNotModified)
	})
	var seen bytes.Buffer
	result, _ := get(t, spec(func(s *fetch.Spec) {
		s.Inspect = func(*transport.Request, *transport.Head) io.Writer { return &seen }
	}), base)
	require.Equal(t, fetch.StateDone, result.State)
	require.Zero(t, seen.Len())
}
