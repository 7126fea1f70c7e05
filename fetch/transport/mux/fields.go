package mux

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Encoder encodes the field blocks of requests that net/http would send, so that the bytes of a block do not depend on
// those before it. It remembers the last one, because the next is mostly the same but for its path. The zero value is
// ready once Coding is set.
type Encoder struct {
	// Coding encodes single fields.
	Coding Coding

	// What surrounds the path in the last block, and what it was for.
	before, after []byte
	scheme, host  string
}

// Coding is how a protocol encodes a field.
type Coding interface {
	// Begin appends what a block begins with.
	Begin(dst []byte) []byte
	// Field appends a field whose name is in lower case.
	Field(dst []byte, name, value string) []byte
	// Path appends the pseudo-header of a path.
	Path(dst []byte, path string) []byte
}

// Append appends the field block of a request that net/http would send, with its checks.
func (e *Encoder) Append(dst []byte, req *http.Request) ([]byte, error) {
	e.before, e.after = nil, nil
	host, err := authority(req)
	if err != nil {
		return dst, err
	}
	path := req.URL.RequestURI()
	if !IsPath(path) {
		return dst, errors.New("invalid request :path")
	}
	e.before = e.Coding.Begin([]byte{})
	e.before = e.Coding.Field(e.before, ":method", method(req))
	e.before = e.Coding.Field(e.before, ":scheme", req.URL.Scheme)
	e.before = e.Coding.Field(e.before, ":authority", host)
	e.after = e.fields([]byte{}, req)
	e.scheme, e.host = req.URL.Scheme, req.URL.Host
	return e.append(dst, path), nil
}

// AppendAlike appends the block of a request that is the last one, but for the path of its URL. It returns false if it
// cannot.
func (e *Encoder) AppendAlike(dst []byte, u *url.URL) ([]byte, bool) {
	if e.before == nil || u.Scheme != e.scheme || u.Host != e.host || u.User != nil || u.Opaque != "" {
		return dst, false
	}
	path := u.RequestURI()
	if !IsPath(path) {
		return dst, false
	}
	return e.append(dst, path), true
}

func (e *Encoder) append(dst []byte, path string) []byte {
	return append(e.Coding.Path(append(dst, e.before...), path), e.after...)
}

// fields appends all but pseudo-headers, by the rules of net/http.
func (e *Encoder) fields(dst []byte, req *http.Request) []byte {
	names := make([]string, 0, len(req.Header))
	for name := range req.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	hasAgent := false
	for _, name := range names {
		values := req.Header[name]
		switch name = strings.ToLower(name); name {
		case "host", "content-length", "connection", "proxy-connection", "transfer-encoding", "upgrade", "keep-alive":
		case "te":
			for _, value := range values {
				if value == "trailers" { // nothing else may come (RFC 9113, section 8.2.2; RFC 9114, section 4.2)
					dst = e.Coding.Field(dst, name, value)
				}
			}
		case "user-agent":
			hasAgent = true
			if len(values) > 0 && values[0] != "" {
				dst = e.Coding.Field(dst, name, values[0])
			}
		case "cookie":
			dst = e.cookies(dst, values)
		default:
			for _, value := range values {
				dst = e.Coding.Field(dst, name, value)
			}
		}
	}
	if !hasAgent {
		dst = e.Coding.Field(dst, "user-agent", "Go-http-client/2.0")
	}
	if hasLength(req) {
		dst = e.Coding.Field(dst, "content-length", strconv.FormatInt(req.ContentLength, 10))
	}
	return dst
}

// cookies encodes each cookie as a field (RFC 9113, section 8.2.3; RFC 9114, section 4.2.1).
func (e *Encoder) cookies(dst []byte, values []string) []byte {
	for _, value := range values {
		for {
			cookie, rest, more := strings.Cut(value, ";")
			if cookie != "" || more {
				dst = e.Coding.Field(dst, "cookie", cookie)
			}
			if !more {
				break
			}
			value = strings.TrimLeft(rest, " ")
		}
	}
	return dst
}

// IsSensitive reports whether intermediaries should not add a field to their tables (RFC 7541, section 7.1.3).
func IsSensitive(name string) bool {
	return name == "authorization" || name == "cookie" || name == "proxy-authorization"
}

func hasLength(req *http.Request) bool {
	if req.ContentLength != 0 {
		return req.ContentLength > 0
	}
	switch req.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return true
	default:
		return false
	}
}

func method(req *http.Request) string {
	if req.Method == "" {
		return http.MethodGet
	}
	return req.Method
}

func authority(req *http.Request) (string, error) {
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	host, err := httpguts.PunycodeHostPort(host)
	if err != nil {
		return "", err
	}
	if !httpguts.ValidHostHeader(host) {
		return "", errors.New("http2: invalid Host header")
	}
	return host, nil
}

// IsPath reports whether a :path is valid (RFC 9113, section 8.3.1; RFC 9114, section 4.3.1).
func IsPath(path string) bool {
	return path == "*" || strings.HasPrefix(path, "/") &&
		!strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// MayExceed reports whether the fields of an encoded block may be larger than the most that a server allows, by the
// block's length alone.
func MayExceed(block []byte, most uint64) bool {
	const perByte = 100 // of a block: more than an index into the static table or Huffman's code can stand for
	return uint64(len(block)) > most/perByte
}

// AppendLength appends the length of a string that has no Huffman code, in 7 bits or more (RFC 7541, section 5.1; RFC
// 9204, section 4.1.1).
func AppendLength(dst []byte, length int) []byte {
	const bits = 7
	return AppendPrefixed(dst, 0, bits, length)
}

// AppendPrefixed appends a number that begins in the lowest bits of a byte (RFC 7541, section 5.1).
func AppendPrefixed(dst []byte, first byte, bits, number int) []byte {
	const more, digits = 0x80, 7
	most := 1<<bits - 1
	if number < most {
		return append(dst, first|byte(number)) // #nosec G115 -- fits its bits
	}
	dst = append(dst, first|byte(most)) // #nosec G115 -- 8 bits at most
	value := uint(number - most)        // #nosec G115 -- not negative
	for ; value >= more; value >>= digits {
		dst = append(dst, byte(value)|more)
	}
	return append(dst, byte(value))
}
