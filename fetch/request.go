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
