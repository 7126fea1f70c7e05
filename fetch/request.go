package fetch

import (
	"context"
	"net/http"
	"net/url"
)

// newRequest returns the request for a URL as the spec has it: with its headers, which must not be changed, but without
// cookies and body.
func newRequest(ctx context.Context, s *Spec, u *url.URL) *http.Request {
	req := http.Request{
		Method: s.method(), URL: u, Host: s.Host, Header: s.Header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	return req.WithContext(ctx) // a copy, and the only one
}

// authorize sends the user info of the URL along, as net/http's client does. It sets it on a copy of the headers: what
// is shown of a request must not hold it.
func authorize(req *http.Request) {
	if req.URL.User == nil || req.Header.Get("Authorization") != "" {
		return
	}
	req.Header = req.Header.Clone()
	password, _ := req.URL.User.Password()
	req.SetBasicAuth(req.URL.User.Username(), password)
}

// addCookies adds the jar's cookies and, where they are for this host, those of the spec itself.
func (s *Spec) addCookies(req *http.Request, own bool) {
	replaced := make(map[string]bool)
	if own {
		for _, c := range s.Cookies {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value}) // #nosec G124 -- sent, not set
			replaced[c.Name] = replaced[c.Name] || c.Replace
		}
	}
	if s.Jar == nil {
		return
	}
	for _, c := range s.Jar.Cookies(req.URL) {
		if !replaced[c.Name] {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value}) // #nosec G124 -- sent, not set
		}
	}
}

// storeCookies keeps what a response sets.
func (s *Spec) storeCookies(u *url.URL, header http.Header) {
	if s.Jar == nil {
		return
	}
	if cookies := (&http.Response{Header: header}).Cookies(); len(cookies) > 0 {
		s.Jar.SetCookies(u, cookies)
	}
}

// hasCookies tells whether requests for a URL carry cookies of the jar.
func (s *Spec) hasCookies(u *url.URL) bool { return s.Jar != nil && len(s.Jar.Cookies(u)) > 0 }
