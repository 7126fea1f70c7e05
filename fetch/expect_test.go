package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// ofBody expects something of a body.
func ofBody(checks ...*expect.Check) *expect.Expectation {
	var e *expect.Expectation
	return e.With(expect.Body, checks...)
}

func matches(text string) *expect.Check {
	return expect.Matches(expect.Pattern{Regexp: regexp.MustCompile(text), Source: "/" + text + "/"})
}

// unmet are the names of what a result does not meet.
func unmet(r *fetch.Result) (names []string) {
	for _, u := range r.Unmet {
		names = append(names, u.Name)
	}
	return names
}

// A decoded body is judged over every way that a request can go, whether it is kept or not. What is not met fails the
// target, but not its exchange, and the connection goes on.
func TestBodiesAreJudged(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("some text to look at ", 10_000) + "Page not found"
	overEachWay(t, func(t *testing.T, way bodyWay) {
		t.Helper()
		addr, scheme, cfg := server(t, way.protocol, func(w http.ResponseWriter, _ *http.Request) { way.write(w, text) })
		s := way.spec(func(s *fetch.Spec) {
			s.Expect = ofBody(
				expect.Contains("some text"), expect.Lacks("not found"), matches("^some .*found$"), matches("^text"),
			)
		})
		base := scheme + "://" + addr
		obs := &recorder{}
		run := newClient(t, cfg).Run(t.Context(), targets(s, base, base), fetch.Options{Concurrency: 1}, obs)
		require.Equal(t, 2, run.Failed)
		require.Equal(t, 2, run.Answered)
		for i, r := range run.Results.All() {
			require.Equal(t, []string{`body lacks "not found"`, "body matches /^text/"}, unmet(r))
			require.Equal(t, `body lacks "not found": it is there (and 1 more)`, r.Error)
			require.Equal(t, http.StatusOK, r.Status)
			require.Zero(t, r.ErrorCode)
			require.Equal(t, i > 0, r.Reused)
			require.Equal(t, way.keeps != transport.ResponseNone, string(r.Response.Body) == text)
		}
		for i := range obs.exchanges {
			require.True(t, obs.exchanges[i].Expected)
			require.Empty(t, obs.exchanges[i].Error)
		}
	})
}

// Status, header and certificate are judged without looking at the body, and JSON with all of it.
func TestHeadsAndJSONAreJudged(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"HTTP/1.1", "TLS", "HTTP/2"} {
		for _, keeps := range []transport.ResponseType{transport.ResponseNone, transport.ResponseBinary} {
			t.Run(fmt.Sprint(protocol, keeps), func(t *testing.T) {
				t.Parallel()
				addr, scheme, cfg := server(t, protocol, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/" {
						http.Redirect(w, r, "/there", http.StatusFound)
						return
					}
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(http.StatusAccepted)
					_, _ = io.WriteString(w, `{"state":"done"}`)
				})
				var e *expect.Expectation
				e = e.With(expect.Status, expect.StatusIn([][2]int{{202, 202}})).
					With(expect.Headers, expect.Header("content-type", "application/json"), expect.HeaderAbsent("location"))
				head := e
				e = e.With(expect.JSON, expect.JSONValue("state", "done")).With(expect.Certificate, expect.CertificateFor(1))
				for _, expected := range []*expect.Expectation{head, e} {
					s := spec(func(s *fetch.Spec) { s.Expect, s.ResponseType = expected, keeps })
					run := newClient(t, cfg).Run(
						t.Context(), targets(s, scheme+"://"+addr+"/"), fetch.Options{Concurrency: 1}, nobody{})
					r := run.Results.At(0)
					if expected == e && protocol == "HTTP/1.1" {
						require.Equal(t, []string{"certificate valid for 1 day"}, unmet(r))
						continue
					}
					require.Equal(t, fetch.StateDone, r.State, r.Error)
					for v := range r.Expectations() {
						require.True(t, v.Ok && v.HasValue, v.Name)
					}
				}
			})
		}
	}
}

// Of several attempts the last is judged, and what is not met is no reason for another.
func TestTheLastAttemptIsJudged(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/busy" && asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "busy")
			return
		}
		_, _ = io.WriteString(w, "here")
	})
	opts := fetch.Options{Concurrency: 1, Retries: 3}
	s := spec(func(s *fetch.Spec) { s.Expect = ofBody(expect.Contains("here"), expect.Lacks("busy")) })
	r := newClient(t, fetch.Config{}).Run(t.Context(), targets(s, base+"/busy"), opts, nobody{}).Results.At(0)
	require.True(t, r.Ok(), r.Error)
	require.Equal(t, 2, r.Attempts)

	s = spec(func(s *fetch.Spec) { s.Expect = ofBody(expect.Contains("there")) })
	r = newClient(t, fetch.Config{}).Run(t.Context(), targets(s, base), opts, nobody{}).Results.At(0)
	require.Equal(t, `body contains "there": not in 4 bytes`, r.Error)
	require.Equal(t, 1, r.Attempts)
}

// What did not come whole meets nothing, and says why it did not come.
func TestUnansweredTargetsMeetNothing(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "here")
	})
	s := spec(func(s *fetch.Spec) { s.Expect = ofBody(expect.Contains("here"), expect.Lacks("there")) })
	for _, url := range []string{base, "http://127.0.0.1:1/", "not a URL"} {
		r := newClient(t, fetch.Config{}).Run(t.Context(), targets(s, url), fetch.Options{Concurrency: 1}, nobody{}).Results.At(0)
		require.Equal(t, fetch.StateFailed, r.State)
		require.Empty(t, r.Unmet)
		require.NotContains(t, r.Error, "body contains")
		verdicts := 0
		for v := range r.Checks() {
			require.False(t, v.Ok || v.HasValue, v.Name)
			verdicts++
		}
		require.Equal(t, 2, verdicts)
	}
}

// A body that has to be held is bounded, although it is not kept.
func TestHeldBodiesAreBounded(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(pack(strings.Repeat("x", 100_000), "gzip"))
	})
	var e *expect.Expectation
	result, _ := get(t, spec(func(s *fetch.Spec) {
		s.ResponseType, s.MaxBodySize = transport.ResponseNone, 50_000
		s.Expect = e.With(expect.JSON, expect.JSONValue("a", nil))
	}), base)
	require.Equal(t, fetch.StateFailed, result.State)
	require.Contains(t, result.Error, "larger than maxBodySize of 50000 bytes")
	require.Empty(t, result.Unmet)
}

// Answers without content are judged as empty ones.
func TestNoContentIsJudgedAsEmpty(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	result, _ := get(t, spec(func(s *fetch.Spec) {
		s.Expect = ofBody(expect.Contains("a"), expect.Lacks("b"))
	}), base)
	require.Equal(t, []string{`body contains "a"`}, unmet(result))
	require.Contains(t, result.Error, "the body is empty")
}

// stores is a page whose results stand for what a cache has.
type stores struct{ body string }

func (stores) Resource(int) *fetch.Resource { return &fetch.Resource{Initiator: -1} }
func (stores) Stored(int) *fetch.Stored     { return nil }
func (s stores) Judge(*fetch.Result) *fetch.Stored {
	return &fetch.Stored{Status: http.StatusOK, Header: http.Header{"X": {"1"}}, Body: []byte(s.body)}
}

// What a cache stands for is judged as it was stored.
func TestAStoredResponseIsJudged(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	for body, ok := range map[string]bool{"here": true, "gone": false} {
		result, _ := get(t, spec(func(s *fetch.Spec) {
			s.Page = stores{body}
			s.Expect = ofBody(expect.Contains("here")).
				With(expect.Status, expect.StatusIn([][2]int{{200, 200}})).With(expect.Headers, expect.Header("x", "1"))
		}), base)
		require.Equal(t, ok, result.Ok(), result.Error)
	}
}
