package js_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// wire is what a server sees of a request besides what handlers are given.
type wire struct {
	Method, Cookie, Kind, Body string
	Length                     int64
	Chunked                    bool
}

// TestRequestsOnTheWire sends the same requests with http.batch and with concurrent, and compares what came.
func TestRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	came := map[string]map[string][]wire{"batch": {}, "fetch": {}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by, rest, _ := strings.Cut(r.URL.Path[1:], "/")
		what, kind, _ := strings.Cut(rest, "/")
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		came[by][what] = append(came[by][what], wire{
			r.Method, strings.Join(r.Header["Cookie"], " | "), r.Header.Get("Content-Type"), string(body),
			r.ContentLength, len(r.TransferEncoding) > 0,
		})
		mu.Unlock()
		switch kind {
		case "set":
			w.Header()["Set-Cookie"] = []string{
				`plain=xy`, `quoted="xy"`, `blank="x y"`, `comma="x,y"`, `bare=x,y z`, `empty=""`, `none=`, `half="x`, `inner=x"y`,
				`slash="x\y"`, `utf=ü`, `equals="a=b"`, `path="p q"; Path="/"`,
			}
		case "redirect":
			w.Header().Set("Set-Cookie", `hop="1 2"; Path=/`)
			w.Header().Set("Location", "/"+by+"/"+what)
			w.WriteHeader(http.StatusFound)
		}
	}))
	defer srv.Close()
	out := judge(t, &web.Server{Server: srv}, "wire")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.NotContains(t, out.Stderr, "Uncaught")
	require.Len(t, came["batch"], len(came["fetch"]))
	require.Greater(t, len(came["batch"]), 60)
	chunked := 0
	for what, theirs := range came["batch"] {
		ours := came["fetch"][what]
		method, _, _ := strings.Cut(what, " ")
		if theirs[0].Chunked {
			// The one difference: k6 sends an empty body in chunks.
			require.Contains(t, []string{"POST", "PUT", "PATCH"}, method)
			require.Equal(t, []int64{-1, 0}, []int64{theirs[0].Length, ours[0].Length}, what)
			theirs[0].Chunked, theirs[0].Length = false, 0
			chunked++
		}
		require.Equal(t, theirs, ours, what)
	}
	require.Equal(t, 9, chunked, "POST, PUT and PATCH of a string, a buffer and a form without anything in them")
	cookies := came["fetch"]["jar"]
	require.Contains(t, cookies[1].Cookie, `; blank="x y"`, "a blank is in quotes again")
	require.Contains(t, cookies[1].Cookie, `; quoted=xy`, "other quotes are gone, as in k6")
}
