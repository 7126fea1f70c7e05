package auth

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/Azure/go-ntlmssp"
)

// ntlmTransport logs in with NTLM (MS-NLMP), where a server asks for it, with the basic credentials of the request. It
// asks without them first: the connection may be logged in already.
type ntlmTransport struct{ challenger }

// NTLM returns a transport that logs in with NTLM.
func NTLM(attempt Attempt, rt http.RoundTripper) http.RoundTripper {
	return ntlmTransport{challenger{attempt, rt}}
}

// maxNTLMLogins is how often a login begins. Once is enough, unless others take its connection away.
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

// login asks for a challenge and answers it. It reports whether the login was lost: a connection logs in, and between
// the two requests another worker may have taken the one that was challenged.
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

// findNTLM returns the scheme to log in with: NTLM if there is a choice, or "" where neither is offered.
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

// maxNTLMChallenge bounds a server's message. The answer holds some of it twice, with lengths of 16 bits.
const maxNTLMChallenge = 16 << 10

var errNTLMChallenge = errors.New("server sent no valid NTLM challenge")

// ntlmAnswer returns the message that answers the server's.
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
