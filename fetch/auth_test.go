package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

func TestBasicAuthComesFromTheURL(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		_, _ = fmt.Fprintf(w, "%s %s %t %s", user, password, ok, r.Header.Get("Authorization"))
	})
	for _, test := range []struct{ info, header, want string }{
		{"", "", "  false "},
		{"me:s3cret@", "", "me s3cret true Basic bWU6czNjcmV0"},
		{"me@", "", "me  true Basic bWU6"},
		{"m%40e:s%2F%3A3@", "", "m@e s/:3 true Basic bUBlOnMvOjM="},
		{"me:s3cret@", "Bearer x", "  false Bearer x"},
	} {
		r, exchanges := get(t, spec(func(s *fetch.Spec) {
			if test.header != "" {
				s.Header = http.Header{"Authorization": {test.header}}
			}
		}), strings.Replace(base, "//", "//"+test.info, 1)+"/")
		require.Equal(t, test.want, body(r), test.info)
		if test.header == "" {
			require.Empty(t, r.Response.SentHeader.Get("Authorization"), "what is shown of a request holds no secret")
		}
		require.NotContains(t, exchanges[0].URL, "s3")
		require.NotContains(t, r.URL(), "s3")
		require.NotContains(t, r.Name(), "s3")
	}
}

func TestDigestAuthAnswersAChallenge(t *testing.T) {
	t.Parallel()
	var seen []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		auth := r.Header.Get("Authorization")
		seen = append(seen, auth)
		if !strings.HasPrefix(auth, "Digest ") {
			w.Header().Set("Www-Authenticate", `Digest realm="r", nonce="n", qop="auth", algorithm=MD5`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		echo(w, r)
	})
	r, exchanges := get(t, spec(func(s *fetch.Spec) {
		s.Auth, s.Method, s.Body = fetch.AuthDigest, "POST", []byte("sent")
	}), strings.Replace(base, "//", "//me:s3cret@", 1)+"/path?query")
	require.Equal(t, fetch.StateDone, r.State, r.Error)
	require.Equal(t, "POST sent", body(r))
	require.Len(t, exchanges, 2)
	require.Equal(t, []int{2, 1}, []int{r.Requests, r.Attempts})
	require.True(t, exchanges[0].Expected, "the challenge was to be expected")
	require.True(t, exchanges[1].Expected)
	require.Empty(t, seen[0])
	require.Contains(t, seen[1], `username="me"`)
	require.Contains(t, seen[1], `uri="/path?query"`)
	require.NotContains(t, fmt.Sprint(seen, exchanges), "s3cret")
}

func TestDigestAuthOfAServerThatAsksForNone(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			return
		}
		w.Header().Set("Www-Authenticate", `Basic realm="r"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	digest := func(s *fetch.Spec) { s.Auth = fetch.AuthDigest }
	r, exchanges := get(t, spec(digest), base+"/")
	require.Equal(t, 200, r.Status)
	require.Len(t, exchanges, 1)
	r, exchanges = get(t, spec(digest), base+"/basic")
	require.Equal(t, fetch.StateFailed, r.State)
	require.Equal(t, 401, r.Status)
	require.Len(t, exchanges, 2, "k6 tries all the same")
}
