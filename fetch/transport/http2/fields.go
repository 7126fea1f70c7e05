package http2

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/http2/hpack"
)

// Encoder encodes the field blocks of requests (sections 8.2 and 8.3.1), without the dynamic table. It remembers the
// last one, because the next is mostly the same but for its path. The zero value is ready.
type Encoder struct {
	out bytes.Buffer
	hp  *hpack.Encoder

	// What surrounds the path in the last block, and what it was for.
	before, after []byte
	scheme, host  string
}

// Append appends the field block of a request that net/http would send, with its checks.
func (e *Encoder) Append(dst []byte, req *http.Request) ([]byte, error) {
	e.before, e.after = nil, nil
	host, err := authority(req)
	if err != nil {
		return dst, err
	}
	path := req.URL.RequestURI()
	if !isPath(path) {
		return dst, errors.New("invalid request :path")
	}
	e.begin()
	e.write(":method", method(req))
	e.write(":scheme", req.URL.Scheme)
	e.write(":authority", host)
	e.before = e.taken()
	e.fields(req)
	e.after = e.taken()
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
	if !isPath(path) {
		return dst, false
	}
	return e.append(dst, path), true
}

func (e *Encoder) append(dst []byte, path string) []byte {
	const pathName = 4 // in the static table, as the name of a literal that is not indexed
	dst = append(append(dst, e.before...), pathName)
	dst = appendLength(dst, len(path))
	return append(append(dst, path...), e.after...)
}

// AppendField appends a field to the block of a request, without the tables and without Huffman's code.
func AppendField(block []byte, name, value string) []byte {
	const newName = 0 // a literal that is not indexed, with a name that is not either
	name = strings.ToLower(name)
	block = appendLength(append(block, newName), len(name))
	block = appendLength(append(block, name...), len(value))
	return append(block, value...)
}

// appendLength appends the length of a string without Huffman's code (RFC 7541, sections 5.1 and 5.2).
func appendLength(dst []byte, length int) []byte {
	const most, more, digits = 0x7f, 0x80, 7
	if length < most {
		return append(dst, byte(length)) // #nosec G115 -- 7 bits
	}
	dst = append(dst, most)
	value := uint(length - most) // #nosec G115 -- not negative
	for ; value >= more; value >>= digits {
		dst = append(dst, byte(value)|more)
	}
	return append(dst, byte(value))
}

func (e *Encoder) begin() {
	if e.hp == nil {
		e.hp = hpack.NewEncoder(&e.out)
		e.hp.SetMaxDynamicTableSize(0)
		// The first block would begin with the change of the size, which the server need not know of.
		_ = e.hp.WriteField(hpack.HeaderField{}) // a buffer never fails
	}
	e.out.Reset()
}

// taken returns what was encoded since the last call.
func (e *Encoder) taken() []byte {
	b := bytes.Clone(e.out.Bytes())
	if b == nil {
		b = []byte{}
	}
	e.out.Reset()
	return b
}

func (e *Encoder) write(name, value string) {
	sensitive := name == "authorization" || name == "cookie" || name == "proxy-authorization"
	_ = e.hp.WriteField(hpack.HeaderField{Name: name, Value: value, Sensitive: sensitive}) // a buffer never fails
}

// fields encodes all but pseudo-headers, by the rules of net/http.
func (e *Encoder) fields(req *http.Request) {
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
		case "user-agent":
			hasAgent = true
			if len(values) > 0 && values[0] != "" {
				e.write(name, values[0])
			}
		case "cookie":
			e.cookies(values)
		default:
			for _, value := range values {
				e.write(name, value)
			}
		}
	}
	if !hasAgent {
		e.write("user-agent", "Go-http-client/2.0")
	}
	if hasLength(req) {
		e.write("content-length", strconv.FormatInt(req.ContentLength, 10))
	}
}

// cookies encodes each cookie as a field (section 8.2.3).
func (e *Encoder) cookies(values []string) {
	for _, value := range values {
		for {
			cookie, rest, more := strings.Cut(value, ";")
			if cookie != "" || more {
				e.write("cookie", cookie)
			}
			if !more {
				break
			}
			value = strings.TrimLeft(rest, " ")
		}
	}
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

// isPath reports whether a :path is valid (section 8.3.1).
func isPath(path string) bool {
	return path == "*" || strings.HasPrefix(path, "/") &&
		!strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == 0x7f })
}
