package report_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

func TestHARHasTheRequestsOfARun(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	var har struct {
		Log struct {
			Pages   []struct{ ID string }
			Entries []struct {
				Pageref         string
				StartedDateTime time.Time
				Time            float64
				Request         struct {
					Method, URL string
					QueryString []struct{ Name, Value string }
				}
				Response struct {
					Status      int
					RedirectURL string
				}
				Timings map[string]float64
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", report.OfRun("concurrent", run))), &har))
	entries := har.Log.Entries
	require.Len(t, entries, run.Requests, "redirects included")
	require.Len(t, har.Log.Pages, 1)
	for _, e := range entries {
		require.False(t, e.StartedDateTime.Before(run.Started.Truncate(time.Millisecond)))
		require.False(t, e.StartedDateTime.After(run.Started.Add(run.Elapsed)))
		require.Equal(t, har.Log.Pages[0].ID, e.Pageref)
		var sum float64
		for name, part := range e.Timings {
			if name != "ssl" { // a part of connect
				sum += max(0, part)
			}
		}
		require.InDelta(t, sum, e.Time, 0.001)
	}
	require.Equal(t, http.StatusFound, entries[0].Response.Status)
	require.Equal(t, entries[1].Request.URL, entries[0].Response.RedirectURL)
	require.Equal(t, "q", entries[1].Request.QueryString[0].Name)
}

// k6 counts the time between the end of the connecting and the handing over of the connection twice, in blocked and in
// sending. A redirect that has much of it makes no request start after its result has ended.
func TestHARStartsNothingAfterTheResultsEnd(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	var r fetch.Result
	run.Results.Read(0, &r)
	require.Len(t, r.Response.Redirects, 1)
	r.Response.Redirects[0].Timings.Sending += time.Hour
	var har struct {
		Log struct {
			Entries []struct{ StartedDateTime time.Time }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", report.OfRun("concurrent", run))), &har))
	require.Len(t, har.Log.Entries, run.Requests)
	for _, e := range har.Log.Entries {
		require.False(t, e.StartedDateTime.After(run.Started.Add(run.Elapsed)))
	}
}

// realRun is a run against real servers: a redirect, credentials wherever they can be, and something that fails.
func realRun(t *testing.T) *fetch.Run {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session=topsecret; Path=/")
		w.Header().Set("X-Auth-Token", "topsecret")
		w.Header().Set("Content-Location", "http://me:topsecret@host/")
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/there?q=1&r=%3D", http.StatusFound)
			return
		}
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	host := strings.TrimPrefix(srv.URL, "http://")
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)
	spec := &fetch.Spec{
		Spec: transport.Spec{
			Header: http.Header{
				"Authorization": {"Bearer topsecret"}, "X-Api-Key": {"topsecret"}, "Cookie": {"a=topsecret"}, "Accept": {"*/*"},
			},
			Cookies: []transport.Cookie{{Name: "b", Value: "topsecret"}}, Body: []byte("topsecret"),
			Redirects: 5, Timeout: 10 * time.Second, Expected: func(status int) bool { return status < 400 },
		},
	}
	home := "=home"
	targets := []fetch.Target{
		{URL: "http://me:topsecret@" + host + "/", Spec: spec, Key: &home},
		{URL: "http://me:topsecret@" + host + "/missing", Spec: spec},
		{URL: "https://me:topsecret@127.0.0.1:1/", Spec: spec},
		{URL: "http://me:top%73ecret@" + host + "/%zz", Spec: spec},
	}
	run := client.Run(t.Context(), fetch.Targets(targets), fetch.Options{Concurrency: 1}, ignore{})
	require.Equal(t, 1, run.Ok)
	return run
}

type ignore struct{}

func (ignore) Exchanged(*fetch.Target, *transport.Exchange) {}
func (ignore) Finished(*fetch.Result, time.Time)            {}

func TestReportsHoldNoCredentials(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	c := aggregate.New(aggregate.DefaultLimits())
	for _, r := range run.Results.All() {
		c.Add(r)
	}
	c.Ended("concurrent", run)
	c.Compared(bothWays(run, run))
	for name, about := range map[string]*report.Subject{
		"run": report.OfRun("concurrent", run), "comparison": report.OfComparison(bothWays(run, run)), "all": report.OfSummary(c.Summary()),
	} {
		for _, format := range report.Formats() {
			text := write(t, format, about)
			require.NotContains(t, text, "topsecret", "%s %s", name, format)
			require.NotContains(t, text, "top%73ecret", "%s %s", name, format)
		}
	}
}
