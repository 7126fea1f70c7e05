package report_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// empties are reports that nothing was fetched for.
func empties(t *testing.T) map[string]*report.Subject {
	t.Helper()
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Shutdown)
	run := func(source fetch.Iterator, opts fetch.Options) *fetch.Run {
		return client.Run(t.Context(), source, opts, nobody{})
	}
	nothing := run(fetch.Targets(nil), fetch.Options{Concurrency: 1})
	late := fetch.Options{Concurrency: 1, Deadline: time.Nanosecond, Limits: []fetch.Limiter{never{}}}
	cut := run(fetch.Targets([]fetch.Target{{URL: "http://127.0.0.1:1/", Spec: &fetch.Spec{Spec: transport.Spec{Timeout: time.Second}}}}), late)
	require.Equal(t, 1, cut.NotRun)
	return map[string]*report.Subject{
		"a test that fetched nothing":         reporttest.Empty(),
		"a run of an empty list":              report.OfRun("concurrent", nothing),
		"a comparison of an empty list":       report.OfComparison(bothWays(nothing, nothing)),
		"a run that was cut off at the start": report.OfRun("concurrent", cut),
	}
}

type nobody struct{}

func (nobody) Exchanged(*fetch.Target, *transport.Exchange) {}
func (nobody) Finished(*fetch.Result, time.Time)            {}

// TestNothingFetchedIsAFailure: a pipeline that reads a report must not take a script that did nothing for a success.
func TestNothingFetchedIsAFailure(t *testing.T) {
	t.Parallel()
	for name, about := range empties(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := time.Now().Add(-time.Minute)

			var suites struct {
				Suite struct {
					Timestamp string `xml:"timestamp,attr"`
					Tests     int    `xml:"tests,attr"`
					Errors    int    `xml:"errors,attr"`
					Cases     []struct {
						Error *struct {
							Type    string `xml:"type,attr"`
							Message string `xml:"message,attr"`
						} `xml:"error"`
					} `xml:"testcase"`
				} `xml:"testsuite"`
			}
			require.NoError(t, xml.Unmarshal([]byte(write(t, "junit", about)), &suites))
			suite := suites.Suite
			require.Equal(t, 1, suite.Errors)
			require.Len(t, suite.Cases, suite.Tests)
			last := suite.Cases[suite.Tests-1]
			require.NotNil(t, last.Error)
			require.Equal(t, "nothing", last.Error.Type)
			require.Equal(t, "Nothing was fetched", last.Error.Message)
			begun, err := time.Parse("2006-01-02T15:04:05", suite.Timestamp)
			require.NoError(t, err)
			require.True(t, begun.After(before), suite.Timestamp)

			tap := write(t, "tap", about)
			require.Contains(t, tap, "\nnot ok ")
			require.Contains(t, tap, " - Nothing was fetched\n")
			require.NotContains(t, tap, "1..0")

			var d report.Document
			require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
			require.False(t, d.Passed)
			require.Contains(t, d.Verdict, "Nothing was fetched")
			require.True(t, d.Begun.After(before), d.Begun)

			page := write(t, "html", about)
			require.Contains(t, page, "<title>✕ ")
			require.Contains(t, page, `class="top failed"`)
			require.Regexp(t, `<h1>Nothing was fetched[^<]*</h1>`, page)
			require.Regexp(t, `<time datetime="20`, page)

			require.Contains(t, write(t, "markdown", about), "❌ **Nothing was fetched")
			require.Contains(t, write(t, "text", about), "Nothing was fetched")
		})
	}
}

// never lets nothing start.
type never struct{}

func (never) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}
