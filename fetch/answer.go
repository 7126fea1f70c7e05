package fetch

import (
	"io"
	"net/http"
	"strings"
)

// content is the body of an answer, and what is needed to read it.
type content struct {
	body     io.Reader
	method   string
	status   int
	length   int64 // -1: not known
	encoding string
	// lane, if there is one, can drop the body cheaper than by reading it.
	lane *lane
}

// answer is a response whose body is still to be read.
type answer struct {
	content

	statusText, proto string
	url               string // where it came from, if not from where the attempt knows
	header            http.Header
	plain             *outcome // with the header as it came, if nobody has parsed it
	// What to close: a response of net/http's, or the lane's connection, which goes back to its origin.
	resp   *http.Response
	origin origin
}

// responseAnswer is a response of net/http's as an answer.
func (a *attempt) responseAnswer(resp *http.Response) answer {
	return answer{
		content: content{
			body: resp.Body, method: resp.Request.Method, status: resp.StatusCode,
			length: resp.ContentLength, encoding: strings.Join(resp.Header["Content-Encoding"], ","),
		},
		statusText: resp.Status, proto: resp.Proto,
		url: a.shown(resp.Request.URL), header: resp.Header, resp: resp,
	}
}

// laneAnswer is the lane's reply as an answer. Its head is copied: the result keeps it.
func (a *attempt) laneAnswer(p *plan) answer {
	reply := &a.lane.reply
	got := answer{
		content: content{
			body: reply.Body(), method: a.spec.method(), status: reply.Status,
			length: reply.ContentLength, encoding: reply.ContentEncoding, lane: &a.lane,
		},
		statusText: reply.StatusText, proto: reply.Proto, origin: p.origin,
	}
	if a.spec.Jar != nil && reply.SetsCookies {
		a.storeCookies(p.url, reply.Header())
	}
	if head := reply.Head(); head != nil {
		got.plain = a.lane.keep(head, reply.Heads, a.hop.info)
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
