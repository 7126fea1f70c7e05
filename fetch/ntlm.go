package fetch

import (
	"net/http"

	"github.com/Azure/go-ntlmssp"
)

// ntlmTransport answers NTLM challenges (MS-NLMP) with the basic credentials of the request.
func ntlmTransport(rt http.RoundTripper) http.RoundTripper {
	return ntlmssp.Negotiator{RoundTripper: rt}
}
