package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

func TestDigestOfAServerThatAsksForNone(t *testing.T) {
	t.Parallel()
	base := serve(t, echo)
	r, exchanges := digestGet(t, base+"/")
	require.Equal(t, 200, r.Status)
	require.Len(t, exchanges, 1)
	require.True(t, exchanges[0].Expected, "k6 counts it as failed, because it is no challenge")
}

// net/http's client, which follows redirects, would send the password along for basic authentication.
func TestDigestSendsNoBasicPassword(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var sent []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		sent = append(sent, r.URL.Path+" "+strings.SplitN(r.Header.Get("Authorization"), " ", 2)[0])
		mu.Unlock()
		switch {
		case r.Header.Get("Authorization") == "":
			w.Header().Set("Www-Authenticate", `Digest realm="r", nonce="n", qop="auth", Basic realm="r"`)
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/":
			w.Header().Set("Location", "next") // the credentials hold for it as well
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	})
	r, exchanges := digestGet(t, base+"/")
	require.Equal(t, 200, r.Status, r.Error)
	require.Equal(t, []string{"/ ", "/ Digest", "/next ", "/next Digest"}, sent)
	for _, x := range exchanges {
		require.True(t, x.Expected, "%+v", x)
	}
}

func TestDigestKeepsTheHeaderOfAScript(t *testing.T) {
	t.Parallel()
	var sent []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("Authorization"))
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Digest ") {
			w.Header().Set("Www-Authenticate", `Digest realm="r", nonce="n"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	r, _ := digestGet(t, base+"/", func(s *fetch.Spec) { s.Header = authorization("Bearer x") })
	require.Equal(t, 200, r.Status)
	require.Len(t, sent, 2)
	require.Equal(t, "Bearer x", sent[0])
	require.True(t, strings.HasPrefix(sent[1], "Digest "), sent[1])
}

func TestDigestOverHTTP2(t *testing.T) {
	t.Parallel()
	s := &digestServer{
		login: knownLogin(), conns: make(map[string]bool),
		header: []string{`Negotiate, Basic realm="x, y"`, plainChallenge},
	}
	srv := httptest.NewUnstartedServer(s)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	client := newClient(t, fetch.Config{Config: transport.Config{Transport: &http.Transport{
		TLSClientConfig: srv.Client().Transport.(*http.Transport).TLSClientConfig, ForceAttemptHTTP2: true,
	}}})
	list := targets(spec(func(s *fetch.Spec) { s.Auth, s.Method, s.Body = transport.AuthDigest, "POST", []byte("sent") }),
		withUser(srv.URL, digestUser, digestPassword)+"/")
	r := client.Run(t.Context(), list, fetch.Options{Concurrency: 1}, &recorder{}).Results.At(0)
	require.Empty(t, s.problems)
	require.Equal(t, "POST sent", body(r), r.Error)
	require.Equal(t, "HTTP/2.0", r.Response.Proto)
}

func TestDigestLoginsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	const workers = 8
	s := newDigestServer(t, knownLogin(), plainChallenge)
	// All workers come before any is answered. Else net/http may dial for one, give it the connection of another that
	// comes free, and have one more than there are workers.
	var coming sync.WaitGroup
	coming.Add(workers)
	var requests atomic.Int64
	s.hold = func() {
		if requests.Add(1) <= workers {
			coming.Done()
			coming.Wait()
		}
	}
	urls := slices.Repeat([]string{withUser(s.base, digestUser, digestPassword) + "/"}, 100)
	obs := &recorder{}
	run := newClient(t, fetch.Config{}).Run(t.Context(),
		targets(spec(func(s *fetch.Spec) { s.Auth = transport.AuthDigest }), urls...), fetch.Options{Concurrency: workers}, obs)
	require.Equal(t, []int{100, 200}, []int{run.Ok, run.Requests})
	require.Len(t, obs.exchanges, 200)
	require.LessOrEqual(t, len(s.conns), workers)
}
