package fetch

import (
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Target is one URL to fetch.
type Target struct {
	// URL is absolute. It is parsed by the worker that fetches it, so that a long list stays small.
	URL string
	// Key is the name under which the caller will look for the result, nil if it gave none. It may be empty.
	Key *string
	// Spec says how to ask for the URL. Targets that differ in nothing but their URL share one.
	Spec *Spec
}

// Spec says how targets are asked for and what is kept of their answers. It is shared by targets and workers, and
// never changed once a run has begun.
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
	// Cookies are sent besides those of Jar, to the host of the target alone.
	Cookies []Cookie
	// Jar keeps cookies from request to request. It is a pointer. Nil means none.
	Jar http.CookieJar
	// Auth answers a challenge of the server with the credentials of the URL.
	Auth Auth
	// Redirects is how many redirects are followed before the redirect itself is the answer.
	Redirects int
	// RedirectsByDefault tells that nobody chose Redirects, so that running into it is worth a warning.
	RedirectsByDefault bool
	// Timeout bounds each attempt from the moment it may start, redirects and body included.
	Timeout time.Duration
	// ResponseType says what is kept of the body.
	ResponseType ResponseType
	// MaxBodySize bounds the decoded body; 0 means no bound.
	MaxBodySize int64
	// Expected tells whether a status is a success. Nil accepts every status, and no exchange is judged.
	Expected func(status int) bool
	// Name groups targets in metrics and reports. Empty means the key of the target, or its URL where there is none.
	Name string
	// NamedByURL makes it the URL in any case.
	NamedByURL bool
	// Budget is what the target may cost. It decides neither whether it failed nor what is sent.
	Budget budget.Checks
	// Throw is the caller's: which failures of this target make its promise reject.
	Throw Throw
	// Attachment is the caller's; the engine hands it back with every exchange.
	Attachment any
}

// Cookie is sent with a request, besides or instead of the jar's cookie of the same name.
type Cookie struct {
	Name, Value string
	// Replace keeps the jar's cookies of this name out of the request.
	Replace bool
}

// Throw says which failures are errors to the caller.
type Throw uint8

// The failures that are errors: none, those without a whole answer, as in k6, or all.
const (
	ThrowNever Throw = iota
	ThrowUnanswered
	ThrowFailed
)

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

// idempotent tells whether sending the request twice does what sending it once does (RFC 9110, section 9.2.2).
func (s *Spec) idempotent() bool {
	switch s.method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	default:
		return false
	}
}

// Source yields targets in their order. It is read by one goroutine at a time, and only as far as the run gets.
type Source interface {
	// Next returns the next target, or false at the end.
	Next() (Target, bool)
	// Len is how many targets there are in all.
	Len() int
}

// List is targets that are all there. It does not change.
type List interface {
	Len() int
	At(i int) Target
}

// TargetList lists targets of any kind.
type TargetList []Target

// Len is how many targets there are.
func (l TargetList) Len() int { return len(l) }

// At returns the i-th target.
func (l TargetList) At(i int) Target { return l[i] }

// URLList lists targets that differ in nothing but their URL, in less than half of the room.
type URLList struct {
	URLs []string
	Spec *Spec
}

// Len is how many targets there are.
func (l *URLList) Len() int { return len(l.URLs) }

// At returns the i-th target.
func (l *URLList) At(i int) Target { return Target{URL: l.URLs[i], Spec: l.Spec} }

// Targets returns a source of the given list.
func Targets(list []Target) Source { return From(TargetList(list)) }

// From returns a source of the given list.
func From(list List) Source { return &listSource{List: list} }

type listSource struct {
	List

	next int
}

func (s *listSource) Next() (Target, bool) {
	if s.next == s.Len() {
		return Target{}, false
	}
	t := s.At(s.next)
	s.next++
	return t, true
}
