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

// errNoReply is the error of reading a body after a failed round trip.
var errNoReply = errors.New("http1: no reply")

// A Response is a reply whose head has been read. A worker uses one for all its requests. The zero value is ready;
// [Conn.RoundTrip] fills it, and its content is valid until the next round trip. It has many fields because those of
// net/http's Response, the times and what is kept between replies are in one value that is used again.
type Response struct {
	Status        int
	StatusText    string // code and reason, "200 OK", as http.Response.Status
	Proto         string
	ContentLength int64 // as http.Response.ContentLength, -1 if unknown
	Close         bool  // reports whether the server, or HTTP/1.0, asks to close the connection after the body

	// Wrote is when the request had been written, as httptrace's WroteRequest reports it: before the last 4 KiB are
	// flushed. It is zero if the reply came, or the connection failed, before.
	Wrote time.Time
	// FirstByte is when the first byte of a reply arrived, even an interim one. It is zero if none arrived.
	FirstByte time.Time
	// Sent reports whether any byte of the request was written, Received whether any byte of a reply was read. Both are
	// valid even if RoundTrip fails: a request counts as an attempt if Sent.
	Sent, Received bool

	// ContentEncoding is the value of Content-Encoding, with several lines joined by commas. SetsCookies reports whether
	// there is a Set-Cookie. Both are needed often, so they are known without parsing all headers.
	ContentEncoding string
	SetsCookies     bool

	// Heads counts the plain heads that were parsed. While it stays the same, Head is the same.
	Heads int

	request http.Request // only its method is set, because ReadResponse needs it
	plain   []byte       // the head, if parsed in place
	last    plainHead
	header  http.Header // nil until needed
	body    body
	scratch []byte
}

// plainHead is the last plain head that was parsed, and its content. Most servers repeat theirs until the Date changes
// after a second. Comparing is cheaper than parsing, and allocates nothing.
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

// setPlain takes over the last plain head.
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

// setParsed takes over what net/http has parsed.
func (r *Response) setParsed(resp *http.Response) {
	r.Status, r.StatusText, r.Proto = resp.StatusCode, resp.Status, resp.Proto
	r.ContentLength, r.Close, r.header = resp.ContentLength, resp.Close, resp.Header
	r.ContentEncoding = strings.Join(resp.Header["Content-Encoding"], ",")
	r.SetsCookies = len(resp.Header["Set-Cookie"]) > 0
	switch {
	case resp.StatusCode == http.StatusSwitchingProtocols && isProtocolSwitch(resp.Header):
		// net/http exposes the connection itself, and never keeps it.
		r.body.startRaw()
	case resp.Body == http.NoBody:
		r.body.err = io.EOF
	default:
		r.body.start(resp.Body)
	}
}

// Header returns the headers like http.Response.Header. net/http parses them on the first call.
func (r *Response) Header() http.Header {
	if r.header == nil {
		r.header = parsedHeader(r.plain, &r.request)
	}
	return r.header
}

func parsedHeader(head []byte, req *http.Request) http.Header {
	resp, err := http.ReadResponse(bufio.NewReaderSize(bytes.NewReader(head), len(head)), req)
	if err != nil { // never, because parseHead accepts nothing else
		return http.Header{}
	}
	_ = resp.Body.Close()
	return resp.Header
}

// Head returns the head as received, for [ParseHeader] to parse later. It is nil if the head had to be parsed already.
// It is valid until the next round trip.
func (r *Response) Head() []byte {
	if r.header != nil {
		return nil
	}
	return r.plain
}

// ParseHeader returns the headers of a head that Head has returned.
func ParseHeader(head []byte) http.Header {
	return parsedHeader(head, &http.Request{Method: http.MethodGet})
}

// isProtocolSwitch reports, like net/http, whether a response accepts an upgrade.
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
