package transport

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/content"
)

// answer is a response whose body is still to be read.
type answer struct {
	content content.Body

	statusText, proto string
	url               string // its URL, if the attempt does not know it
	header            http.Header
	head              []byte // as received, if nobody has parsed it
	// What close closes: a response of net/http, or the session's connection, which is released to its origin.
	resp   *http.Response
	origin origin
}

// responseAnswer turns a response of net/http into an answer.
func (a *attempt) responseAnswer(resp *http.Response) answer {
	return answer{
		content: content.Body{
			Reader: resp.Body, Method: resp.Request.Method, Status: resp.StatusCode,
			Length: resp.ContentLength, Encoding: strings.Join(resp.Header["Content-Encoding"], ","),
		},
		statusText: resp.Status, proto: resp.Proto,
		url: a.shown(resp.Request.URL), header: resp.Header, resp: resp,
	}
}

// directAnswer turns the session's reply into an answer.
func (a *attempt) directAnswer(p *plan) answer {
	if a.hop.over != overHTTP1 {
		return a.streamAnswer(p)
	}
	reply := &a.reply
	got := answer{
		content: content.Body{
			Reader: reply.Body(), Method: a.spec.method(), Status: reply.Status,
			Length: reply.ContentLength, Encoding: reply.ContentEncoding, Discarder: reply,
		},
		statusText: reply.StatusText, proto: reply.Proto, origin: p.origin,
	}
	if a.spec.Jar != nil && reply.SetsCookies {
		a.storeCookies(p.url, reply.Header())
	}
	if head := reply.Head(); head != nil {
		got.head = a.heads.keep(head, reply.Heads)
	} else {
		got.header = reply.Header()
	}
	return got
}

// Head is what is known of a response before its body is read.
type Head struct {
	// URL is that of the response, after redirects. It is valid during the call only.
	URL    *url.URL
	Status int

	header http.Header
	plain  []byte // as received, if nobody has parsed it
}

// Header returns the header. It must not be changed.
func (h *Head) Header() http.Header {
	if h.header == nil && h.plain != nil {
		h.header = ParseHead(h.plain)
	}
	return h.header
}

// MayHave reports whether the header may have a field, without parsing it.
func (h *Head) MayHave(name string) bool {
	if h.header == nil && h.plain != nil {
		return MayHave(h.plain, name)
	}
	return h.header[http.CanonicalHeaderKey(name)] != nil
}

// Get returns the first value of a field, like Header().Get, without parsing the others.
func (h *Head) Get(name string) string {
	if h.header == nil && h.plain != nil {
		return HeadField(h.plain, name)
	}
	return h.Header().Get(name)
}

// isInspected reports whether somebody may want to see the body.
func (a *attempt) isInspected() bool { return a.spec.Inspect != nil || a.req.Inspect != nil }

// inspect has the body passed to whoever wants to see it.
func (a *attempt) inspect(got *answer) {
	if !a.isInspected() {
		return
	}
	head := Head{URL: a.planned.url, Status: got.content.Status, header: got.header, plain: got.head}
	if got.resp != nil {
		head.URL = got.resp.Request.URL
	}
	if a.spec.Inspect != nil {
		got.content.Into = a.spec.Inspect(a.req, &head)
	}
	if a.req.Inspect == nil {
		return
	}
	switch into := a.req.Inspect(&head); {
	case got.content.Into == nil:
		got.content.Into = into
	case into != nil:
		got.content.Into = io.MultiWriter(got.content.Into, into)
	}
}

// close is called when the body has been read, as far as it is needed.
func (a *attempt) close(got *answer) {
	switch {
	case got.resp != nil:
		_ = got.resp.Body.Close()
	case a.hop.over != overHTTP1:
		a.closeStream()
	default:
		a.release(got.origin)
	}
}
