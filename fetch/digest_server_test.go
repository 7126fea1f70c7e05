package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
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
