package report_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// certified is a run of a URL over TLS and of one without, and all that a test keeps of it.
func certified(t *testing.T) (*fetch.Run, *report.Subject, *certificate.Record) {
	t.Helper()
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	secure, plain := httptest.NewTLSServer(handler), httptest.NewServer(handler)
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	client := fetch.NewClient(fetch.Config{Config: transport.Config{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // #nosec G402 -- the test's own server
	}}})
	t.Cleanup(client.Close)
	check, err := budget.CertificateDays.Limit(14)
	require.NoError(t, err)
	spec := &fetch.Spec{Spec: transport.Spec{Timeout: time.Minute, Expected: func(int) bool { return true }}}
	spec.Budget = budget.Checks{check}
	targets := fetch.Targets([]fetch.Target{{URL: secure.URL, Spec: spec}, {URL: plain.URL, Spec: spec}})
	c := aggregate.New(aggregate.DefaultLimits())
	run := client.Run(t.Context(), targets, fetch.Options{Concurrency: 1, OnResult: c.Add}, ignore{})
	c.Ended("sequential", run)
	days := int(time.Until(secure.Certificate().NotAfter).Hours() / 24)
	return run, report.OfSummary(c.Summary()), certificate.Of(secure.Certificate()).Record(days)
}

// Every format that lists single results has the certificate of those over TLS.
func TestReportsHaveCertificates(t *testing.T) {
	t.Parallel()
	run, test, want := certified(t)
	type results []struct {
		URL         string
		Certificate *certificate.Record
	}
	check := func(t *testing.T, all results) {
		t.Helper()
		require.GreaterOrEqual(t, len(all), 2)
		for _, r := range all {
			if strings.HasPrefix(r.URL, "https:") {
				require.Equal(t, want, r.Certificate)
			} else {
				require.Nil(t, r.Certificate, r.URL)
			}
		}
	}
	for what, s := range map[string]*report.Subject{"a run": report.OfRun("sequential", run), "a test": test} {
		t.Run("JSON of "+what, func(t *testing.T) {
			t.Parallel()
			var doc struct {
				Slowest results
				Runs    []struct{ Results results }
			}
			require.NoError(t, json.Unmarshal([]byte(write(t, "json", s)), &doc))
			check(t, slices.Concat(doc.Slowest, doc.Runs[0].Results))
		})
		t.Run("HAR of "+what, func(t *testing.T) {
			t.Parallel()
			var har struct {
				Log struct {
					Entries []struct {
						Request     struct{ URL string }
						Certificate *certificate.Record `json:"_certificate"`
					}
				}
			}
			require.NoError(t, json.Unmarshal([]byte(write(t, "har", s)), &har))
			all := make(results, len(har.Log.Entries))
			for i, e := range har.Log.Entries {
				all[i].URL, all[i].Certificate = e.Request.URL, e.Certificate
			}
			check(t, all)
		})
		t.Run("the page of "+what, func(t *testing.T) {
			t.Parallel()
			page := write(t, "html", s)
			require.Contains(t, page, want.SHA256)
			require.Contains(t, page, phrase.Number(want.DaysLeft)+" days left")
		})
		t.Run("budgets of "+what, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, write(t, "text", s), fmt.Sprintf(
				"certificate_days >= 14: 1 of 2 broken, worst %d, 1 without a certificate", want.DaysLeft))
		})
	}
	t.Run("JSON lines", func(t *testing.T) {
		t.Parallel()
		all := make(results, run.Results.Len())
		for i, r := range run.Results.All() {
			line, err := report.ResultLine("sequential", r)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(line, &all[i]))
		}
		check(t, all)
	})
}

// A hostile certificate neither bloats a report nor breaks it.
func TestReportsBoundCertificates(t *testing.T) {
	t.Parallel()
	names := make([]string, 5000)
	for i := range names {
		names[i] = fmt.Sprintf("%d.example\x1b[31m", i)
	}
	r := &fetch.Result{Target: fetch.Target{URL: "https://a.example/", Spec: &fetch.Spec{}}, State: fetch.StateDone, Status: 200}
	r.Response = &fetch.Response{Conn: transport.WithCertificate(&certificate.Info{
		Subject: strings.Repeat("x", 50_000) + "\x00", DNSNames: names,
	})}
	line, err := report.ResultLine("sequential", r)
	require.NoError(t, err)
	require.Less(t, len(line), 3000)
	require.NotContains(t, string(line), `\u001b`)
	require.Contains(t, string(line), `"moreNames":4990`)
}
