package web

import (
	"compress/gzip"
	"crypto/md5" // #nosec G501 -- what digest authentication is made of
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
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
	sum := md5.Sum([]byte(s)) // #nosec G401 -- see above
	return hex.EncodeToString(sum[:])
}

// gzipped is 1 MB of zeros in about 1 kB.
func gzipped(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Encoding", "gzip")
	w := gzip.NewWriter(rw)
	defer func() { _ = w.Close() }()
	_, _ = fmt.Fprint(w, strings.Repeat("0", 1_000_000))
}
