package http2

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// FuzzFrames: whatever a server sends in answer to a request, neither this package nor net/http hangs or panics. If
// this package returns a whole response, so does net/http, and it is the same.
//
// There are exceptions, which lenient lists: what this package accepts and net/http does not. What net/http accepts and
// this package does not is no concern of this test. It is:
//   - SETTINGS with ENABLE_PUSH, or that lift a stream's window too far; RST_STREAM of an idle stream (sections 6.5.2,
//     6.9.2 and 5.1), which are errors of the connection;
//   - an answer to HEAD without END_STREAM, which this package waits for;
//   - a status of 0; trailers that are too long;
//   - frames of no use, many times (section 10.5).
func FuzzFrames(f *testing.F) {
	settings := appendFrame(nil, 0, frameSettings, 0, 0)
	head := func(flags uint8, block string) []byte {
		return append(appendFrame(nil, len(block), frameHeaders, flags, 1), block...)
	}
	data := func(flags uint8, text string) []byte {
		return append(appendFrame(nil, len(text), frameData, flags, 1), text...)
	}
	length := "\x0f\x0d\x015"
	const both = flagEndHeaders | flagEndStream
	for _, seed := range [][]byte{
		head(both, "\x88"),
		slices.Concat(head(flagEndHeaders, "\x88"), data(flagEndStream, "hello")),
		slices.Concat(head(flagEndHeaders, "\x88"+length), data(0, "hel"), data(flagEndStream, "lo")),
		slices.Concat(head(flagEndHeaders, "\x88"+length), data(flagEndStream, "hell")),
		slices.Concat(head(flagEndHeaders, "\x88"+length), data(flagEndStream, "hello!")),
		slices.Concat(head(flagEndHeaders, "\x08\x03103"), head(both, "\x88")),
		slices.Concat(head(flagEndHeaders, "\x88"), data(0, "hello"), head(both, "\x00\x01a\x01b")),
		slices.Concat(head(flagEndHeaders|flagPadded, "\x02\x88\x00\x00"), data(flagPadded|flagEndStream, "\x01hello\x00")),
		slices.Concat(head(0, "\x88\x40\x01"), appendFrame(nil, 3, frameContinuation, flagEndHeaders, 1), []byte("a\x01b"),
			data(flagEndStream, "")),
		head(both, "\x8b"+length), // 304
		slices.Concat(appendPing(nil, 0, []byte("12345678")), head(both, "\x88")),
		slices.Concat(appendWord(nil, frameWindowUpdate, 1, 9), head(both, "\x88")),
		slices.Concat(appendReset(nil, 1, codeRefused), head(both, "\x88")),
		slices.Concat(appendGoAway(nil, codeNo), head(both, "\x88")),
		slices.Concat(head(both, "\x88"), appendReset(nil, 1, codeNo), appendGoAway(nil, codeNo)),
		slices.Concat(appendFrame(nil, 6, frameSettings, 0, 0), []byte("\x00\x04\x00\x00\x00\x00"), head(both, "\x88")),
		slices.Concat(appendFrame(nil, 0, frameSettings, flagAck, 0), head(both, "\x88")),
	} {
		f.Add(slices.Concat(settings, seed), false, false)
		f.Add(slices.Concat(settings, seed), false, true)
		f.Add(unframed(seed), true, false)
	}
	f.Fuzz(func(t *testing.T, reply []byte, fixed, isHead bool) {
		if fixed {
			reply = append(bytes.Clone(settings), framed(reply)...)
		}
		method := http.MethodGet
		if isHead {
			method = http.MethodHead
		}
		got, ok := byStream(t, newMemConn(bytes.Clone(reply)), method)
		want, err := byNetHTTP(t, newMemConn(bytes.Clone(reply)), method)
		if !ok || lenient(reply, got) {
			return
		}
		require.NoError(t, err)
		want.header.Del("Trailer") // net/http takes it out, unless no response has it
		got.header.Del("Trailer")
		require.Equal(t, want, got)
	})
}

// lenient reports whether this package accepts what net/http does not:
//   - a 304 with a Content-Length and without a body (RFC 9110, section 8.6, allows it);
//   - acknowledgements of SETTINGS that were never sent, which are of no use;
//   - settings and frames that only extensions know, and that net/http finds invalid (section 5.5).
func lenient(reply []byte, got response) bool {
	if got.status == http.StatusNotModified && got.header.Get("Content-Length") != "" && got.body == "" {
		return true
	}
	acks := 0
	for len(reply) >= headerSize {
		f := parseFrame(reply)
		reply = reply[headerSize:]
		payload := reply[:min(int(f.length), len(reply))]
		reply = reply[len(payload):]
		const priorityUpdate = 0x10 // RFC 9218, section 7.1
		switch {
		case f.kind == priorityUpdate:
			return true
		case f.kind == frameSettings && f.has(flagAck):
			acks++
		case f.kind == frameSettings:
			for ; len(payload) >= settingSize; payload = payload[settingSize:] {
				if id := uint16(payload[0])<<8 | uint16(payload[1]); id > settingMaxListSize {
					return true
				}
			}
		}
	}
	return acks > 1
}

// framed makes frames of bytes: type, flags, stream, length and payload, so that fuzzing gets deep.
func framed(b []byte) []byte {
	var out []byte
	for len(b) >= 4 {
		kind, flags, id := frameType(b[0]%0x11), b[1], [...]uint32{0, 1, 1, 3}[b[2]%4]
		n := min(int(b[3]), len(b)-4)
		out = append(appendFrame(out, n, kind, flags, id), b[4:4+n]...)
		b = b[4+n:]
	}
	return out
}

// unframed is the inverse of framed.
func unframed(b []byte) []byte {
	var out []byte
	for len(b) >= headerSize {
		f := parseFrame(b)
		out = append(out, byte(f.kind), f.flags, byte(f.id), byte(f.length))
		out = append(out, b[headerSize:headerSize+f.length]...)
		b = b[headerSize+f.length:]
	}
	return out
}

// A response is all that can be observed of one.
type response struct {
	status int
	text   string
	header http.Header
	body   string
}

const fuzzTimeout = 20 * time.Second

// byStream makes the exchange with this package, twice: reading and counting the body. It reports whether the response
// was whole.
func byStream(t *testing.T, nc *memConn, method string) (response, bool) {
	t.Helper()
	counted := newMemConn(bytes.Clone(nc.reply))
	reply := nc.reply
	req := request(method, "")
	req.Keeps = true
	got, ok := stream(t, nc, req)
	req.Keeps = false
	other, alsoOK := stream(t, counted, req)
	if ok != alsoOK {
		// A server that says that it takes no request, and answers it all the same, may do the one before the other is known.
		require.True(t, hasGoAway(reply))
		return got, false
	}
	if ok {
		require.Equal(t, fmt.Sprint(len(got.body)), other.body)
		require.Equal(t, got.header, other.header)
	}
	return got, ok
}

// hasGoAway reports whether one of the frames is a GOAWAY.
func hasGoAway(frames []byte) bool {
	for len(frames) >= headerSize {
		f := parseFrame(frames)
		if f.kind == frameGoAway {
			return true
		}
		frames = frames[min(headerSize+int(f.length), len(frames)):]
	}
	return false
}

func stream(t *testing.T, nc *memConn, req Request) (response, bool) {
	t.Helper()
	conn := NewConn(nc, nil)
	defer conn.Close()
	var s Stream
	defer s.Release()
	defer s.Close()
	begun := time.Now()
	defer func() { require.Less(t, time.Since(begun), fuzzTimeout/2) }()
	if s.RoundTrip(conn, req, begun.Add(fuzzTimeout)) != nil {
		return response{}, false
	}
	got := response{status: s.Reply.Status, text: s.Reply.StatusText, header: s.Header()}
	var err error
	if req.Keeps {
		var body []byte
		body, err = io.ReadAll(s.Body())
		got.body = string(body)
	} else {
		var n int64
		n, err = s.Discard()
		got.body = fmt.Sprint(n)
	}
	return got, err == nil
}

// byNetHTTP makes it with net/http's implementation.
func byNetHTTP(t *testing.T, nc *memConn, method string) (response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), fuzzTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "https://h/", nil)
	require.NoError(t, err)
	resp, err := roundTrip(nc, req)
	require.NoError(t, ctx.Err())
	if err != nil {
		return response{}, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	return response{status: resp.StatusCode, text: resp.Status, header: resp.Header, body: string(body)}, err
}

func roundTrip(nc *memConn, req *http.Request) (*http.Response, error) {
	conn, err := (&xhttp2.Transport{DisableCompression: true}).NewClientConn(nc)
	if err != nil {
		return nil, err
	}
	defer func() { _ = nc.Close() }()
	resp, err := conn.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failed{err}))
	return resp, nil
}

// failed is the end of a body that has ended with an error.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// FuzzFields: the fields of a request are those that net/http sends, whatever their order. The block of another path is
// the same whether it is encoded as a whole or like the last one.
func FuzzFields(f *testing.F) {
	f.Add("GET", "example.com", "", "/a?b=c", "/", "Accept", "text/html", "a=b; c=d", uint8(0))
	f.Add("POST", "example.com:8443", "other", "/", "/x y", "User-Agent", "", ";a; ;b;", uint8(3))
	f.Add("PUT", "[::1]", "", "*", "?", "Authorization", "Basic eA==", " ", uint8(0))
	f.Add("", "bücher.example", "", "", "//", "Host", "x", "", uint8(0))
	f.Add("PATCH", "h", "", "/", "/", "Content-Length", "9", "a=b", uint8(9))
	f.Fuzz(func(t *testing.T, method, host, header, path, other, name, value, cookie string, length uint8) {
		u, err := url.Parse("https://" + host + path)
		if err != nil || method == http.MethodConnect {
			return
		}
		req := (&http.Request{Method: method, URL: u, Host: header, Header: http.Header{}}).WithContext(t.Context())
		req.Header[http.CanonicalHeaderKey(name)] = []string{value, "second"}
		if cookie != "" {
			req.Header["Cookie"] = []string{cookie, "z=1"}
		}
		if length > 0 {
			req.ContentLength, req.Body = int64(length), io.NopCloser(bytes.NewReader(make([]byte, length)))
		}
		if special(req.Header) {
			return
		}
		nc := newMemConn([]byte("\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x01\x01\x05\x00\x00\x00\x01\x88"))
		resp, err := roundTrip(nc, req)
		if nc.asks() == nil {
			require.Error(t, err)
			return // the caller has net/http's checks of methods and fields
		}
		if err == nil {
			_ = resp.Body.Close()
		}
		e := NewEncoder()
		block, err := e.Append(nil, req)
		if err != nil {
			require.True(t, u.Opaque != "" || !mux.IsPath(u.RequestURI()), "%v", err)
			return
		}
		require.Equal(t, fieldsOf(t, nc.asks()), fieldsOf(t, block))
		require.Zero(t, effectOf(block))

		next, err := url.Parse("https://" + host + other)
		if err != nil {
			return
		}
		alike, ok := e.AppendAlike([]byte("before"), next)
		if ok {
			again := req.Clone(t.Context())
			again.URL = next
			whole, err := NewEncoder().Append([]byte("before"), again)
			require.NoError(t, err)
			require.Equal(t, whole, alike)
		}
	})
}

// special reports whether the caller leaves the fields to net/http.
func special(header http.Header) bool {
	names := []string{"Connection", "Expect", "Te", "Trailer", "Transfer-Encoding", "Upgrade", ":protocol"}
	return slices.ContainsFunc(slices.Collect(maps.Keys(header)), func(name string) bool {
		return slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(name, other) })
	})
}

// fieldsOf decodes a field block of a request.
func fieldsOf(t *testing.T, block []byte) []string {
	t.Helper()
	fields, err := hpack.NewDecoder(tableSize, nil).DecodeFull(block)
	require.NoError(t, err)
	all := make([]string, len(fields))
	pseudo := 0
	for i, f := range fields {
		all[i] = f.Name + ": " + f.Value
		if f.IsPseudo() {
			require.Equal(t, pseudo, i, "pseudo-headers come first")
			pseudo++
		}
	}
	slices.Sort(all)
	return all
}

// FuzzBlocks: a head is what its fields say, whatever came before it. Equal blocks are equal heads only as long as the
// dynamic table is the same.
func FuzzBlocks(f *testing.F) {
	f.Add([]byte("\x01\x88\x01\x88"), []byte{0, 1, 0, 0, 1})
	f.Add([]byte("\x06\x88\x40\x01a\x01b\x06\x88\x40\x01a\x01c\x03\x88\xbe\xbf"), []byte{0, 0, 0, 2, 1, 1, 0, 2, 2})
	f.Add([]byte("\x06\x88\x40\x01a\x01b\x02\x88\xbe\x06\x88\x40\x01a\x01c"), []byte{0, 1, 1, 2, 1, 1, 0, 1})
	f.Add([]byte("\x06\x88\x40\x01a\x01b\x02\x88\xbe\x02\x20\x88\x05\x88\x0f\x0d\x015"), []byte{0, 1, 2, 1, 3, 3})
	f.Add([]byte("\x06\x88\x40\x01a\x01b\x06\x88\x40\x01a\x01c\x02\x88\xbf"), []byte{1, 0, 0, 2})
	f.Add([]byte("\x06\x88\x40\x01a\x01b\x07\x88\xbe\x40\x01a\x01c"), []byte{0, 1, 1})
	f.Add([]byte("\x04\x08\x03304\x05\x00\x01a\x01b\x01\x40"), []byte{0, 0, 1, 1, 2})
	f.Fuzz(func(t *testing.T, text, order []byte) {
		var blocks [][]byte
		for len(text) > 0 {
			n := min(int(text[0]), len(text)-1)
			blocks = append(blocks, text[1:1+n])
			text = text[1+n:]
		}
		if len(blocks) == 0 {
			return
		}
		var d decoder
		d.init()
		fresh := hpack.NewDecoder(tableSize, nil)
		fresh.SetMaxStringLength(mux.MaxHeadSize)
		for _, i := range order {
			block := blocks[int(i)%len(blocks)]
			fields, wantErr := fresh.DecodeFull(block)
			got, wrong, err := d.whole(bytes.Clone(block))
			if wrong != nil && wantErr != nil {
				return // texts after what is wrong are not decoded, as in net/http
			}
			require.Equal(t, wantErr != nil, err != nil)
			if err != nil {
				return // with the connection
			}
			if wrong == nil {
				require.Equal(t, headText(fields), string(got.Text))
			}
		}
	})
}

// headText writes fields as a head.
func headText(fields []hpack.HeaderField) string {
	var b strings.Builder
	for _, f := range fields {
		if f.Name == ":status" {
			status, _ := strconv.Atoi(f.Value)
			fmt.Fprintf(&b, "HTTP/2.0 %s %s\r\n", f.Value, http.StatusText(status))
			continue
		}
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	return b.String()
}
