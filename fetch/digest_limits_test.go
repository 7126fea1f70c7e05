package fetch_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

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
