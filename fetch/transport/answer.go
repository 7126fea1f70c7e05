package transport

import (
	"net/http"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/content"
)

// answer is a response whose body is still to be read.
type answer struct {
	content content.Body

	statusText, proto string
	url               string // where it came from, if not from where the attempt knows
	header            http.Header
	head              []byte // as it came, if nobody has parsed it
	// What to close: a response of net/http's, or the session's connection, which goes back to its origin.
	resp   *http.Response
	origin origin
}

// responseAnswer is a response of net/http's as an answer.
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

// directAnswer is the session's reply as an answer.
func (a *attempt) directAnswer(p *plan) answer {
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

// close is called when the body has been read, or as far as anybody wants it.
func (a *attempt) close(got *answer) {
	if got.resp != nil {
		_ = got.resp.Body.Close()
		return
	}
	a.release(got.origin)
}
