package fetch_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

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
