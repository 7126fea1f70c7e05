package fetch_test

import (
	"crypto/x509"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// Results and exchanges have the server's certificate, on both ways of a request. Requests over one connection share
// it.
func TestResultsKnowTheCertificate(t *testing.T) {
	t.Parallel()
	for _, protocol := range spoken {
		for way, change := range ways {
			t.Run(protocol+" "+way, func(t *testing.T) {
				t.Parallel()
				addr, scheme, cfg := server(t, protocol, func(http.ResponseWriter, *http.Request) {})
				change(&cfg)
				obs := &recorder{}
				urls := targets(spec(), scheme+"://"+addr+"/1", scheme+"://"+addr+"/2")
				run := newClient(t, cfg).Run(t.Context(), urls, fetch.Options{Concurrency: 1}, obs)
				require.Equal(t, 2, run.Ok)
				first := run.Results.At(0).Response.Conn.Certificate
				if protocol == "HTTP/1.1" {
					require.Nil(t, first)
					require.Nil(t, run.Results.At(0).Certificate())
					_, known := run.Results.At(0).DaysLeft()
					require.False(t, known)
					return
				}
				require.Equal(t, []string{"Acme Co"}, first.Subject.Organization)
				require.Same(t, first, run.Results.At(1).Response.Conn.Certificate)
				require.Same(t, first, obs.exchanges[1].Conn.Certificate)

				described := run.Results.At(0).Certificate()
				require.Equal(t, certificate.Of(first), described)
				require.Same(t, described, run.Results.At(1).Certificate(), "it is made once for a connection")
			})
		}
	}
}

// A budget of a certificate's days is judged by the time of the answer. What was not answered, and what had no TLS, breaks
// it without a value.
func TestBudgetsOfCertificatesAreJudged(t *testing.T) {
	t.Parallel()
	addr, _, cfg := server(t, "TLS", func(http.ResponseWriter, *http.Request) {})
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	check := func(text string) *budget.Check {
		c, err := budget.CertificateDays.Parse(text, budget.Units{})
		require.NoError(t, err)
		return c
	}
	enough, tooFew := check("14"), check(">1000000")
	s := spec(func(s *fetch.Spec) { s.Budget = s.Budget.With(budget.CertificateDays, enough, tooFew) })
	run := newClient(t, cfg).Run(t.Context(),
		targets(s, "https://"+addr, plain, "http://127.0.0.1:1/"), fetch.Options{Concurrency: 1}, nobody{})
	left := time.Until(run.Results.At(0).Response.Conn.Certificate.NotAfter)
	require.Equal(t, 3, run.OverBudget)
	require.Equal(t, []budget.Verdict{
		{Check: enough, Ok: true, Value: float64(left / (24 * time.Hour)), HasValue: true},
		{Check: tooFew, Ok: false, Value: float64(left / (24 * time.Hour)), HasValue: true},
	}, slices.Collect(run.Results.At(0).Verdicts()))
	for i, why := range []string{1: "without TLS", 2: "without an answer"} {
		if why != "" {
			require.Equal(t, []budget.Verdict{{Check: enough}, {Check: tooFew}}, slices.Collect(run.Results.At(i).Verdicts()), why)
		}
	}
}

// A response from a cache has no connection, so its certificate is not judged.
func TestCertificatesOfWhatIsCachedAreNotJudged(t *testing.T) {
	t.Parallel()
	days, err := budget.CertificateDays.Limit(14)
	require.NoError(t, err)
	bytes, err := budget.Bytes.Limit(14)
	require.NoError(t, err)
	r := &fetch.Result{
		Target: fetch.Target{Spec: &fetch.Spec{Budget: budget.Checks{bytes, days}}}, State: fetch.StateDone, Status: 200,
		FromCache: true,
	}
	require.Equal(t, []budget.Verdict{{Check: bytes, Ok: true, HasValue: true}}, slices.Collect(r.Verdicts()))
}

// A certificate is described once, whoever asks first. Its days cost no description.
func TestCertificatesAreDescribedOnce(t *testing.T) { //nolint:paralleltest // it measures memory
	conn := &transport.ConnInfo{Certificate: &x509.Certificate{NotAfter: time.Unix(1e9, 0)}}
	r := &fetch.Result{Response: &fetch.Response{Conn: conn}, RunStarted: time.Unix(0, 0)}
	require.Zero(t, testing.AllocsPerRun(10, func() {
		days, known := r.DaysLeft()
		require.True(t, known && days == 11574)
	}))

	const askers = 20
	described := make([]*certificate.Info, askers)
	var all sync.WaitGroup
	for i := range askers {
		all.Go(func() { described[i] = r.Certificate() })
	}
	all.Wait()
	for _, one := range described {
		require.NotNil(t, one)
		require.Same(t, described[0], one)
	}
}
