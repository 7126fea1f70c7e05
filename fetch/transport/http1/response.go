package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// errNoReply is what reading a body gives when there is none because the round trip failed.
var errNoReply = errors.New("http1: no reply")

// A Response is a reply whose head has been read. Its worker uses one for all its requests: the zero value is ready,
// [Conn.RoundTrip] fills it, and what it holds is good until the next round trip.
type Response struct {
	Status        int
	StatusText    string // code and reason, "200 OK", as http.Response.Status
	Proto         string
	ContentLength int64 // as http.Response.ContentLength, -1 if unknown
	Close         bool  // whether the server, or HTTP/1.0, asks to close the connection after the body

	// Wrote is when the request had been written, as httptrace's WroteRequest has it: before the last 4 KiB are flushed.
	// Zero if the reply came, or the connection failed, before.
	Wrote time.Time
	// FirstByte is when the first byte of a reply was there, be it an interim one. Zero if none came.
	FirstByte time.Time
	// Sent reports whether any byte of the request was written, Received whether any byte of a reply was read. Both hold
	// when RoundTrip fails, too: a request counts as an attempt if Sent.
	Sent, Received bool

	// ContentEncoding is the value of Content-Encoding, with commas between those of several lines, and SetsCookies
	// reports whether there is a Set-Cookie: what is asked for often is known without parsing all headers.
	ContentEncoding string
	SetsCookies     bool

	// Heads counts the plain heads that were parsed: while it stays the same, Head is the same.
	Heads int

	request http.Request // only its method is set; what ReadResponse wants to know
	plain   []byte       // the head, if parsed in place
	last    plainHead
	header  http.Header // nil until asked for
	body    body
	scratch []byte
}

// plainHead is the plain head that was parsed last, and what it says. Most servers repeat theirs until the second is
// over and the Date changes; comparing is cheaper than parsing, and allocates nothing.
type plainHead struct {
	head

	raw            []byte
	text, encoding string
}

func (r *Response) reset(c *Conn, method string) {
	r.Status, r.ContentLength, r.Close = 0, 0, false
	r.Wrote, r.FirstByte, r.Sent, r.Received = time.Time{}, time.Time{}, false, false
	r.request.Method = method
	r.plain, r.header = nil, nil
	r.body = body{conn: c, err: errNoReply}
}

// plainHead takes the head at the start of what was read, if it is plain.
func (r *Response) plainHead(read []byte) bool {
	last := &r.last
	if n := len(last.raw); n == 0 || len(read) < n || !bytes.Equal(read[:n], last.raw) {
		h, ok := parseHead(read)
		if !ok {
			return false
		}
		r.Heads++
		*last = plainHead{
			head: h, raw: append(last.raw[:0], read[:h.size]...), text: string(h.text), encoding: string(h.encoding),
		}
	}
	r.setPlain()
	return true
}

// setPlain takes what the last plain head says.
func (r *Response) setPlain() {
	h := &r.last
	r.Status, r.StatusText, r.Proto, r.ContentLength = h.status, h.text, "HTTP/1.1", h.length
	r.ContentEncoding, r.SetsCookies = h.encoding, h.cookies
	r.plain = h.raw
	switch {
	case r.request.Method == http.MethodHead || h.length == 0:
		r.body.err = io.EOF
	case h.chunked:
		r.body.startChunked()
	default:
		r.body.startSized(h.length)
	}
}

// setParsed takes what net/http made of the head.
func (r *Response) setParsed(resp *http.Response) {
	r.Status, r.StatusText, r.Proto = resp.StatusCode, resp.Status, resp.Proto
	r.ContentLength, r.Close, r.header = resp.ContentLength, resp.Close, resp.Header
	r.ContentEncoding = strings.Join(resp.Header["Content-Encoding"], ",")
	r.SetsCookies = len(resp.Header["Set-Cookie"]) > 0
	switch {
	case resp.StatusCode == http.StatusSwitchingProtocols && isProtocolSwitch(resp.Header):
		// net/http hands out the connection itself, and never keeps it.
		r.body.startRaw()
	case resp.Body == http.NoBody:
		r.body.err = io.EOF
	default:
		r.body.start(resp.Body)
	}
}

// Header returns the headers as http.Response.Header has them. They are parsed when first asked for, by net/http.
func (r *Response) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(r.plain)), &r.request)
		if err == nil { // always: parseHead accepts nothing else
			_ = resp.Body.Close()
			r.header = resp.Header
		}
	}
	return r.header
}

// Head returns the head as it came, for [ParseHeader] to parse later, or nil if it had to be parsed already. It is good
// until the next round trip.
func (r *Response) Head() []byte {
	if r.header != nil {
		return nil
	}
	return r.plain
}

// ParseHeader returns the headers of a head that Head has returned.
func ParseHeader(head []byte) http.Header {
	r := Response{plain: head}
	return r.Header()
}

// isProtocolSwitch is how net/http tells an accepted upgrade.
func isProtocolSwitch(h http.Header) bool {
	if h.Get("Upgrade") == "" {
		return false
	}
	for _, value := range h["Connection"] {
		for token := range strings.SplitSeq(value, ",") {
			if equalFold(strings.Trim(token, " \t"), "upgrade") {
				return true
			}
		}
	}
	return false
}
