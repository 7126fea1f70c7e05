package pages

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	visit "github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// ours visits a page, and returns our requests as the server has seen them, with our priorities. The hosts of the page
// are at the addresses that the server returns for their ports.
func ours(t *testing.T, s *server, l *load) []request {
	t.Helper()
	const depth, resources, concurrency = 4, 1000, 100
	client := newClient(s)
	defer client.Close()
	options := visit.Options{
		Browser: discover.Options{CSS: discover.All}, Depth: depth, MaxResources: resources,
		SpecOf: func(string, string) *fetch.Spec { return newSpec() },
	}
	document := fetch.Target{URL: l.document(), Spec: newSpec()}
	run := visit.New(document, options).Run(t.Context(), client, fetch.Options{Concurrency: concurrency}, nobody{})
	require.Zero(t, run.NotRun)
	priorities := make(map[string]string)
	for _, r := range run.Results.All() {
		priorities[r.Target.URL] = r.Resource().Priority
	}
	requests := l.seen()
	for i := range requests {
		requests[i].priority = priorities[l.hosts(requests[i].url)]
	}
	return requests
}

func newClient(s *server) *fetch.Client {
	return fetch.NewClient(fetch.Config{Config: transport.Config{
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
		},
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, network, s.addr(port))
		},
	}})
}

func newSpec() *fetch.Spec {
	jar, _ := cookiejar.New(nil) // it never fails
	return &fetch.Spec{Spec: transport.Spec{
		Redirects: 10, Timeout: time.Minute, Jar: jar,
		Expected: func(status int) bool { return status < http.StatusBadRequest },
	}}
}

// nobody observes a run and drops what it sees.
type nobody struct{}

func (nobody) Exchanged(*fetch.Target, *transport.Exchange) {}
func (nobody) Finished(*fetch.Result, time.Time)            {}
