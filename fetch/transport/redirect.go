package transport

import (
	"net/http"
	"net/url"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// follow lets net/http's client follow a redirect: its rules of which method, body and headers go along are the ones
// people rely on. The client starts from the answer at hand.
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

// replay answers the first request with a response that is there already.
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

// checkRedirect decides on a redirect, and takes from the request what is not for the eyes of another host.
func (a *attempt) checkRedirect(req *http.Request, via []*http.Request) error {
	a.url = urltext.Mask(req.URL.String())
	first := via[0].URL
	away := leaves(first, req.URL)
	if away {
		for _, name := range secretHeaders {
			req.Header.Del(name)
		}
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

// secretHeaders do not go along when a redirect leaves the host they were meant for.
//
//nolint:gochecknoglobals // a constant list
var secretHeaders = []string{
	"Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "Www-Authenticate",
	"X-Api-Key", "Api-Key", "X-Auth-Token", "X-Csrf-Token",
}

// leaves reports whether a redirect goes to another host, or from TLS to plain text.
func leaves(from, to *url.URL) bool {
	return from.Hostname() != to.Hostname() || from.Scheme == "https" && to.Scheme == "http"
}

// Sent is what a request was sent as.
type Sent struct {
	Method string
	Body   int // bytes
}

// Redirected returns what the request that follows a redirect is sent as, by the rules of net/http's client: after 307
// and 308 it is the same once more, and otherwise it has no body and is a GET, or a HEAD if it was one.
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
