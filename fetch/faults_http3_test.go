package fetch_test

import (
	"crypto/tls"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/quicpeer"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// TestHTTP3Faults is the table of HTTP/3's faults: each between two good pages. The cases run one after another, so that
// leftovers can be attributed to one.
//
//nolint:paralleltest // counts goroutines and file descriptors of the process
func TestHTTP3Faults(t *testing.T) {
	authority, err := faults.NewAuthority()
	require.NoError(t, err)
	for _, c := range quicpeer.Table() {
		t.Run(c.Name, func(t *testing.T) {
			before := measure()
			causedHTTP3(t, authority, c)
			before.back(t)
		})
	}
}

// causedHTTP3 causes a fault and checks what the engine makes of it.
func causedHTTP3(t *testing.T, authority *faults.Authority, c quicpeer.Case) {
	t.Helper()
	peer, good := c.Start(t, authority), quicpeer.Good(t, authority)
	defer good.Close()
	defer peer.Close()
	client := fetch.NewClient(trustingHTTP3(authority))
	defer client.Shutdown()
	what := http3Spec(c)
	if c.Warm {
		warming := *what
		warming.Timeout, warming.Method, warming.Body = patience, "", nil
		warm := client.Run(t.Context(), targets(&warming, peer.WarmURL()), fetch.Options{Concurrency: 1}, &recorder{})
		require.Equal(t, 1, warm.Ok)
		peer.Between()
	}
	sibling := *what
	sibling.Timeout, sibling.Method, sibling.Body = patience, "", nil

	obs := &recorder{}
	urls := []string{good.URL(), peer.URL(), good.URL()}
	list := []fetch.Target{{URL: urls[0], Spec: &sibling}, {URL: urls[1], Spec: what}, {URL: urls[2], Spec: &sibling}}
	run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 3}, obs)

	require.Equal(t, 3, run.Count)
	require.Zero(t, run.NotRun)
	require.Len(t, obs.finished, 3)
	require.Len(t, obs.exchanges, run.Requests)
	r := run.Results.At(1)
	outcome := outcomeOf(r)
	assert.Truef(t, outcome.OneOf(c.Want), "%+v (%s), and the table says %+v", outcome, r.Error, c.Want)
	assert.Equal(t, outcome.Failed(), r.State == fetch.StateFailed)
	assertText(t, r.Error, r.ErrorCode, r.Status)
	assert.NotContains(t, r.Error, quicpeer.Secret)
	of := exchangesOf(obs, r.Index, urls)
	assert.NotEmpty(t, of, "exchanges of the fault")
	for _, x := range of {
		assertText(t, x.Error, x.ErrorCode, x.Status)
		assert.NotContains(t, x.Error, quicpeer.Secret)
	}
	for _, i := range []int{0, 2} {
		sibling := run.Results.At(i)
		assert.Equal(t, fetch.StateDone, sibling.State, sibling.Error)
		assert.Equal(t, proto3, sibling.Response.Proto)
		assert.Equal(t, 1, sibling.Attempts)
	}
	assert.Equal(t, 2, good.Hits())
	assert.Equal(t, 1, good.Conns())
	if c.Stalls {
		assert.InDelta(t, faults.Timeout, r.Elapsed, float64(faults.Timeout))
	}
	if c.Hits != quicpeer.Any {
		assert.Equal(t, c.Hits, peer.Hits(), "requests that reached the server")
	}
	if c.Hits > 0 {
		assert.Equal(t, c.Hits+c.Lost, connected(of)+r.Resent, "exchanges with a connection, and silent repeats: %+v", of)
	}
}

// trustingHTTP3 is the configuration of a client that trusts the certificates of the faults.
func trustingHTTP3(a *faults.Authority) fetch.Config {
	return fetch.Config{Config: transport.Config{Transport: &http.Transport{
		DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConns: 20,
		TLSClientConfig: &tls.Config{RootCAs: a.Roots, MinVersion: tls.VersionTLS12},
	}}}
}

// http3Spec requests a fault.
func http3Spec(c quicpeer.Case) *fetch.Spec {
	return over(transport.Version3, func(s *fetch.Spec) {
		s.ResponseType, s.Timeout = transport.ResponseNone, patience
		s.Method, s.Body = c.Needs.Method, c.Needs.RequestBody()
		if c.Needs.Body {
			s.ResponseType = transport.ResponseText
		}
		if c.Stalls {
			s.Timeout = faults.Timeout
		}
	})
}

// TestHTTP3Idle has a server fall silent. quic-go waits for five seconds at least.
func TestHTTP3Idle(t *testing.T) {
	t.Parallel()
	authority, err := faults.NewAuthority()
	require.NoError(t, err)
	c := quicpeer.Idle()
	peer := c.Start(t, authority)
	obs := &recorder{}
	run := newClient(t, trustingHTTP3(authority)).
		Run(t.Context(), targets(http3Spec(c), peer.URL()), fetch.Options{Concurrency: 1}, obs)
	r := run.Results.At(0)
	require.Equal(t, c.Want, []faults.Outcome{outcomeOf(r)}, r.Error)
	assertText(t, r.Error, r.ErrorCode, r.Status)
	require.Len(t, obs.exchanges, 1)
	require.Equal(t, c.Hits, peer.Hits())
}

// TestHTTP3GoAwayAfterFewRequests has many more requests under way than a connection takes. None fails for that, and
// each time is reported.
func TestHTTP3GoAwayAfterFewRequests(t *testing.T) {
	t.Parallel()
	const count = 60
	authority, err := faults.NewAuthority()
	require.NoError(t, err)
	c := quicpeer.Departing()
	peer := c.Start(t, authority)
	obs := &recorder{}
	run := newClient(t, trustingHTTP3(authority)).
		Run(t.Context(), targets(http3Spec(c), slices.Repeat([]string{peer.URL()}, count)...), fetch.Options{Concurrency: 10}, obs)
	resent := 0
	for _, r := range run.Results.All() {
		require.Equal(t, fetch.StateDone, r.State, r.Error)
		resent += r.Resent
	}
	require.Len(t, obs.exchanges, count)
	require.Positive(t, resent)
	// The peer need not read what it has turned away by then.
	require.GreaterOrEqual(t, peer.Hits(), count, "requests that reached the server")
	require.LessOrEqual(t, peer.Hits(), count+resent, "requests that reached the server")
	require.GreaterOrEqual(t, peer.Conns(), count/quicpeer.DepartsAfter)
}
