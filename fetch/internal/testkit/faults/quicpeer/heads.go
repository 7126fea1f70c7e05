package quicpeer

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// headCases are the faults in a head.
func headCases() []Case {
	heads := func(frames ...[]byte) func(*request) {
		return func(r *request) {
			r.write(frames...)
			r.data("body")
			r.fin()
		}
	}
	answers := func(status string, fields ...string) func(*request) {
		return func(r *request) { r.answer(status, "body", fields...) }
	}
	const malformed = 1855 // H3_MESSAGE_ERROR (RFC 9114, section 4.1.2)
	interim := func(status string, times int) func(*request) {
		first := head(status, "link", "</a.css>; rel=preload")
		return heads(append(slices.Repeat([][]byte{first}, times), head(ok))...)
	}
	many := make([]string, 0, 2*12*mega/(16<<10))
	for range cap(many) / 2 {
		many = append(many, "x-big", strings.Repeat("x", 16<<10))
	}
	redirect := func(location string) func(*request) {
		return func(r *request) { r.answer("302", "", "location", location) }
	}
	return slices.Concat([]Case{
		answering("good", page(http.StatusOK), answers(ok)),
		answering("404", page(http.StatusNotFound), answers("404")),
		answering("503", page(http.StatusServiceUnavailable), answers("503")),
		answering("status 999", page(999), answers("999")),
		answering("1 MB header", page(http.StatusOK), answers(ok, "x-big", strings.Repeat("x", mega))),
		answering("12 MB header", code(malformed), answers(ok, "x-big", strings.Repeat("x", 12*mega))),
		answering("12 MB of headers", code(malformed), answers(ok, many...)),
		answering("head that claims 4 GB", code(1848), heads(frameOf(frameHeaders, 4<<30))),
		answering("no status", code(malformed), heads(headers("content-length", "4"))),
		answering("no fields", code(malformed), heads(headers())),
		answering("status that is no number", code(malformed), answers("abc")),
		answering("two statuses", code(malformed), answers(ok, ":status", ok)),
		answering("status after a field", code(malformed), heads(headers("x", "y", ":status", ok))),
		answering("pseudo-header of a request", code(malformed), answers(ok, ":path", "/")),
		answering("header name with capitals", code(malformed), answers(ok, "Colon", "x")),
		answering("header name with a space", code(malformed), answers(ok, "a b", "x")),
		answering("header value with a line break", code(malformed), answers(ok, "x", "a\r\nb: c")),
		// As over HTTP/2, these are borne, because net/http does so.
		answering("conflicting Content-Length", page(http.StatusOK),
			answers(ok, "content-length", "5", "content-length", "4")),
		answering("negative Content-Length", page(http.StatusOK), answers(ok, "content-length", "-4")),
		answering("Content-Length and Transfer-Encoding", page(http.StatusOK),
			answers(ok, "content-length", "4", "transfer-encoding", "chunked")),
		answering("100 first", page(http.StatusOK), interim("100", 1)),
		answering("twenty 100s first", page(http.StatusOK), interim("100", 20)),
		answering("103 first", page(http.StatusOK), interim("103", 1)),
		// HTTP/3 has no 101 (RFC 9114, section 4.5). The code is that of HTTP/1.1.
		answering("unasked-for 101", code(1000), interim("101", 1)),
		answering("QPACK garbage", code(1888), heads(frame(frameHeaders, []byte("\xff\xff\xff")))),
		answering("QPACK that ends in a field", code(1888), heads(frame(frameHeaders, []byte("\x00\x00\x51\x7fodd")))),
		answering("QPACK without its prefix", code(1888), heads(frame(frameHeaders, nil))),
		answering("QPACK with the dynamic table", code(1888), heads(frame(frameHeaders, []byte("\x02\x00\x80\xd9")))),
		answering("QPACK beyond the static table", code(1888), heads(frame(frameHeaders, []byte("\x00\x00\xff\x3f")))),
		answering("302 without Location", page(http.StatusFound), answers("302")),
		answering("bad Location", code(1000), redirect("http://[::1/")),
		answering("redirect to file:", code(1000), redirect("file:///etc/hosts")),
		// Over HTTP/3 there is nothing but https, and the request was to go over HTTP/3 alone.
		answering("redirect to http:", code(1800), redirect("http://127.0.0.1:1/")),
		answering("redirect loop", page(http.StatusFound), redirect("/")).hits(11),
	}, statusCases())
}

// statusCases are responses without a body.
func statusCases() []Case {
	empty := func(status string, fields ...string) func(*request) {
		return func(r *request) { r.answer(status, "", fields...) }
	}
	var cases []Case
	for _, status := range []int{http.StatusNoContent, http.StatusNotModified} {
		cases = append(cases, answering(fmt.Sprint(status), page(status), empty(fmt.Sprint(status))))
	}
	return append(cases,
		answering("304 with Content-Length", page(http.StatusNotModified), empty("304", "content-length", "1000")),
		answering("HEAD", page(http.StatusOK), empty(ok, "content-length", "1000")).by(http.MethodHead, 0),
		answering("HEAD that has a body", code(1855), func(r *request) {
			r.answer(ok, "body", "content-length", "4")
		}).by(http.MethodHead, 0),
	)
}
