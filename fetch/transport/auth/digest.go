package auth

import (
	"crypto/md5" // #nosec G501 -- of the standard
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"strings"

	"github.com/icholy/digest"
)

// digestTransport logs in with digest authentication (RFC 7616) when a server asks for it. The first request has no
// credentials. In k6 it has basic ones, because net/http's client adds them.
type digestTransport struct{ challenger }

// Digest returns a transport that logs in with digest authentication.
func Digest(attempt Attempt, rt http.RoundTripper) http.RoundTripper {
	return digestTransport{challenger{attempt, rt}}
}

// maxDigests is how many challenges are answered: one, and one more if the first nonce was stale.
const maxDigests = 2

func (t digestTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	user := req.URL.User
	req = withoutUser(req)
	resp, err := t.rt.RoundTrip(req)
	for nonce, n := "", 0; n < maxDigests && err == nil && resp.StatusCode == http.StatusUnauthorized; n++ {
		challenge := findDigest(resp.Header)
		if challenge == nil || n > 0 && (!challenge.Stale || challenge.Nonce == nonce) {
			break
		}
		nonce = challenge.Nonce
		authorization, failure := challenge.authorization(req, user)
		if failure != nil {
			_ = resp.Body.Close()
			return nil, failure
		}
		resp, err = t.answer(req, resp, authorization)
	}
	return resp, err
}

// withoutUser returns a copy of a request without credentials, in its URL or derived from it. Otherwise net/http's
// client, which follows redirects, would make basic ones of them.
func withoutUser(req *http.Request) *http.Request {
	req = req.Clone(req.Context())
	if user := req.URL.User; user != nil {
		basic := http.Request{Header: make(http.Header)}
		password, _ := user.Password()
		basic.SetBasicAuth(user.Username(), password)
		if req.Header.Get("Authorization") == basic.Header.Get("Authorization") {
			req.Header.Del("Authorization")
		}
	}
	req.URL.User = nil
	return req
}

// digestChallenge is a challenge that can be answered.
//
// The library computes the response. This package reads and writes the headers, because the library takes each line for
// one challenge, and fails at tabs, blanks in qop, unquoted values, other cases, and values that are not UTF-8.
type digestChallenge struct {
	digest.Challenge // Algorithm has no "-sess", and QOP is the one to use, if any

	algorithm string // as the server writes it
	session   bool   // the algorithm ends in -sess
	hash      func() hash.Hash
	hasNonce  bool // each may be present and empty
	hasOpaque bool
}

// maxDigestParams bounds the parameters of a challenge in bytes, because an answer repeats them, and so does its copy
// for the wire.
const maxDigestParams = 2 << 20

// findDigest returns the first challenge that can be answered, or nil. The server chooses the order (RFC 7616, section
// 3.7).
func findDigest(header http.Header) *digestChallenge {
	for scheme, params := range challenges(header) {
		if !strings.EqualFold(scheme, "Digest") || len(params) > maxDigestParams {
			continue
		}
		if c, ok := parseDigest(params); ok {
			return c
		}
	}
	return nil
}

// parseDigest reads the parameters of a challenge and reports whether it can be answered. Of a repeated parameter the
// last counts, as in browsers and curl.
func parseDigest(params string) (*digestChallenge, bool) {
	c := &digestChallenge{}
	qops := ""
	for name, value := range parameters(params) {
		switch name {
		case "realm":
			c.Realm = value
		case "nonce":
			c.Nonce, c.hasNonce = value, true
		case "opaque":
			c.Opaque, c.hasOpaque = value, true
		case "stale":
			c.Stale = strings.EqualFold(value, "true")
		case "userhash":
			c.Userhash = strings.EqualFold(value, "true")
		case "algorithm":
			c.algorithm = value
		case "qop":
			qops = value
		}
	}
	return c, c.hasNonce && c.setAlgorithm() && c.setQOP(qops)
}

// setAlgorithm looks the algorithm up. The default is MD5.
func (c *digestChallenge) setAlgorithm() bool {
	name := strings.ToUpper(c.algorithm)
	name, c.session = strings.CutSuffix(name, "-SESS")
	switch name {
	case "MD5":
		c.hash = md5.New
	case "SHA-256":
		c.hash = sha256.New
	case "SHA-512-256":
		c.hash = sha512.New512_256
	case "":
		c.hash = md5.New
		return c.algorithm == ""
	default:
		return false
	}
	c.Algorithm = name
	return true
}

// setQOP chooses the quality of protection: auth, if the server offers it. Without an offer none is used, as in RFC
// 2069.
func (c *digestChallenge) setQOP(offer string) bool {
	for qop := range strings.SplitSeq(offer, ",") {
		switch qop = trimBlanks(qop); {
		case strings.EqualFold(qop, "auth"):
			c.QOP = []string{"auth"}
			return true
		case strings.EqualFold(qop, "auth-int"):
			c.QOP = []string{"auth-int"}
		}
	}
	return c.QOP != nil || strings.Trim(offer, " \t,") == ""
}

// authorization returns the header that answers the challenge for a request.
func (c *digestChallenge) authorization(req *http.Request, user *url.Userinfo) (string, error) {
	password, _ := user.Password()
	options := digest.Options{
		Method: req.Method, URI: req.URL.RequestURI(), GetBody: req.GetBody,
		Username: user.Username(), Password: password, Cnonce: rand.Text(),
	}
	if c.session {
		options.A1 = c.hashOf(c.hashOf(options.Username, c.Realm, password), c.Nonce, options.Cnonce)
	}
	credentials, err := digest.Digest(&c.Challenge, options)
	if err != nil {
		return "", err
	}
	return c.format(credentials), nil
}

// hashOf is the hash of the values, joined by colons.
func (c *digestChallenge) hashOf(values ...string) string {
	h := c.hash()
	_, _ = h.Write([]byte(strings.Join(values, ":")))
	return hex.EncodeToString(h.Sum(nil))
}

// format writes credentials as the value of a header (RFC 7616, section 3.4). The response comes last, because some
// servers expect that.
func (c *digestChallenge) format(credentials *digest.Credentials) string {
	var b strings.Builder
	b.WriteString("Digest ")
	b.WriteString(formatUsername(credentials.Username))
	add := func(name, value string) { b.WriteString(", " + name + "=" + value) }
	add("realm", quote(c.Realm))
	add("nonce", quote(c.Nonce))
	add("uri", quote(credentials.URI))
	if c.algorithm != "" {
		add("algorithm", c.algorithm)
	}
	if credentials.QOP != "" || c.session {
		add("cnonce", quote(credentials.Cnonce))
	}
	if credentials.QOP != "" {
		add("qop", credentials.QOP)
		add("nc", fmt.Sprintf("%08x", credentials.Nc))
	}
	if c.hasOpaque {
		add("opaque", quote(c.Opaque))
	}
	if c.Userhash {
		add("userhash", "true")
	}
	add("response", quote(credentials.Response))
	return b.String()
}

// formatUsername writes the username parameter. A header cannot hold control characters, so a name with one is encoded
// (RFC 8187).
func formatUsername(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "username*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return "username=" + quote(name)
}
