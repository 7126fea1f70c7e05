package fetch_test

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// digestLogin is what a server knows when it verifies a digest login (RFC 7616), and by whom it expects one.
type digestLogin struct {
	user, password       string
	realm, nonce, opaque string
	noOpaque             bool   // the challenge has none, so that the answer must not have one
	algorithm            string // as in the challenge, "" for none
	qop                  string // the one that the client has to choose, "" for RFC 2069
	userhash             bool
}

// quotedParams are the parameters of credentials that are quoted strings; the others are tokens.
//
//nolint:gochecknoglobals // a table of the standard
var quotedParams = []string{"username", "realm", "nonce", "uri", "response", "cnonce", "opaque"}

// parseCredentials reads the header of an answer, strictly: quoted what the RFC wants quoted, and nothing else.
func parseCredentials(header string) (map[string]string, error) {
	got := make(map[string]string)
	rest, ok := strings.CutPrefix(header, "Digest ")
	for separator := ""; ok && rest != ""; separator = ", " {
		var name, value string
		if rest, ok = strings.CutPrefix(rest, separator); !ok {
			break
		}
		name, rest, _ = strings.Cut(rest, "=")
		if _, twice := got[name]; twice {
			return nil, fmt.Errorf("%s comes twice: %q", name, header)
		}
		if slices.Contains(quotedParams, name) {
			value, rest, ok = cutQuoted(rest)
		} else {
			end := len(rest) - len(strings.TrimLeft(rest, tokenChars))
			value, rest, ok = rest[:end], rest[end:], end > 0
		}
		got[name] = value
	}
	if !ok || len(got) == 0 {
		return nil, fmt.Errorf("no credentials from %q on: %q", rest, header)
	}
	return got, nil
}

const tokenChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-%'_."

// cutQuoted cuts a quoted string off, in which nothing but quotes and backslashes is escaped.
func cutQuoted(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s) && s[0] == '"'; i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] != '\\':
		case i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		default:
			return "", s[i:], false
		}
		b.WriteByte(s[i])
	}
	return "", s, false
}

// verify checks an answer for a request, as the formulas of RFC 7616, section 3.4, say.
func (l digestLogin) verify(header, method, uri, body string) error {
	got, err := parseCredentials(header)
	if err != nil {
		return err
	}
	name := l.user
	if l.userhash {
		name = l.h(l.user + ":" + l.realm)
	}
	if encoded, ok := strings.CutPrefix(got["username*"], "UTF-8''"); ok {
		if got["username"], err = url.PathUnescape(encoded); err != nil {
			return err
		}
		delete(got, "username*")
	}
	want := map[string]string{"username": name, "realm": l.realm, "nonce": l.nonce, "uri": uri}
	session := strings.HasSuffix(strings.ToLower(l.algorithm), "-sess")
	if l.algorithm != "" {
		want["algorithm"] = l.algorithm
	}
	if !l.noOpaque {
		want["opaque"] = l.opaque
	}
	if l.userhash {
		want["userhash"] = "true"
	}
	if l.qop != "" {
		want["qop"], want["nc"] = l.qop, "00000001"
	}
	if l.qop != "" || session {
		if want["cnonce"] = got["cnonce"]; len(got["cnonce"]) < 16 {
			return fmt.Errorf("cnonce is short: %q", header)
		}
	}
	want["response"] = l.response(want, method, uri, body)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("got  %q\nwant %q", got, want)
	}
	return nil
}

// response is what proves that the client knows the password.
func (l digestLogin) response(param map[string]string, method, uri, body string) string {
	ha1 := l.h(l.user + ":" + l.realm + ":" + l.password)
	if strings.HasSuffix(strings.ToLower(l.algorithm), "-sess") {
		ha1 = l.h(ha1 + ":" + l.nonce + ":" + param["cnonce"])
	}
	a2 := method + ":" + uri
	if l.qop == "auth-int" {
		a2 += ":" + l.h(body)
	}
	if l.qop == "" {
		return l.h(ha1 + ":" + l.nonce + ":" + l.h(a2))
	}
	return l.h(strings.Join([]string{ha1, l.nonce, param["nc"], param["cnonce"], l.qop, l.h(a2)}, ":"))
}

func (l digestLogin) h(s string) string {
	name, _, _ := strings.Cut(strings.ToLower(l.algorithm)+"-sess", "-sess")
	sum := map[string]func() hash.Hash{
		"": md5.New, "md5": md5.New, "sha-256": sha256.New, "sha-512-256": sha512.New512_256,
		"cut sha-512": sha512.New,
	}[name]()
	sum.Write([]byte(s))
	out := hex.EncodeToString(sum.Sum(nil))
	return out[:min(len(out), 64)]
}

// The verifier that these tests trust reproduces the examples of the standards.
func TestDigestExamplesOfTheStandards(t *testing.T) {
	t.Parallel()
	rfc7616 := digestLogin{
		user: "Mufasa", password: "Circle of Life", realm: "http-auth@example.org", qop: "auth",
		nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
	}
	hashed := digestLogin{
		user: "J\u00e4s\u00f8n Doe", password: "Secret, or not?", realm: "api@example.org", qop: "auth",
		nonce: "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
	}
	for _, test := range []struct {
		name, algorithm string
		login           digestLogin
		cnonce, uri     string
		want, userhash  string
	}{
		{
			"RFC 7616, section 3.9.1, MD5", "MD5", rfc7616,
			"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "/dir/index.html", "8ca523f5e9506fed4657c9700eebdbec", "",
		},
		{
			"RFC 7616, section 3.9.1, SHA-256", "SHA-256", rfc7616,
			"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "/dir/index.html",
			"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", "",
		},
		{
			"RFC 7616, section 3.9.2, as erratum 4897 corrects it", "SHA-512-256", hashed,
			"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", "/doe.json",
			"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
			"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
		},
		{
			"RFC 7616, section 3.9.2, as it is: with SHA-512 cut short, which is another hash", "cut SHA-512", hashed,
			"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", "/doe.json",
			"ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd",
			"488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec",
		},
		{
			"RFC 2617, section 3.5", "", digestLogin{
				user: "Mufasa", password: "Circle Of Life", realm: "testrealm@host.com", qop: "auth",
				nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
			}, "0a4f113b", "/dir/index.html", "6629fae49393a05397450978507c4ef1", "",
		},
	} {
		test.login.algorithm = test.algorithm
		param := map[string]string{"cnonce": test.cnonce, "nc": "00000001"}
		require.Equal(t, test.want, test.login.response(param, "GET", test.uri, ""), test.name)
		if test.userhash != "" {
			require.Equal(t, test.userhash, test.login.h(test.login.user+":"+test.login.realm), test.name)
		}
	}
}
