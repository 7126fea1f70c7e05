package transport

import (
	"net/http"
	"net/url"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// follow lets net/http's client follow a redirect, because people rely on its rules for method, body and headers. The
// client starts from the redirect that has been received.
func (a *attempt) follow(req *http.Request, first *http.Response) (*http.Response, error) {
	client := http.Client{
		Transport:     &replay{first: first, rest: a.through},
		CheckRedirect: a.checkRedirect,
	}
	return client.Do(req)
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	default:
		return false
	}
}

// replay answers the first request with a response that has been received already.
type replay struct {
	first *http.Response
	rest  http.RoundTripper
}

func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	if resp := r.first; resp != nil {
		r.first = nil
		return resp, nil
	}
	return r.rest.RoundTrip(req)
}

// checkRedirect decides on a redirect, and removes what another host must not see.
func (a *attempt) checkRedirect(req *http.Request, via []*http.Request) error {
	a.url = urltext.Mask(req.URL.String())
	first := via[0].URL
	away := leaves(first, req.URL)
	if away {
		DropSecrets(req.Header)
	}
	if a.spec.Jar != nil || len(a.spec.Cookies) > 0 {
		a.storeCookies(via[len(via)-1].URL, req.Response.Header)
		req.Header.Del("Cookie")
		a.addCookies(req, !away)
	}
	if len(via) > a.spec.Redirects {
		if a.spec.RedirectsByDefault {
			a.client.warn("Stopped after %d redirects of %s and returned the redirection; pass { redirects: n } in its params"+
				" or set global maxRedirects to silence this", len(via), urltext.Mask(first.String()))
		}
		return http.ErrUseLastResponse
	}
	return nil
}

// secretHeaders are not sent to another host after a redirect.
//
//nolint:gochecknoglobals // a constant list
var secretHeaders = []string{
	"Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "Www-Authenticate",
	"X-Api-Key", "Api-Key", "X-Auth-Token", "X-Csrf-Token",
}

// DropSecrets removes what another host must not see.
func DropSecrets(header http.Header) {
	for _, name := range secretHeaders {
		header.Del(name)
	}
}

// Leaves reports whether one URL is on another host than the other, or without its TLS. So it is if one is invalid.
func Leaves(from, to string) bool {
	a, err := url.Parse(from)
	if err != nil {
		return true
	}
	b, err := url.Parse(to)
	return err != nil || leaves(a, b)
}

// leaves reports whether a redirect goes to another host, or from TLS to plain text.
func leaves(from, to *url.URL) bool {
	return from.Hostname() != to.Hostname() || from.Scheme == "https" && to.Scheme == "http"
}

// Sent is what a request sent.
type Sent struct {
	Method string
	Body   int // bytes
}

// Redirected returns what the request after a redirect sends, by the rules of net/http's client. After 307 and 308 it
// sends the same again. Otherwise it has no body, and is a HEAD if it was one, or else a GET.
func (s Sent) Redirected(status int) Sent {
	switch {
	case status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect:
		return s
	case s.Method == http.MethodHead:
		return Sent{Method: http.MethodHead}
	default:
		return Sent{Method: http.MethodGet}
	}
}
