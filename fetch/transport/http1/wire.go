package http1

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// AppendWire appends to dst the bytes that net/http's Transport would send for req. It returns an error that the
// Transport would return before sending. closing stands for a Transport whose keep-alives are disabled. As with k6's
// Transport, no Accept-Encoding is added. The request's body is read and closed.
//
// It does not add what http.Client adds: cookies, the Referer, and the Authorization of a URL with a password.
func AppendWire(dst []byte, req *http.Request, closing bool) ([]byte, error) {
	if err := CheckRequest(req); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return dst, err
	}
	buf := bytes.NewBuffer(dst)
	if err := req.Write(buf); err != nil {
		return dst, err
	}
	wire := buf.Bytes()
	if closing && !wantsClose(req) && !isProtocolSwitch(req.Header) {
		// The Transport's own headers come last. Headers before cannot contain newlines.
		end := len(dst) + bytes.Index(wire[len(dst):], []byte("\r\n\r\n")) + len("\r\n")
		wire = append(wire, "Connection: close\r\n"...)
		added := len("Connection: close\r\n")
		copy(wire[end+added:], wire[end:])
		copy(wire[end:], "Connection: close\r\n")
	}
	return wire, nil
}

// AppendField adds a header to a request without a body that AppendWire has encoded.
func AppendField(wire []byte, name, value string) []byte {
	wire = wire[:len(wire)-len("\r\n")] // the empty line
	wire = append(append(append(wire, name...), ": "...), value...)
	return append(wire, "\r\n\r\n"...)
}

// CheckRequest makes the checks of Transport.RoundTrip, in its order and with its texts.
func CheckRequest(req *http.Request) error {
	switch {
	case req.URL == nil:
		return errors.New("http: nil Request.URL")
	case req.Header == nil:
		return errors.New("http: nil Request.Header")
	}
	isHTTP := req.URL.Scheme == "http" || req.URL.Scheme == "https"
	if isHTTP {
		if what := invalidHeader(req.Header); what != "" {
			return fmt.Errorf("net/http: invalid header %s", what)
		}
		if what := invalidHeader(req.Trailer); what != "" {
			return fmt.Errorf("net/http: invalid trailer %s", what)
		}
	}
	switch {
	case !isHTTP:
		return fmt.Errorf("unsupported protocol scheme %q", req.URL.Scheme)
	case req.Method != "" && !httpguts.ValidHeaderFieldName(req.Method):
		return fmt.Errorf("net/http: invalid method %q", req.Method)
	case req.URL.Host == "":
		return errors.New("http: no Host in request URL")
	}
	return nil
}

// invalidHeader names the first header that must not be sent. It does not quote values, because they may be secret.
func invalidHeader(h http.Header) string {
	for name, values := range h {
		if !httpguts.ValidHeaderFieldName(name) {
			return fmt.Sprintf("field name %q", name)
		}
		for _, value := range values {
			if !validValue(value) {
				return fmt.Sprintf("field value for %q", name)
			}
		}
	}
	return ""
}

// wantsClose reports, like net/http, whether a request itself asks to close the connection.
func wantsClose(req *http.Request) bool {
	return req.Close || hasToken(req.Header["Connection"], "close")
}

// hasToken looks for token, which is in lower case, only in the first value, between blanks or commas. net/http's
// function of that name does the same.
func hasToken(values []string, token string) bool {
	if len(values) == 0 {
		return false
	}
	value := values[0]
	isBoundary := func(at int) bool {
		return at < 0 || at >= len(value) || value[at] == ' ' || value[at] == ',' || value[at] == '\t'
	}
	for from, to := 0, len(token); to <= len(value); from, to = from+1, to+1 {
		if isBoundary(from-1) && isBoundary(to) && equalFold(value[from:to], token) {
			return true
		}
	}
	return false
}
