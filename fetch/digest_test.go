package fetch_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

func TestDigestAnswersEveryFormOfChallenge(t *testing.T) {
	t.Parallel()
	for _, test := range digestForms() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			login := knownLogin()
			test.change(&login)
			s := newDigestServer(t, login, test.header...)
			r, exchanges := digestGet(t, s.base+`/path?q="a"%20b`, func(s *fetch.Spec) {
				s.Method, s.Body = "PUT", []byte("sent")
			})
			require.Empty(t, s.problems)
			require.Equal(t, 200, r.Status, r.Error)
			require.Equal(t, fetch.StateDone, r.State)
			require.Equal(t, "PUT sent", body(r))
			require.Equal(t, []int{2, 1}, []int{r.Requests, r.Attempts})
			require.Len(t, exchanges, 2)
			require.True(t, exchanges[0].Expected, "a challenge that is answered is no failure")
			require.True(t, exchanges[1].Expected)
			require.Empty(t, s.seen[0].Values("Authorization"), "nothing is sent unasked")
			require.Len(t, s.conns, 1, "the connection is kept")
			requireNoSecret(t, r, exchanges)
		})
	}
}

func TestDigestLeavesAloneWhatItCannotAnswer(t *testing.T) {
	t.Parallel()
	for name, header := range map[string][]string{
		"no challenge at all":         nil,
		"an empty one":                {""},
		"commas":                      {",,, ,"},
		"another scheme":              {`Basic realm="x y"`},
		"other schemes":               {`Negotiate, NTLM`, `Bearer realm="Digest", nonce="n"`},
		"no parameters":               {`Digest`},
		"a token":                     {`Digest YII==`},
		"no nonce":                    {`Digest realm="r", qop="auth"`},
		"an unknown algorithm":        {`Digest realm="r", nonce="n", algorithm=SHA-1`},
		"no algorithm before -sess":   {`Digest realm="r", nonce="n", algorithm=-sess`},
		"an unknown qop":              {`Digest realm="r", nonce="n", qop="auth-conf"`},
		"a scheme that begins alike":  {`Digestive realm="r", nonce="n"`},
		"no blank behind the scheme":  {`Digest,realm`},
		"quotes only":                 {`"""""`},
		"a nonce in the realm":        {`Digest realm="r, nonce=n`},
		"bytes that are no text":      {"Digest \xff\xfe=\x80, \xf0"},
		"a challenge of 3 MB":         {`Digest nonce="n", realm="` + strings.Repeat("r", 3<<20) + `"`},
		"a header of 1 MB of quotes":  {strings.Repeat(`"`, 1<<20)},
		"a header of 1 MB of slashes": {`Digest realm="` + strings.Repeat(`\`, 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newDigestServer(t, digestLogin{}, header...)
			r, exchanges := digestGet(t, s.base+"/")
			require.Equal(t, []int{401, 1401}, []int{r.Status, r.ErrorCode}, r.Error)
			require.Equal(t, fetch.StateFailed, r.State)
			require.Equal(t, "who are you?", body(r), "the 401 is the answer, as it is")
			require.Len(t, exchanges, 1)
			require.False(t, exchanges[0].Expected, "nothing comes of it, so it counts in http_req_failed")
			require.Len(t, s.seen, 1)
			requireNoSecret(t, r, exchanges)
		})
	}
}

func TestDigestFailsWhereTheHeaderIsNoHeader(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"Digest realm=\"\x00\", nonce=\"n\"", "Digest realm=\"\x1b[31m\", nonce=\"n\"", "Digest \x7f",
	} {
		s := newDigestServer(t, digestLogin{}, value)
		r, exchanges := digestGet(t, s.base+"/")
		require.Equal(t, []int{0, 1000}, []int{r.Status, r.ErrorCode}, "%q", value)
		require.Len(t, exchanges, 1)
		require.NotContains(t, r.Error, "nonce", "%q", value)
	}
}

func TestDigestTakesAnyCredentials(t *testing.T) {
	t.Parallel()
	for name, who := range map[string]*url.Userinfo{
		"a quote and a backslash":        url.UserPassword(`a"\b`, `p"\`),
		"a colon":                        url.UserPassword("DOMAIN\\me", "a:b:c"),
		"UTF-8":                          url.UserPassword("Jäsøn Doe", "Geheim, oder nicht?"),
		"bytes that are not in UTF-8":    url.UserPassword("J\xe4s", "\xff"),
		"characters that do not print":   url.UserPassword("a\u00a0\u200bb", "\u00ad"),
		"what would be a line of header": url.UserPassword("a\r\nX-Bad: 1", "b\r\nX-Bad: 2"),
		"no password":                    url.User("me"),
		"nothing at all":                 nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			login := knownLogin()
			login.user = who.Username()
			login.password, _ = who.Password()
			s := newDigestServer(t, login, plainChallenge)
			target := s.base + "/"
			if who != nil {
				target = strings.Replace(target, "//", "//"+who.String()+"@", 1)
			}
			r, _ := get(t, spec(func(s *fetch.Spec) { s.Auth = transport.AuthDigest }), target)
			require.Empty(t, s.problems)
			require.Equal(t, 200, r.Status, r.Error)
			require.Empty(t, s.seen[1].Get("X-Bad"))
		})
	}
}

func TestDigestGivesUp(t *testing.T) {
	t.Parallel()
	// Each server refuses everything. Its n-th challenge has the nonce and the staleness of the case.
	for _, test := range []struct {
		name      string
		challenge func(n int) string
		requests  int
	}{
		{"after one login that fails", func(n int) string { return fmt.Sprintf(`nonce="%d"`, n) }, 2},
		{"where the nonce is not stale", func(n int) string { return fmt.Sprintf(`nonce="%d", stale=false`, n) }, 2},
		{"where a stale nonce is given again", func(int) string { return `nonce="n", stale=true` }, 2},
		{"where every nonce is stale", func(n int) string { return fmt.Sprintf(`nonce="%d", stale=TRUE`, n) }, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				n++
				w.Header().Set("Www-Authenticate", `Digest realm="r", qop="auth", `+test.challenge(n))
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = fmt.Fprint(w, n)
			})
			r, exchanges := digestGet(t, base+"/")
			require.Equal(t, []int{401, 1401}, []int{r.Status, r.ErrorCode})
			require.Equal(t, fetch.StateFailed, r.State)
			require.Equal(t, []int{test.requests, 1}, []int{r.Requests, r.Attempts})
			require.Equal(t, fmt.Sprint(test.requests), body(r), "the last 401 is the answer")
			require.Len(t, exchanges, test.requests)
			for i, x := range exchanges {
				require.Equal(t, x.Expected, i < test.requests-1, "only the last counts as a failure")
			}
		})
	}
}

func TestDigestAnswersAStaleNonceOnceMore(t *testing.T) {
	t.Parallel()
	login := knownLogin()
	login.qop = "auth-int"
	var used []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		login.nonce = fmt.Sprint(len(used))
		authorization := r.Header.Get("Authorization")
		used = append(used, authorization)
		if login.nonce == "2" {
			login.nonce = "1" // of the second challenge
			if err := login.verify(authorization, r.Method, r.RequestURI, string(data)); err != nil {
				http.Error(w, err.Error(), http.StatusForbidden)
			}
			return
		}
		w.Header().Set("Www-Authenticate", `Digest realm="r", qop="auth-int", stale=true, nonce="`+login.nonce+`"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	r, exchanges := digestGet(t, base+"/", func(s *fetch.Spec) { s.Method, s.Body = "POST", []byte("sent") })
	require.Equal(t, 200, r.Status, "%s %s", r.Error, body(r))
	require.Len(t, exchanges, 3)
	require.Empty(t, used[0])
	require.NotEqual(t, used[1], used[2])
}

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

func TestDigestReadsOnlySoMuchOfAChallenge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		size  int64
		conns int
	}{
		{"1 MB, so that the connection is kept", 1 << 20, 1},
		{"not a body without an end, whose connection is given up", math.MaxInt64, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			conns := make(map[string]bool)
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				conns[r.RemoteAddr] = true
				if r.Header.Get("Authorization") == "" {
					w.Header().Set("Www-Authenticate", `Digest realm="r", nonce="n"`)
					w.Header().Set("Content-Length", fmt.Sprint(test.size))
					w.WriteHeader(http.StatusUnauthorized)
					_, err := io.CopyN(w, zeros{}, test.size)
					ended <- err
				}
			})
			r, exchanges := digestGet(t, base+"/")
			require.Equal(t, 200, r.Status, r.Error)
			require.Len(t, exchanges, 2)
			require.Equal(t, test.conns > 1, <-ended != nil, "the server cannot go on")
			require.Len(t, conns, test.conns)
		})
	}
}

// zeros is a reader without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestDigestFailsWithItsChallenge(t *testing.T) {
	t.Parallel()
	// The body of the challenge is cut off or never comes, or the connection closes before the answer.
	for _, test := range []struct {
		name     string
		fault    func(conn io.WriteCloser, head string)
		code     int
		requests int
	}{
		{"that is cut off", func(conn io.WriteCloser, head string) {
			_, _ = io.WriteString(conn, head+"Content-Length: 100\r\n\r\nhalf")
		}, 1000, 1},
		{"that hangs up before each answer", func(conn io.WriteCloser, head string) {
			_, _ = io.WriteString(conn, head+"Connection: close\r\nContent-Length: 0\r\n\r\n")
		}, 1000, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					return
				}
				defer func() { _ = conn.Close() }()
				if r.Header.Get("Authorization") == "" {
					test.fault(conn, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n")
				}
			})
			r, exchanges := digestGet(t, base+"/")
			require.Equal(t, []int{0, test.code}, []int{r.Status, r.ErrorCode}, r.Error)
			require.Len(t, exchanges, test.requests)
			require.False(t, exchanges[test.requests-1].Expected)
			requireNoSecret(t, r, exchanges)
		})
	}
	t.Run("that stalls", func(t *testing.T) {
		t.Parallel()
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Www-Authenticate", `Digest realm="r", nonce="n"`)
			w.WriteHeader(http.StatusUnauthorized)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		r, exchanges := digestGet(t, base+"/", func(s *fetch.Spec) { s.Timeout = 200 * time.Millisecond })
		require.Equal(t, []int{0, 1050}, []int{r.Status, r.ErrorCode}, r.Error)
		require.Len(t, exchanges, 1)
	})
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

// FuzzDigestChallenge checks that any headers lead to one result after at most three requests. No answer contains more
// than the syntax of credentials allows.
func FuzzDigestChallenge(f *testing.F) {
	for _, form := range digestForms() {
		if len(form.header[0]) < 1000 {
			f.Add(form.header[0], strings.Join(form.header[1:], ", "))
		}
	}
	var mu sync.Mutex
	var header, answers []string
	base := serve(f, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if answer := r.Header.Get("Authorization"); answer != "" {
			answers = append(answers, answer)
		}
		w.Header()["Www-Authenticate"] = header
		w.WriteHeader(http.StatusUnauthorized)
	})
	client := newClient(f, fetch.Config{})
	list := []fetch.Target{{
		URL:  withUser(base, digestUser, digestPassword) + "/",
		Spec: spec(func(s *fetch.Spec) { s.Auth, s.Method, s.Body = transport.AuthDigest, "PUT", []byte("sent") }),
	}}
	f.Fuzz(func(t *testing.T, first, second string) {
		mu.Lock()
		header, answers = []string{first, second}, nil
		mu.Unlock()
		obs := &recorder{}
		run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 1}, obs)
		r := run.Results.At(0)
		if len(obs.finished) != 1 || run.Failed != 1 || r.Status != 401 && r.ErrorCode != failure.CodeGeneric {
			t.Fatalf("%d results, %d failed, status %d: %s", len(obs.finished), run.Failed, r.Status, r.Error)
		}
		if len(obs.exchanges) != r.Requests || r.Requests > 3 || r.Requests != len(answers)+1 {
			t.Fatalf("%d requests, %d exchanges, %d answers", r.Requests, len(obs.exchanges), len(answers))
		}
		for _, answer := range answers {
			if _, err := parseCredentials(answer); err != nil {
				t.Fatal(err)
			}
		}
		requireNoSecret(t, r, obs.exchanges)
	})
}
