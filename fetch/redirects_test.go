package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// echo answers with the method and the body of the request.
func echo(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	_, _ = fmt.Fprintf(w, "%s %s", r.Method, data)
}

func TestRedirectsChangeMethodsAsBrowsersDo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status       int
		method, want string
	}{
		{301, "POST", "GET "},
		{302, "POST", "GET "},
		{303, "POST", "GET "},
		{303, "PUT", "GET "},
		{307, "POST", "POST sent"},
		{308, "POST", "POST sent"},
		{307, "PATCH", "PATCH sent"},
		{301, "GET", "GET "},
		{308, "DELETE", "DELETE sent"},
		{302, "HEAD", ""},
	} {
		t.Run(fmt.Sprintf("%d after %s", test.status, test.method), func(t *testing.T) {
			t.Parallel()
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/" {
					_, _ = io.Copy(io.Discard, r.Body)
					w.Header().Set("Location", "/next")
					w.WriteHeader(test.status)
					return
				}
				echo(w, r)
			})
			r, exchanges := get(t, spec(func(s *fetch.Spec) {
				s.Method = test.method
				if test.method != "GET" && test.method != "HEAD" {
					s.Body = []byte("sent")
				}
			}), base+"/")
			require.Equal(t, fetch.StateDone, r.State, r.Error)
			require.Equal(t, test.want, body(r))
			require.Equal(t, base+"/next", r.URL())
			require.Len(t, exchanges, 2)
			require.Equal(t, []int{2, 1}, []int{r.Requests, r.Attempts})
			require.Len(t, r.Response.Redirects, 1)
			require.Equal(t, base+"/", r.Response.Redirects[0].URL)
			require.Equal(t, test.status, r.Response.Redirects[0].Status)
		})
	}
}

func TestRedirectsEndSomewhere(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	for _, limit := range []int{0, 1, 5} {
		for _, byDefault := range []bool{false, true} {
			var warned []string
			client := newClient(t, fetch.Config{Config: transport.Config{Warn: func(format string, args ...any) {
				warned = append(warned, fmt.Sprintf(format, args...))
			}}})
			run := client.Run(t.Context(), targets(spec(func(s *fetch.Spec) {
				s.Redirects, s.RedirectsByDefault = limit, byDefault
			}), strings.Replace(base, "//", "//me:secret@", 1)+"/"), fetch.Options{Concurrency: 1}, &recorder{})
			r := run.Results.At(0)
			require.Equal(t, 302, r.Status)
			require.Equal(t, fetch.StateDone, r.State)
			require.Equal(t, limit+1, r.Requests)
			require.Len(t, r.Response.Redirects, limit, "the last one is the answer")
			if byDefault {
				require.Len(t, warned, 1)
				require.NotContains(t, warned[0], "secret")
			} else {
				require.Empty(t, warned)
			}
		}
	}
}

// TestSecretsStayAtTheirHost redirects to another host and back.
func TestSecretsStayAtTheirHost(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := make(map[string]http.Header)
	var base, elsewhere string
	base = serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.Path] = r.Header.Clone()
		mu.Unlock()
		next := map[string]string{"/": elsewhere + "/away", "/away": base + "/back", "/back": "/done"}[r.URL.Path]
		if next != "" {
			http.Redirect(w, r, next, http.StatusTemporaryRedirect)
		}
	})
	elsewhere = strings.Replace(base, "127.0.0.1", "localhost", 1)
	secrets := map[string]string{
		"Authorization": "Bearer s3cret", "Cookie": "raw=s3cret", "X-Api-Key": "s3cret", "Proxy-Authorization": "s3cret",
		"X-Auth-Token": "s3cret", "Www-Authenticate": "s3cret",
	}
	for _, change := range []func(*fetch.Spec){
		func(s *fetch.Spec) {
			for name, value := range secrets {
				s.Header.Set(name, value)
			}
		},
		func(s *fetch.Spec) { s.Cookies = []transport.Cookie{{Name: "own", Value: "s3cret"}} },
		func(s *fetch.Spec) {
			jar, _ := cookiejar.New(nil)
			u, _ := url.Parse(base)
			jar.SetCookies(u, []*http.Cookie{{Name: "kept", Value: "s3cret"}})
			s.Jar = jar
		},
	} {
		for _, target := range []string{base + "/", strings.Replace(base, "//", "//me:s3cret@", 1) + "/"} {
			clear(seen)
			r, _ := get(t, spec(func(s *fetch.Spec) {
				s.Header = http.Header{"X-Plain": {"plain"}}
				change(s)
			}), target)
			require.Equal(t, 200, r.Status, r.Error)
			require.Contains(t, fmt.Sprint(seen["/"]), "s3cret")
			require.NotContains(t, fmt.Sprint(seen["/away"]), "s3cret")
			require.NotContains(t, fmt.Sprint(seen["/away"]), "czNjcmV0", "nor in base64")
			require.Equal(t, "plain", seen["/away"].Get("X-Plain"))
			require.NotContains(t, r.URL()+fmt.Sprint(r.Response.Redirects), "s3cret")
		}
	}
}

func TestCookiesOfTheJarAndOfTheTarget(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "set", Value: "by" + strings.ReplaceAll(r.URL.Path, "/", "")})
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, r.Header.Get("Cookie"))
	})
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	u, err := url.Parse(base)
	require.NoError(t, err)
	jar.SetCookies(u, []*http.Cookie{{Name: "both", Value: "jar"}, {Name: "jar", Value: "jar"}})
	for _, test := range []struct {
		what, path string
		cookies    []transport.Cookie
		none       bool
		want       string
	}{
		{what: "no jar, no cookie", path: "/", none: true},
		{what: "own cookies need no jar", path: "/", none: true, cookies: []transport.Cookie{{Name: "a", Value: "b"}}, want: "a=b"},
		{what: "the jar's are sent", path: "/", want: "both=jar; jar=jar"},
		{what: "what was set is sent", path: "/", want: "both=jar; jar=jar; set=by"},
		{
			what: "own cookies come first", path: "/", cookies: []transport.Cookie{{Name: "both", Value: "own"}},
			want: "both=own; both=jar; jar=jar; set=by",
		},
		{
			what: "and replace the jar's if they say so", path: "/",
			cookies: []transport.Cookie{{Name: "both", Value: "own", Replace: true}}, want: "both=own; jar=jar; set=by",
		},
		{what: "a redirect sets them, too", path: "/redirect", want: "both=jar; jar=jar; set=byredirect"},
		{
			what: "own cookies survive a redirect", path: "/redirect", cookies: []transport.Cookie{{Name: "a", Value: "b"}},
			want: "a=b; both=jar; jar=jar; set=byredirect",
		},
	} {
		r, _ := get(t, spec(func(s *fetch.Spec) {
			s.Cookies = test.cookies
			if !test.none {
				s.Jar = jar
			}
		}), base+test.path)
		require.Equal(t, test.want, body(r), test.what)
	}
}
