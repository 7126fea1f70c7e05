package fetch

import (
	"errors"
	"io"
	"net/http"

	"github.com/Azure/go-ntlmssp"
	digest "github.com/Soontao/goHttpDigestClient"
)

// ntlmTransport answers NTLM challenges (MS-NLMP) with the basic credentials of the request.
func ntlmTransport(rt http.RoundTripper) http.RoundTripper {
	return ntlmssp.Negotiator{RoundTripper: rt}
}

// digestTransport answers a digest challenge (RFC 7616) as k6 does: it asks without credentials first.
type digestTransport struct {
	rt http.RoundTripper
}

func (t digestTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	user := req.URL.User
	password, _ := user.Password()
	bare := *req.URL
	bare.User = nil
	req = req.Clone(req.Context())
	req.URL = &bare

	resp, err := t.rt.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxChallenge))
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()

	challenge := digest.GetChallengeFromHeader(&resp.Header)
	if challenge == nil {
		return nil, errors.New("server asked for no digest authentication")
	}
	challenge.ComputeResponse(req.Method, req.URL.RequestURI(), string(body), user.Username(), password)
	req.Header.Set(digest.KEY_AUTHORIZATION, challenge.ToAuthorizationStr())
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	return t.rt.RoundTrip(req)
}

// maxChallenge bounds what is read of the body that comes with a challenge.
const maxChallenge = 1 << 20
