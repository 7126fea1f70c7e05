// Package auth answers the challenges of servers: digest and NTLM.
package auth

import (
	"io"
	"iter"
	"net"
	"net/http"
	"strings"
)

// Attempt is the attempt that the requests of a login belong to.
type Attempt interface {
	// Challenged is called when a challenge will be answered. Its status then counts as expected.
	Challenged()
	// NetConn is the connection of the last request, nil if it had none.
	NetConn() net.Conn
}

// challenger sends the requests of an attempt, and repeats them with the answer to a challenge.
type challenger struct {
	attempt Attempt
	rt      http.RoundTripper
}

// maxChallenge bounds how much of a challenge's body is read, in bytes.
const maxChallenge = 1 << 20

// answer sends a request again with the answer to the challenge in resp. It first reads the rest of resp, to free the
// connection: NTLM needs the same one.
func (c challenger) answer(req *http.Request, resp *http.Response, authorization string) (*http.Response, error) {
	_, err := io.Copy(io.Discard, io.LimitReader(resp.Body, maxChallenge))
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	req.Header.Set("Authorization", authorization)
	c.attempt.Challenged()
	return c.rt.RoundTrip(req)
}

// challenges iterates over the challenges in WWW-Authenticate headers: schemes with their parameters, or with the one
// value that may replace them (RFC 9110, section 11.6.1). It accepts any text and allocates nothing, because a header
// may be large and hostile.
func challenges(header http.Header) iter.Seq2[string, string] {
	return func(yield func(scheme, params string) bool) {
		for _, line := range header.Values("WWW-Authenticate") {
			for line != "" {
				var challenge string
				challenge, line = cutChallenge(line)
				if challenge == "" {
					continue
				}
				scheme, params := challenge, ""
				if end := strings.IndexAny(challenge, " \t"); end >= 0 {
					scheme, params = challenge[:end], challenge[end:]
				}
				if !yield(scheme, params) {
					return
				}
			}
		}
	}
}

// cutChallenge cuts the first challenge off a list. It ends before the first element that is not a parameter, because
// that begins the next challenge.
func cutChallenge(list string) (challenge, rest string) {
	list = strings.TrimLeft(list, " \t,")
	first, rest := cutElement(list)
	end := len(first)
	for rest != "" {
		element, after := cutElement(rest)
		if element = trimBlanks(element); element != "" && !isParameter(element) {
			break
		}
		end, rest = len(list)-len(after), after
	}
	return strings.TrimRight(list[:end], " \t,"), rest
}

// cutElement cuts a list at its first comma outside quoted strings.
func cutElement(list string) (element, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}

// isParameter reports whether an element of a list is a parameter: name "=" value, with or without blanks around the
// sign.
func isParameter(element string) bool {
	name, _, ok := strings.Cut(element, "=")
	return ok && !strings.ContainsAny(strings.TrimRight(name, " \t"), " \t\"")
}

// parameters iterates over the parameters of a challenge. Names are in lower case, values without their quotes.
func parameters(params string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for params != "" {
			var element string
			element, params = cutElement(params)
			if name, value, ok := strings.Cut(element, "="); ok {
				if !yield(strings.ToLower(trimBlanks(name)), unquote(trimBlanks(value))) {
					return
				}
			}
		}
	}
}

// unquote returns the content of a quoted string, and other values unchanged.
func unquote(value string) string {
	quoted, ok := strings.CutPrefix(value, `"`)
	if !ok {
		return value
	}
	end := strings.IndexAny(quoted, `"\`)
	if end < 0 {
		return quoted
	}
	if quoted[end] == '"' {
		return quoted[:end]
	}
	var b strings.Builder
	for i := 0; i < len(quoted) && quoted[i] != '"'; i++ {
		if quoted[i] == '\\' && i+1 < len(quoted) {
			i++
		}
		b.WriteByte(quoted[i])
	}
	return b.String()
}

// quote makes a quoted string of a value.
func quote(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

func trimBlanks(s string) string { return strings.Trim(s, " \t") }
