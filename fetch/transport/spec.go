package transport

import (
	"net/http"
	"time"
)

// Spec is what requests are made of, and what is kept of their responses. It is shared by requests and sessions, and
// never changed once one has begun.
type Spec struct {
	// Method is the HTTP method, as it is sent; empty means GET.
	Method string
	// Header is sent as it is. Host, when set, replaces the host of the URL in the request.
	Header http.Header
	Host   string
	// Body is sent with the request when it is not nil.
	Body []byte
	// Given is the caller's: the body as it was before something, such as compression, made Body of it. Nil means Body.
	Given []byte
	// Cookies are sent besides those of Jar, to the host of the request alone.
	Cookies []Cookie
	// Jar keeps cookies from request to request. It is a pointer. Nil means none.
	Jar http.CookieJar
	// Auth answers a challenge of the server with the credentials of the URL.
	Auth Auth
	// Redirects is how many redirects are followed before the redirect itself is the answer.
	Redirects int
	// RedirectsByDefault says that nobody chose Redirects, so that running into it is worth a warning.
	RedirectsByDefault bool
	// Timeout bounds each attempt from the moment it may start, redirects and body included.
	Timeout time.Duration
	// ResponseType says what is kept of the body.
	ResponseType ResponseType
	// MaxBodySize bounds the decoded body; 0 means no bound.
	MaxBodySize int64
	// Expected reports whether a status is a success. Nil accepts every status, and no exchange is judged.
	Expected func(status int) bool
}

// Cookie is sent with a request, besides or instead of the jar's cookie of the same name.
type Cookie struct {
	Name, Value string
	// Replace keeps the jar's cookies of this name out of the request.
	Replace bool
}

// Auth is a way to answer a server's challenge.
type Auth uint8

// The ways to authenticate. Basic credentials in the URL are sent without a challenge, as net/http does.
const (
	AuthBasic Auth = iota
	AuthDigest
	AuthNTLM
)

// ResponseType says what is kept of a body.
type ResponseType uint8

// What is kept of a body. With ResponseNone it is read, counted and dropped, undecoded.
const (
	ResponseNone ResponseType = iota
	ResponseText
	ResponseBinary
)

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
