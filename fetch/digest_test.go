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

// The credentials of the tests. No error, sample or result may hold the password.
const (
	digestUser     = "me"
	digestPassword = "s3cret: word"
)

// plainChallenge is what most servers send, and knownLogin what they expect then.
const plainChallenge = `Digest realm="r", nonce="n", qop="auth"`

func knownLogin() digestLogin {
	return digestLogin{
		user: digestUser, password: digestPassword, realm: "r", nonce: "n", noOpaque: true, qop: "auth",
	}
}

// digestServer challenges each request without a digest, and verifies those with one.
type digestServer struct {
	base   string
	login  digestLogin
	header []string // the challenge, a line each
	hold   func()   // called as a request comes, if it is not nil

	mu       sync.Mutex
	seen     []http.Header
	conns    map[string]bool
	problems []error
}

func newDigestServer(tb testing.TB, login digestLogin, header ...string) *digestServer {
	tb.Helper()
	s := &digestServer{login: login, header: header, conns: make(map[string]bool)}
	srv := httptest.NewUnstartedServer(s)
	srv.Config.MaxHeaderBytes = 8 << 20
	srv.Start()
	tb.Cleanup(srv.Close)
	s.base = srv.URL
	return s
}

func (s *digestServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	if s.hold != nil {
		s.hold()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, r.Header.Clone())
	s.conns[r.RemoteAddr] = true
	authorization := r.Header.Get("Authorization")
	if !strings.HasPrefix(authorization, "Digest ") {
		w.Header()["Www-Authenticate"] = s.header
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, "who are you?")
		return
	}
	if err := s.login.verify(authorization, r.Method, r.RequestURI, string(data)); err != nil {
		s.problems = append(s.problems, err)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	_, _ = io.WriteString(w, r.Method+" "+string(data))
}

// digestGet fetches a URL with digest authentication by the user of these tests.
func digestGet(tb testing.TB, base string, changes ...func(*fetch.Spec)) (*fetch.Result, []transport.Exchange) {
	tb.Helper()
	changes = append([]func(*fetch.Spec){func(s *fetch.Spec) { s.Auth = transport.AuthDigest }}, changes...)
	return get(tb, spec(changes...), withUser(base, digestUser, digestPassword))
}

// withUser puts credentials into a URL.
func withUser(base, user, password string) string {
	return strings.Replace(base, "//", "//"+url.UserPassword(user, password).String()+"@", 1)
}

// requireNoSecret looks for the password where it must not appear.
func requireNoSecret(tb testing.TB, r *fetch.Result, exchanges []transport.Exchange) {
	tb.Helper()
	require.NotContains(tb, fmt.Sprint(r.URL(), r.Name(), r.Error, r.Response.SentHeader), "s3cret")
	for _, x := range exchanges {
		require.NotContains(tb, fmt.Sprint(x.URL, x.Error), "s3cret")
	}
}

// digestForm is a challenge, one entry per line, and how it changes the login.
type digestForm struct {
	name   string
	header []string
	change func(*digestLogin)
}

// digestForms are challenges that a client must be able to answer. This is row 60 of the table of faults. k6 v2.2.0
// panics at those with a blank in a quoted string, and at lists of several.
func digestForms() []digestForm {
	none := func(*digestLogin) {}
	rfc2069 := func(l *digestLogin) { l.qop = "" }
	realm := func(realm string) func(*digestLogin) { return func(l *digestLogin) { l.realm = realm } }
	algorithm := func(name string) func(*digestLogin) { return func(l *digestLogin) { l.algorithm = name } }
	const rest = `, nonce="n", qop="auth"`
	huge := strings.Repeat("x", 1<<20)
	return []digestForm{
		{"as most servers do", []string{plainChallenge}, none},
		{"without qop, as in RFC 2069", []string{`Digest realm="r", nonce="n"`}, rfc2069},
		{"with a blank in the realm", []string{`Digest realm="two words"` + rest}, realm("two words")},
		{"with a comma in the realm", []string{`Digest realm="one, two"` + rest}, realm("one, two")},
		{
			"with what looks like a challenge in the realm",
			[]string{`Digest realm="a, Basic realm=b, c"` + rest},
			realm("a, Basic realm=b, c"),
		},
		{
			"with quotes and backslashes in the realm",
			[]string{`Digest realm="a \"b\" \\ \c"` + rest},
			realm(`a "b" \ c`),
		},
		{"with an equals sign in the realm", []string{`Digest realm="a=b=="` + rest}, realm("a=b==")},
		{"with an empty realm", []string{`Digest realm=""` + rest}, realm("")},
		{"without a realm", []string{`Digest nonce="n", qop="auth"`}, realm("")},
		{"with a realm in UTF-8", []string{`Digest realm="Gerät"` + rest + `, charset="UTF-8"`}, realm("Gerät")},
		{"with a realm that is not in UTF-8", []string{"Digest realm=\"Ger\xe4t\"" + rest}, realm("Ger\xe4t")},
		{
			"with characters in the realm that do not print",
			[]string{"Digest realm=\"a\u00a0\u200b\tb\"" + rest},
			realm("a\u00a0\u200b\tb"),
		},
		{"with a realm of 1 MB", []string{`Digest realm="` + huge + `"` + rest}, realm(huge)},
		{
			"with an opaque value",
			[]string{`Digest realm="r", opaque="o, p"` + rest},
			func(l *digestLogin) { l.noOpaque, l.opaque = false, "o, p" },
		},
		{
			"with an empty opaque value",
			[]string{`Digest realm="r", opaque=""` + rest},
			func(l *digestLogin) { l.noOpaque = false },
		},
		{"with a choice of auth and auth-int", []string{`Digest realm="r", nonce="n", qop="auth,auth-int"`}, none},
		{"with a choice of auth-int and auth", []string{`Digest realm="r", nonce="n", qop="auth-int, auth"`}, none},
		{"with a choice, unquoted", []string{`Digest realm="r", nonce="n", qop=auth,auth-int`}, none},
		{
			"with auth-int only",
			[]string{`Digest realm="r", nonce="n", qop="auth-int"`},
			func(l *digestLogin) { l.qop = "auth-int" },
		},
		{"with an empty qop", []string{`Digest realm="r", nonce="n", qop=""`}, rfc2069},
		{"with a qop of unknown kind as well", []string{`Digest realm="r", nonce="n", qop="token, AUTH"`}, none},
		{"with MD5", []string{`Digest realm="r", algorithm=MD5` + rest}, algorithm("MD5")},
		{"with md5, quoted", []string{`Digest realm="r", algorithm="md5"` + rest}, algorithm("md5")},
		{"with SHA-256", []string{`Digest realm="r", algorithm=SHA-256` + rest}, algorithm("SHA-256")},
		{"with SHA-512-256", []string{`Digest realm="r", algorithm=SHA-512-256` + rest}, algorithm("SHA-512-256")},
		{"with MD5-sess", []string{`Digest realm="r", algorithm=MD5-sess` + rest}, algorithm("MD5-sess")},
		{"with SHA-256-sess", []string{`Digest realm="r", algorithm=SHA-256-sess` + rest}, algorithm("SHA-256-sess")},
		{
			"with SHA-512-256-sess",
			[]string{`Digest realm="r", algorithm=SHA-512-256-sess` + rest},
			algorithm("SHA-512-256-sess"),
		},
		{"with MD5-SESS", []string{`Digest realm="r", algorithm=MD5-SESS` + rest}, algorithm("MD5-SESS")},
		{
			"with MD5-sess and no qop",
			[]string{`Digest realm="r", nonce="n", algorithm=MD5-sess`},
			func(l *digestLogin) { l.algorithm, l.qop = "MD5-sess", "" },
		},
		{
			"with MD5-sess and auth-int",
			[]string{`Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth-int"`},
			func(l *digestLogin) { l.algorithm, l.qop = "MD5-sess", "auth-int" },
		},
		{
			"with a hashed username",
			[]string{`Digest realm="r", userhash=true` + rest},
			func(l *digestLogin) { l.userhash = true },
		},
		{
			"with a hashed username and SHA-256-sess",
			[]string{`Digest realm="r", userhash="TRUE", algorithm=SHA-256-sess` + rest},
			func(l *digestLogin) { l.userhash, l.algorithm = true, "SHA-256-sess" },
		},
		{"with userhash=false", []string{`Digest realm="r", userhash=false` + rest}, none},
		{
			"with a nonce of the kind that base64 makes",
			[]string{`Digest realm="r", qop="auth", nonce="a+/="`},
			func(l *digestLogin) { l.nonce = "a+/=" },
		},
		{
			"with an empty nonce",
			[]string{`Digest realm="r", nonce="", qop="auth"`},
			func(l *digestLogin) { l.nonce = "" },
		},
		{"stale at once", []string{`Digest realm="r", stale=true` + rest}, none},
		{"with unknown parameters", []string{`Digest realm="r", domain="/a /b", x="y, z"` + rest + `, flag`}, none},
		{"with a parameter that comes twice: the last holds", []string{`Digest realm="x", realm="r"` + rest}, none},
		{"without blanks behind commas", []string{`Digest realm="r",nonce="n",qop="auth"`}, none},
		{"with more blanks than needed", []string{"Digest\t realm = \"r\" ,\t nonce\t=\t\"n\" , qop = auth "}, none},
		{"with superfluous commas", []string{`, Digest ,realm="r",, nonce="n", ,qop="auth",,`}, none},
		{"with an unquoted realm of two words", []string{`Digest realm=two words` + rest}, realm("two words")},
		{"with nothing quoted", []string{`Digest realm=r, nonce=n, qop=auth`}, none},
		{"in other cases", []string{`DIGEST REALM="r", Nonce="n", QOP="Auth"`}, none},
		{"without the last quote", []string{`Digest nonce="n", qop="auth", realm="r`}, none},
		{"behind Basic", []string{`Basic realm="x y", Digest realm="r"` + rest}, none},
		{"before Basic", []string{`Digest realm="r"` + rest + `, Basic realm="x, y", charset="UTF-8"`}, none},
		{"behind Negotiate", []string{`Negotiate, Digest realm="r"` + rest}, none},
		{"behind a token", []string{`Negotiate YII=, NTLM TlRM==, Digest realm="r"` + rest}, none},
		{
			"behind an unknown scheme",
			[]string{`Newauth realm="apps", type=1, title="Login to \"apps\"", Digest realm="r"` + rest},
			none,
		},
		{"on the second line", []string{`Basic realm="x"`, `Digest realm="r"` + rest}, none},
		{"on the third line, behind empty ones", []string{``, ` , `, `Digest realm="r"` + rest}, none},
		{
			"behind one with an unknown algorithm",
			[]string{`Digest realm="r", algorithm=SHA-3, nonce="x", Digest realm="r", algorithm=MD5` + rest},
			algorithm("MD5"),
		},
		{
			"behind one with an unknown qop",
			[]string{`Digest realm="r", nonce="x", qop="token"`, `Digest realm="r"` + rest},
			none,
		},
		{"behind one without a nonce", []string{`Digest realm="r"`, `Digest realm="r"` + rest}, none},
		{"behind one without parameters", []string{`Digest, Digest realm="r"` + rest}, none},
		{
			"before another: the first holds",
			[]string{`Digest realm="r", algorithm=SHA-256` + rest, `Digest realm="r", algorithm=MD5` + rest},
			algorithm("SHA-256"),
		},
		{
			"behind 1 MB of others",
			[]string{strings.Repeat("a, ", 1<<18) + `b c="` + strings.Repeat(`\"`, 1<<17) + `", Digest realm="r"` + rest},
			none,
		},
	}
}

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
