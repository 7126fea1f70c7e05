package auth

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/Azure/go-ntlmssp"
)

// ntlmTransport logs in with NTLM (MS-NLMP) when a server asks for it, with the basic credentials of the request. The
// first request has none, because the connection may be logged in already.
type ntlmTransport struct{ challenger }

// NTLM returns a transport that logs in with NTLM.
func NTLM(attempt Attempt, rt http.RoundTripper) http.RoundTripper {
	return ntlmTransport{challenger{attempt, rt}}
}

// maxNTLMLogins is how often a login is begun. Once is enough, unless other requests take its connection.
const maxNTLMLogins = 5

func (t ntlmTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	user, password, ok := req.BasicAuth()
	if !ok {
		return t.rt.RoundTrip(req)
	}
	req = req.Clone(req.Context())
	req.Header.Del("Authorization")
	resp, err := t.rt.RoundTrip(req)
	for lost, n := true, 0; lost && n < maxNTLMLogins && err == nil && resp.StatusCode == http.StatusUnauthorized; n++ {
		scheme := findNTLM(resp.Header)
		if scheme == "" {
			break
		}
		resp, lost, err = t.login(req, resp, scheme, user, password)
	}
	return resp, err
}

// login asks for a challenge and answers it. NTLM logs a connection in, not a request. So lost reports whether another
// worker took the challenged connection between the two requests.
func (t ntlmTransport) login(
	req *http.Request, resp *http.Response, scheme, user, password string,
) (_ *http.Response, lost bool, _ error) {
	hello, err := ntlmssp.NewNegotiateMessage("", "")
	if err != nil {
		_ = resp.Body.Close()
		return nil, false, err
	}
	resp, err = t.answer(req, resp, scheme+" "+base64.StdEncoding.EncodeToString(hello))
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, false, err
	}
	message, err := ntlmAnswer(resp.Header, scheme, user, password)
	if err != nil {
		return resp, false, nil //nolint:nilerr // the 401 is the answer, as in k6
	}
	challenged, closed := t.attempt.NetConn(), resp.Close
	resp, err = t.answer(req, resp, scheme+" "+base64.StdEncoding.EncodeToString(message))
	return resp, !closed && challenged != t.attempt.NetConn(), err
}

// findNTLM returns the scheme to log in with: NTLM if both are offered, "" if neither is.
func findNTLM(header http.Header) string {
	found := ""
	for scheme := range challenges(header) {
		switch {
		case strings.EqualFold(scheme, "NTLM"):
			return "NTLM"
		case strings.EqualFold(scheme, "Negotiate"):
			found = "Negotiate"
		}
	}
	return found
}

// maxNTLMChallenge bounds a server's message in bytes. The answer repeats parts of it, with lengths of 16 bits.
const maxNTLMChallenge = 16 << 10

var errNTLMChallenge = errors.New("server sent no valid NTLM challenge")

// ntlmAnswer returns the message that answers the server's challenge.
func ntlmAnswer(header http.Header, scheme, user, password string) ([]byte, error) {
	for name, token := range challenges(header) {
		if !strings.EqualFold(name, scheme) {
			continue
		}
		token, _, _ = strings.Cut(token, ",")
		if token = trimBlanks(token); token == "" || len(token) > base64.StdEncoding.EncodedLen(maxNTLMChallenge) {
			continue
		}
		challenge, err := base64.StdEncoding.DecodeString(token)
		if err != nil {
			continue
		}
		return ntlmssp.NewAuthenticateMessage(challenge, user, password, nil)
	}
	return nil, errNTLMChallenge
}
