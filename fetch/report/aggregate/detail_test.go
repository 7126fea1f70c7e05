package aggregate_test

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// fetched runs URLs of a server, after a change to what is sent, and hands the results to the collector.
func fetched(t *testing.T, srv *httptest.Server, c *aggregate.Collector, change func(*fetch.Spec), paths ...string) *fetch.Run {
	t.Helper()
	client := fetch.NewClient(fetch.Config{Config: transport.Config{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
	}}})
	defer client.Close()
	spec := &fetch.Spec{
		Spec: transport.Spec{
			Timeout: time.Minute, Redirects: 10, ResponseType: transport.ResponseText,
			Expected: func(status int) bool { return status < 400 },
		},
	}
	change(spec)
	list := make([]fetch.Target, len(paths))
	for i, path := range paths {
		list[i] = fetch.Target{URL: srv.URL + path, Spec: spec}
		if strings.HasPrefix(path, "http") {
			list[i].URL = path
		}
	}
	run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 1, OnResult: c.Add}, ignore{})
	c.Ended("sequential", run)
	return run
}

func TestDetailsAreThoseOfTheResult(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "sid=topsecret")
		w.Header().Set("X-Session-Id", "topsecret")
		w.Header().Set("X-Plain", "seen")
		w.Header().Set("Link", "https://me:topsecret@a.example/")
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(srv.Close)
	c := aggregate.New(aggregate.DefaultLimits())
	withSecrets := strings.Replace(srv.URL, "://", "://me:topsecret@", 1)
	fetched(t, srv, c, func(s *fetch.Spec) {
		s.Method, s.Body = http.MethodPost, []byte("hello")
		s.Header = http.Header{
			"Authorization": {"Bearer topsecret"}, "X-Api-Key": {"topsecret"}, "Accept": {"a/b", "c/d"},
		}
	}, withSecrets+"/old", "http://127.0.0.1:1/")
	s := c.Summary()

	d := s.FailedResults[0].Detail
	require.Equal(t, "HTTP/1.1", d.Proto)
	require.Equal(t, srv.Listener.Addr().String(), d.Remote)
	require.Equal(t, "TLS 1.3", d.TLSVersion)
	require.Contains(t, d.CipherSuite, "TLS_")
	require.EqualValues(t, 5, d.BodySize)
	require.Equal(t, []aggregate.Field{
		{Name: "Accept", Value: "a/b"},
		{Name: "Accept", Value: "c/d"},
		{Name: "Authorization", Value: "****"},
		{Name: "X-Api-Key", Value: "****"},
	}, d.Sent)
	require.Subset(t, d.Received, []aggregate.Field{
		{Name: "Set-Cookie", Value: "****"},
		{Name: "X-Session-Id", Value: "****"},
		{Name: "X-Plain", Value: "seen"},
		{Name: "Link", Value: "https://****:****@a.example/"},
	})
	require.Len(t, d.Redirects, 1)
	require.Equal(t, strings.Replace(srv.URL, "://", "://****:****@", 1)+"/old", d.Redirects[0].URL)
	require.Equal(t, http.StatusFound, d.Redirects[0].Status)
	require.Positive(t, d.Redirects[0].Timings.Waiting)

	leaf := srv.Certificate()
	require.Equal(t, &certificate.Info{
		Subject: "O=Acme Co", Issuer: "O=Acme Co", NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter,
		DNSNames: leaf.DNSNames, Serial: fmt.Sprintf("%X", leaf.SerialNumber), SHA256: fmt.Sprintf("%x", sha256.Sum256(leaf.Raw)),
	}, d.Certificate)
	require.True(t, s.FailedResults[0].Certified)
	require.Equal(t, int(time.Until(leaf.NotAfter).Seconds()/86400), s.FailedResults[0].DaysLeft)

	require.Equal(t, *d, *s.Timelines[0].Rows[0].Detail)
	require.Equal(t, *d, *slowestOf(s, "/new").Detail)

	require.False(t, s.FailedResults[1].Certified)
	refused := s.FailedResults[1].Detail
	require.Nil(t, refused.Certificate)
	require.Empty(t, refused.Proto)
	require.Empty(t, refused.Received)
	require.Len(t, refused.Sent, 4, "what would have been sent")
	require.NotContains(t, fmt.Sprintf("%+v %+v %+v", d, refused, s.Timelines[0].Rows), "topsecret")
}

// slowestOf returns the sample of a path.
func slowestOf(s *aggregate.Summary, path string) *aggregate.Sample {
	for i := range s.SlowestResults {
		if u, err := url.Parse(s.SlowestResults[i].URL); err == nil && u.Path == path {
			return &s.SlowestResults[i]
		}
	}
	return nil
}

// The first rows of a timeline have details. Rows that are alike share them, where they can.
func TestFirstRowsHaveDetails(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "today")
	}))
	t.Cleanup(srv.Close)
	const count = aggregate.DetailedRows + 50
	run := fetched(t, srv, aggregate.New(aggregate.DefaultLimits()), func(s *fetch.Spec) {
		s.Header = http.Header{"Accept": {"*/*"}}
	}, make([]string, count)...)
	line := aggregate.TimelineOf("concurrent", run, count)
	require.Len(t, line.Rows, count)
	for i := range line.Rows {
		require.Equal(t, i < aggregate.DetailedRows, line.Rows[i].Detail != nil, i)
	}
	first, second := line.Rows[0].Detail, line.Rows[1].Detail
	require.Same(t, first.Certificate, second.Certificate)
	require.Same(t, &first.Sent[0], &second.Sent[0])
	require.Same(t, &first.Received[0], &second.Received[0])
}

// However long headers and bodies are, and however many: about 4 kB of each result is kept, and nothing of the rest
// stays in memory because of that.
func TestDetailsAreBounded(t *testing.T) { //nolint:paralleltest // it measures memory
	long := strings.Repeat("ä", 20_000)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := range 50 {
			w.Header().Set(fmt.Sprintf("X-Header-%d", i), fmt.Sprint(i, r.URL.Path, strings.Repeat("x", 1000)))
		}
		if n, _ := fmt.Sscanf(r.URL.Path, "/%d/", new(int)); n == 1 && len(r.URL.Path) < 30 {
			http.Redirect(w, r, r.URL.Path+"1", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, strings.Repeat("body", 50_000))
	}))
	defer srv.Close()
	const count = 150
	c := aggregate.New(aggregate.Limits{Names: count, Slowest: 50, Failed: count, Rows: 0})
	paths := make([]string, count)
	for i := range paths {
		paths[i] = fmt.Sprintf("/%03d/123456789012345", i)
	}
	before := heap()
	fetched(t, srv, c, func(s *fetch.Spec) {
		s.Header = http.Header{"X-Long": {long}, "X-" + strings.Repeat("N", 5000): {"value"}}
	}, paths...)
	grown := heap() - before
	t.Logf("%d bytes", grown)
	require.Less(t, grown, int64(count*(4_500+2_500)+500_000))
	failed := c.Summary().FailedResults
	require.Equal(t, count, len(failed)) //nolint:testifylint // they are long
	for _, s := range failed {
		d := s.Detail
		require.NotEmpty(t, d.Sent)
		require.NotEmpty(t, d.Received)
		require.Positive(t, d.MoreReceived)
		require.Len(t, d.Redirects, 10)
		size := 0
		for _, r := range d.Redirects {
			size += 100 + len(r.URL)
		}
		for _, fields := range [][]aggregate.Field{d.Sent, d.Received} {
			for _, f := range fields {
				size += 32 + len(f.Name) + len(f.Value)
			}
		}
		require.Less(t, size, 4200)
	}
}

// A certificate with names without end, and long ones, costs a report no more than another.
func TestCertificatesAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 5000)
	info := &certificate.Info{
		Subject: long, Issuer: long, Serial: long, SHA256: long, DNSNames: slices.Repeat([]string{long}, 5000),
	}
	kept := aggregate.BoundedCertificate(info)
	require.Equal(t, 4990, kept.More)
	size := 0
	for _, text := range append(kept.DNSNames, kept.Subject, kept.Issuer, kept.Serial, kept.SHA256) {
		require.LessOrEqual(t, len(text), 256+len("…"))
		size += len(text)
	}
	require.LessOrEqual(t, size, 4200)
	require.Nil(t, aggregate.BoundedCertificate(nil))
}

// What is kept of a result gives the verdicts that the result gave, though not all of its certificate is kept.
func TestKeptResultsKeepVerdictsOnCertificates(t *testing.T) {
	t.Parallel()
	check, err := budget.CertificateDays.Limit(14)
	require.NoError(t, err)
	began := time.Date(2026, 11, 28, 1, 2, 3, 4, time.UTC)
	spec := &fetch.Spec{Budget: budget.Checks{check}}
	for _, c := range []struct {
		what string
		left time.Duration // when the result ended
		days float64
		ok   bool
	}{
		{"enough days", 14 * 24 * time.Hour, 14, true},
		{"a moment too few", 14*24*time.Hour - 1, 13, false},
		{"expired", -time.Hour, -1, false},
	} {
		r := &fetch.Result{
			Target: fetch.Target{URL: "https://a.example/", Spec: spec}, State: fetch.StateDone, Status: 200,
			RunStarted: began, Due: 3, Queued: time.Second, Elapsed: time.Minute,
		}
		end := began.Add(r.Ended()).Add(c.left)
		r.Response = &fetch.Response{Conn: &transport.ConnInfo{Certificate: &x509.Certificate{NotAfter: end}}}
		want := []budget.Verdict{{Check: check, Ok: c.ok, Value: c.days, HasValue: true}}
		require.Equal(t, want, slices.Collect(r.Verdicts()), c.what)
		sample := aggregate.SampleOf(r)
		require.Equal(t, want, slices.Collect(sample.Result().Verdicts()), c.what)
	}
	plain := &fetch.Result{Target: fetch.Target{URL: "http://a.example/", Spec: spec}, State: fetch.StateDone, Status: 200}
	sample := aggregate.SampleOf(plain)
	require.Equal(t, []budget.Verdict{{Check: check}}, slices.Collect(sample.Result().Verdicts()), "without TLS")
}

// heap is how much memory is in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
