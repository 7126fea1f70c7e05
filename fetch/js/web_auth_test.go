package js_test

import (
	"compress/gzip"
	"crypto/md5" // what digest authentication is made of
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// basic lets in who knows the password.
func basic(rw http.ResponseWriter, r *http.Request) {
	if name, password, ok := r.BasicAuth(); !ok || name != "me" || password != "s3cr/t" && password != "plain" {
		rw.Header().Set("WWW-Authenticate", `Basic realm="test"`)
		rw.WriteHeader(http.StatusUnauthorized)
	}
}

var digestPart = regexp.MustCompile(`(\w+)="?([^",]*)"?`)

// digest lets in who answers its challenge (RFC 7616). /digest?challenge=… puts the challenge in other words.
func digest(rw http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Digest ")
	if !ok {
		challenge := r.FormValue("challenge")
		if challenge == "" {
			challenge = `Digest realm="test", qop="auth", nonce="n0nce", algorithm=MD5`
		}
		rw.Header().Set("WWW-Authenticate", challenge)
		rw.WriteHeader(http.StatusUnauthorized)
		return
	}
	part := map[string]string{}
	for _, m := range digestPart.FindAllStringSubmatch(rest, -1) {
		part[m[1]] = m[2]
	}
	ha1 := md5Hex("me:test:s3cr/t")
	ha2 := md5Hex(r.Method + ":" + r.URL.RequestURI())
	want := md5Hex(strings.Join([]string{ha1, "n0nce", part["nc"], part["cnonce"], "auth", ha2}, ":"))
	if part["response"] != want {
		rw.WriteHeader(http.StatusForbidden)
	}
}

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// gzipped is 1 MB of zeros in about 1 kB.
func gzipped(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Encoding", "gzip")
	w := gzip.NewWriter(rw)
	defer func() { _ = w.Close() }()
	_, _ = fmt.Fprint(w, strings.Repeat("0", 1_000_000))
}

// Row 60 of the table of faults. Each of these challenges ends the process of k6 v2.2.0 when its own HTTP meets it.
func TestK6SurvivesDigestChallenges(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	out := runScript(t, srv, `
		const answered = [
			'Negotiate, Digest realm="test", qop="auth", nonce="n0nce"',
			'Basic realm="x y", Digest realm="test", qop="auth", nonce="n0nce"',
			'Digest realm="test", nonce="n0nce", qop="auth", domain="/a /b"',
		];
		const refused = ['Digest realm="two words"', 'Basic realm="x y"', 'Negotiate, NTLM', 'Digest a b c'];
		export default async function () {
			const url = BASE.replace('://', '://me:s3cr%2Ft@') + '/digest?challenge=';
			const targets = [...answered, ...refused].map((c) => url + encodeURIComponent(c));
			const run = await concurrent(targets, { auth: 'digest' });
			console.log('statuses: ' + run.results.map((r) => r.status).join(' ') + ' of ' + run.requests);
		}`)
	require.Zero(t, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "statuses: 200 200 200 401 401 401 401 of 10")
	require.Empty(t, secret.FindString(out.Stderr+out.Stdout))
	require.InDelta(t, 4, out.Sum("http_req_failed"), 0, "those that nothing came of")
}
