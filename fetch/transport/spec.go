package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

// Spec says what to send, and what to keep of the response. Requests and sessions share it, so it must not change once
// one of them has begun. It has many fields: one for each param that a request can have.
type Spec struct {
	// Method is the HTTP method as sent; empty means GET.
	Method string
	// Header is sent unchanged. Host, if set, replaces the host of the URL in the request.
	Header http.Header
	Host   string
	// Body is sent with the request if it is not nil.
	Body []byte
	// Given belongs to the caller: the body before it was, for example, compressed. Nil means Body.
	Given []byte
	// Cookies are sent in addition to those of Jar, only to the host of the request.
	Cookies []Cookie
	// Jar keeps cookies from request to request. It must be a pointer. Nil means none.
	Jar http.CookieJar
	// Auth answers a challenge of the server with the credentials of the URL.
	Auth Auth
	// Redirects is how many redirects are followed at most. After that the redirect itself is the answer.
	Redirects int
	// RedirectsByDefault says that nobody chose Redirects, so that reaching it is worth a warning.
	RedirectsByDefault bool
	// Version is the version of HTTP, redirects included.
	Version Version
	// AltSvc has requests of VersionAny go over HTTP/3 once their server has offered it (RFC 7838). If that does not come
	// about, they go over TCP.
	AltSvc bool
	// EarlyData has requests with a safe method sent over HTTP/3 as early data, when a connection is made to a server that
	// was connected to before (RFC 8470).
	EarlyData bool
	// Timeout bounds each attempt from its start, redirects and body included.
	Timeout time.Duration
	// ResponseType says what is kept of the body.
	ResponseType ResponseType
	// MaxBodySize bounds the decoded body in bytes; 0 means no bound.
	MaxBodySize int64
	// Expected reports whether a status is a success. Nil accepts every status, and leaves exchanges unjudged.
	Expected func(status int) bool
	// Inspect is called with the head of the last response of each attempt, before its body is read. What it returns gets
	// the decoded body as it comes; an error of it fails the attempt. It may be nil, and return nil.
	Inspect func(req *Request, head *Head) io.Writer
	// Tracer gives the exchanges of a request with a Trace their header, which Header must not have. It may be nil.
	Tracer tracing.Tracer
}

// Cookie is sent with a request, in addition to the jar's cookies or instead of those with its name.
type Cookie struct {
	Name, Value string
	// Replace leaves the jar's cookies of this name out of the request.
	Replace bool
}

// Auth is a way to answer an authentication challenge.
type Auth uint8

// The ways to authenticate. Basic credentials in the URL are sent without a challenge, as in net/http.
const (
	AuthBasic Auth = iota
	AuthDigest
	AuthNTLM
)

// ResponseType says what is kept of a body.
type ResponseType uint8

// What is kept of a body. With ResponseNone it is read, counted and dropped without decoding.
const (
	ResponseNone ResponseType = iota
	ResponseText
	ResponseBinary
)

// Version is the version of HTTP that a request goes over.
type Version uint8

// The versions that can be asked for.
const (
	// VersionAny is what ALPN chooses, and HTTP/1.1 without TLS.
	VersionAny Version = iota
	// Version1 is HTTP/1.1, whatever else the server speaks.
	Version1
	// Version2 is HTTP/2 or a failure. Without TLS the server is known to speak it (RFC 9113, section 3.3).
	Version2
	// Version3 is HTTP/3 or a failure. It needs TLS 1.3.
	Version3

	versions = iota
)

// suffix keeps connections of different versions apart in the keys of origins. No host name has a space.
func (v Version) suffix() string { return [versions]string{"", " 1.1", " 2", " 3"}[v] }

// method is the HTTP method of the request.
func (s *Spec) method() string {
	if s.Method == "" {
		return http.MethodGet
	}
	return s.Method
}

// Idempotent reports whether sending the request twice does what sending it once does (RFC 9110, section 9.2.2).
func (s *Spec) Idempotent() bool {
	switch s.method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	default:
		return false
	}
}

// newRequest returns the request for a URL, without cookies and body. Its headers are the spec's and must not be
// changed.
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

// authorize sends the user info of the URL, as net/http's client does. It sets it on a copy of the headers, because the
// headers that are shown must not hold it.
func authorize(req *http.Request) {
	if req.URL.User == nil || req.Header.Get("Authorization") != "" {
		return
	}
	req.Header = req.Header.Clone()
	password, _ := req.URL.User.Password()
	req.SetBasicAuth(req.URL.User.Username(), password)
}

// request builds the request of the attempt. Others share the spec, so this changes copies only.
func (a *attempt) request(p *plan) *http.Request {
	ctx := a.timed()
	if !p.direct {
		ctx = a.newHopContext(ctx, &trace{})
	}
	req := newRequest(ctx, a.spec, p.url)
	if len(a.spec.Cookies) > 0 || a.hasCookies(p.url) {
		req.Header = req.Header.Clone()
		a.addCookies(req, true)
	}
	a.out.Response.SentHeader = req.Header
	if a.spec.Auth != AuthDigest {
		authorize(req)
	}
	if a.spec.Body != nil {
		setBody(req, a.spec.Body)
	}
	return req
}

// setBody gives a request a body that can be sent again. net/http must know if it is empty, or it sends chunks. With an
// empty body POST, PUT and PATCH have a Content-Length of 0, and other methods have none.
func setBody(req *http.Request, body []byte) {
	if len(body) == 0 {
		req.ContentLength, req.Body = 0, http.NoBody
		req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
		return
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
}
