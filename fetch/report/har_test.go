package report_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// harRequests are the requests of an archive.
type harRequests struct {
	Log struct {
		Entries []struct {
			Request struct {
				Method, URL string
				BodySize    int
				Headers     []struct{ Name, Value string }
			}
		}
	}
}

// request is what a server saw of one.
type request struct {
	method, path string
	body         int
}

// TestHARHasEachHopAsItWasSent follows redirects, whose path says with which status each comes, and compares the archive
// with what the server saw.
func TestHARHasEachHopAsItWasSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path string
		body         string
		want         string // methods, and the sizes of their bodies
	}{
		{"POST", "/303", "12345", "POST 5, GET 0"},
		{"POST", "/302", "12345", "POST 5, GET 0"},
		{"PUT", "/301", "12345", "PUT 5, GET 0"},
		{"POST", "/307", "12345", "POST 5, POST 5"},
		{"PATCH", "/308", "12345", "PATCH 5, PATCH 5"},
		{"POST", "/307/308/303/307", "12345", "POST 5, POST 5, POST 5, GET 0, GET 0"},
		{"DELETE", "/302/302", "", "DELETE 0, GET 0, GET 0"},
		{"HEAD", "/302/307", "", "HEAD 0, HEAD 0, HEAD 0"},
		{"HEAD", "/303", "", "HEAD 0, HEAD 0"},
		{"GET", "/307/302/308", "12345", "GET 5, GET 5, GET 0, GET 0"},
		{"", "/", "", "GET 0"},
		{"POST", "/", "12345", "POST 5"},
		{"POST", "/303/cut", "12345", "POST 5, GET 0"},
		{"POST", "/307/307/stop", "12345", "POST 5, POST 5, POST 5"},
	} {
		t.Run(test.method+test.path, func(t *testing.T) {
			t.Parallel()
			run, seen := redirected(t, test.method, test.path, test.body)
			var har harRequests
			require.NoError(t, json.Unmarshal([]byte(write(t, "har", report.OfRun("concurrent", run))), &har))
			require.Len(t, har.Log.Entries, len(seen))
			want := make([]string, len(seen))
			for i, e := range har.Log.Entries {
				got := request{e.Request.Method, pathOf(e.Request.URL), e.Request.BodySize}
				require.Equal(t, seen[i], got)
				want[i] = e.Request.Method + " " + strconv.Itoa(e.Request.BodySize)
				require.Equal(t, i == 0, len(e.Request.Headers) > 0, "the headers that are known are those of the first")
			}
			require.Equal(t, test.want, strings.Join(want, ", "))

			// Of a result that is one of many nothing is kept but the last request.
			kept := &aggregate.Summary{Timelines: []*aggregate.Timeline{aggregate.TimelineOf("concurrent", run, 10)}}
			har = harRequests{}
			require.NoError(t, json.Unmarshal([]byte(write(t, "har", report.OfSummary(kept))), &har))
			require.Len(t, har.Log.Entries, 1)
			last := har.Log.Entries[0].Request
			got := request{last.Method, pathOf(last.URL), last.BodySize}
			require.Equal(t, seen[len(seen)-1], got)
		})
	}
}

func pathOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	_, path, _ := strings.Cut(rest, "/")
	return "/" + path
}

// redirected fetches a path that is redirected along its parts, and returns the run and the requests that came.
func redirected(t *testing.T, method, path, body string) (*fetch.Run, []request) {
	t.Helper()
	var mu sync.Mutex
	var seen []request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		mu.Lock()
		seen = append(seen, request{r.Method, r.URL.Path, len(data)})
		mu.Unlock()
		status, rest, _ := strings.Cut(r.URL.Path[1:], "/")
		switch code, err := strconv.Atoi(status); {
		case err == nil:
			w.Header().Set("Location", "/"+rest)
			w.WriteHeader(code)
		case status == "cut":
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case status == "stop":
			w.WriteHeader(http.StatusNotModified)
		}
	}))
	t.Cleanup(srv.Close)
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)
	spec := &fetch.Spec{
		Spec: transport.Spec{
			Method: method, Header: http.Header{"X-Sent": {"yes"}}, Redirects: 10, Timeout: 10 * time.Second,
		},
	}
	if body != "" {
		spec.Body = []byte(body)
	}
	run := client.Run(t.Context(), fetch.Targets([]fetch.Target{{URL: srv.URL + path, Spec: spec}}),
		fetch.Options{Concurrency: 1}, ignore{})
	mu.Lock()
	defer mu.Unlock()
	return run, seen
}
