package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is an observer that keeps what it receives.
type recorder struct {
	mu        sync.Mutex
	exchanges []transport.Exchange
	targets   []fetch.Target // of the exchanges
	finished  []fetch.Result
}

func (o *recorder) Exchanged(t *fetch.Target, x *transport.Exchange) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.exchanges, o.targets = append(o.exchanges, *x), append(o.targets, *t) // the worker reuses its own
}

func (o *recorder) Finished(r *fetch.Result, _ time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.finished = append(o.finished, *r)
}

// statuses lists the statuses of the exchanges, in the order in which they ended.
func (o *recorder) statuses() []int {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := make([]int, len(o.exchanges))
	for i := range o.exchanges {
		all[i] = o.exchanges[i].Status
	}
	return all
}

// spec returns a spec with k6's defaults and the changes.
func spec(changes ...func(*fetch.Spec)) *fetch.Spec {
	s := &fetch.Spec{
		Spec: transport.Spec{
			Redirects: 10, Timeout: time.Minute, ResponseType: transport.ResponseText,
			Expected: func(status int) bool { return status >= 200 && status < 400 },
		},
	}
	for _, change := range changes {
		change(s)
	}
	return s
}

// targets lists URLs as targets of one spec.
func targets(s *fetch.Spec, urls ...string) fetch.Iterator {
	list := make([]fetch.Target, len(urls))
	for i, url := range urls {
		list[i] = fetch.Target{URL: url, Spec: s}
	}
	return fetch.Targets(list)
}

// newClient returns a client that is closed at the end of the test.
func newClient(tb testing.TB, cfg fetch.Config) *fetch.Client {
	tb.Helper()
	client := fetch.NewClient(cfg)
	tb.Cleanup(client.Close)
	return client
}

// serve starts a server that is closed at the end of the test, and returns its URL.
func serve(tb testing.TB, handler http.HandlerFunc) string {
	tb.Helper()
	srv := httptest.NewServer(handler)
	tb.Cleanup(srv.Close)
	return srv.URL
}

// get fetches one URL and returns its result and its exchanges.
func get(tb testing.TB, s *fetch.Spec, url string) (*fetch.Result, []transport.Exchange) {
	tb.Helper()
	obs := &recorder{}
	run := newClient(tb, fetch.Config{}).Run(tb.Context(), targets(s, url), fetch.Options{Concurrency: 1}, obs)
	return run.Results.At(0), obs.exchanges
}

// body returns the body of a result as text.
func body(r *fetch.Result) string {
	if r.Response == nil {
		return ""
	}
	return string(r.Response.Body)
}
