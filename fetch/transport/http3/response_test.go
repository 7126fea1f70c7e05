package http3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// A response is taken or refused as the standard says.
func TestResponses(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	ok, data := head(":status", "200"), frame(frameData, []byte("body")...)
	early, continues := head(":status", "103", "link", "</a>"), head(":status", "100")
	big := frame(frameData, bytes.Repeat([]byte("x"), 300_000)...)
	long := head(":status", "200", "a", strings.Repeat("x", 100_000))
	for _, test := range []struct {
		what, method string
		response     []byte
		want         outcome
	}{
		{"a head and a body", "GET", join(ok, data), outcome{status: 200, body: "body"}},
		{"a head alone", "GET", ok, outcome{status: 200}},
		{"several frames", "GET", join(ok, data, frame(frameData), data), outcome{status: 200, body: "bodybody"}},
		{"a long body", "GET", join(ok, big), outcome{status: 200, body: string(bytes.Repeat([]byte("x"), 300_000))}},
		{"a long head", "GET", long, outcome{status: 200}},
		{"interim heads", "GET", join(early, continues, ok, data), outcome{status: 200, body: "body"}},
		{"unknown frames anywhere", "GET", join(frame(0x21, 1, 2), ok, frame(0x40, 3), data, frame(0x5f)), outcome{status: 200, body: "body"}},
		{"fields after the body", "GET", join(ok, data, head("a", "b")), outcome{status: 200, body: "body"}},
		{"the length that was announced", "GET", join(head(":status", "200", "content-length", "4"), data), outcome{status: 200, body: "body"}},
		{"no body for HEAD", "HEAD", head(":status", "200", "content-length", "4"), outcome{status: 200}},
		{"no body for 304", "GET", head(":status", "304", "content-length", "4"), outcome{status: 304}},

		{"nothing", "GET", nil, outcome{head: io.ErrUnexpectedEOF}},
		{"an interim head alone", "GET", early, outcome{head: io.ErrUnexpectedEOF}},
		{"half a head", "GET", ok[:len(ok)-1], outcome{head: io.ErrUnexpectedEOF}},
		{"half a frame", "GET", join(ok, data[:3]), outcome{status: 200, body: "b", err: io.ErrUnexpectedEOF}},
		{"half the type of a frame", "GET", join(ok, []byte{0x40}), outcome{status: 200, err: io.ErrUnexpectedEOF}},
		{"less than was announced", "GET", join(head(":status", "200", "content-length", "5"), data), outcome{status: 200, body: "body", err: io.ErrUnexpectedEOF}},
		{"more than was announced", "GET", join(head(":status", "200", "content-length", "3"), data), outcome{status: 200, body: "bod", err: mux.ErrTooLong}},
		{"a body for HEAD", "HEAD", join(ok, data), outcome{status: 200, err: &StreamError{codeMessage, errHeadBody}}},
		{"no status", "GET", head("a", "b"), outcome{head: &StreamError{codeMessage, mux.ErrNoStatus}}},
		{"a status that is no number", "GET", head(":status", "abc"), outcome{head: &StreamError{Code: codeMessage}}},
		{"a name with capitals", "GET", head(":status", "200", "A", "b"), outcome{head: &StreamError{Code: codeMessage}}},
		{"a value with a line break", "GET", head(":status", "200", "a", "b\nc"), outcome{head: &StreamError{Code: codeMessage}}},
		{"a late pseudo-header", "GET", head("a", "b", ":status", "200"), outcome{head: &StreamError{Code: codeMessage}}},
		{"a pseudo-header after the body", "GET", join(ok, ok), outcome{status: 200, err: &StreamError{Code: codeMessage}}},
		{"fields after the body that are malformed", "GET", join(ok, head("A", "b")), outcome{status: 200, err: &StreamError{Code: codeMessage}}},
		{"interim heads without end", "GET", bytes.Repeat(head(":status", "103", "a", strings.Repeat("x", 10_000)), 1100), outcome{head: &StreamError{codeExcessiveLoad, errInterim}}},

		{"a body before the head", "GET", join(data, ok), outcome{head: ConnError(codeFrameUnexpected)}},
		{"a body after the fields after the body", "GET", join(ok, head("a", "b"), data), outcome{status: 200, err: ConnError(codeFrameUnexpected)}},
		{"fields after the fields after the body", "GET", join(ok, head("a", "b"), head("a", "b")), outcome{status: 200, err: ConnError(codeFrameUnexpected)}},
		{"settings", "GET", join(frame(frameSettings), ok), outcome{head: ConnError(codeFrameUnexpected)}},
		{"a GOAWAY", "GET", join(ok, frame(frameGoAway, 0)), outcome{status: 200, err: ConnError(codeFrameUnexpected)}},
		{"a frame of HTTP/2", "GET", join(frame(0x6), ok), outcome{head: ConnError(codeFrameUnexpected)}},
		{"a push", "GET", join(frame(framePushPromise, 0), ok), outcome{head: ConnError(codeID)}},
		{"a block that cannot be decoded", "GET", frame(frameHeaders, 0, 0, 0xff, 0xff), outcome{head: ConnError(codeDecompression)}},
		{"a reference to the dynamic table", "GET", frame(frameHeaders, 2, 0, 0x80), outcome{head: ConnError(codeDecompression)}},
		{"frames without use", "GET", bytes.Repeat(frame(0x21), maxUseless+2), outcome{head: ConnError(codeExcessiveLoad)}},
		{"empty frames", "GET", join(ok, bytes.Repeat(frame(frameData), maxUseless+2)), outcome{status: 200, err: ConnError(codeExcessiveLoad)}},
	} {
		p.answers(test.response)
		c := p.dial(t)
		got := ask(c, test.method)
		require.Equal(t, test.want.status, got.status, test.what)
		require.Equal(t, test.want.body, got.body, test.what)
		requireAlike(t, test.want.head, got.head, test.what)
		requireAlike(t, test.want.err, got.err, test.what)
		var ends ConnError
		usable := !errors.As(got.head, &ends) && !errors.As(got.err, &ends)
		require.Equal(t, usable, c.ended.Err() == nil, test.what)
		if usable { // what is wrong with one response is not wrong with the next
			p.answers(join(ok, data))
			require.Equal(t, "body", ask(c, "GET").body, test.what)
		}
	}
}

// requireAlike compares errors: by their codes, and by their reasons where the test has one.
func requireAlike(t *testing.T, want, got error, what string) {
	t.Helper()
	var wanted, stream *StreamError
	if errors.As(want, &wanted) {
		require.ErrorAs(t, got, &stream, what)
		require.Equal(t, wanted.Code, stream.Code, what)
		if wanted.Why != nil {
			require.Equal(t, wanted.Why, stream.Why, what)
		}
		return
	}
	require.Equal(t, want, got, what)
}

// A head that comes again is not decoded again, and one whose fields come in another order is the same.
func TestEqualHeadsAreOne(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	c := p.dial(t)
	responses := [][]byte{
		head(":status", "200"), head(":status", "200"), head(":status", "201"),
		head(":status", "200", "a", "1", "b", "2", "a", "3"), head(":status", "200", "b", "2", "a", "1", "a", "3"),
		head(":status", "200", "a", "3", "b", "2", "a", "1"),
	}
	heads := make([]*mux.Head, len(responses)+maxKnown)
	for i := range heads {
		response := head(":status", strconv.Itoa(202+i))
		if i < len(responses) {
			response = responses[i]
		}
		p.answers(response)
		var s Stream
		fields, _ := NewEncoder().Append(nil, mustRequest(t))
		require.NoError(t, s.RoundTrip(c, Request{Method: "GET", Fields: fields}, time.Now().Add(time.Minute)))
		heads[i] = s.Reply.Head
		s.Close()
	}
	require.Same(t, heads[0], heads[1])
	require.Equal(t, 201, heads[2].Status)
	require.Same(t, heads[3], heads[4])
	require.NotSame(t, heads[3], heads[5])
	require.Len(t, *c.heads.Load(), maxKnown)
}

func mustRequest(tb testing.TB) *http.Request {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, "https://a.test/", nil)
	require.NoError(tb, err)
	return req
}

// What is taken is taken by quic-go's client as well, and means the same.
func FuzzResponse(f *testing.F) {
	ok := head(":status", "200")
	data := frame(frameData, []byte("body")...)
	for _, seed := range [][]byte{
		nil, ok, join(ok, data), join(head(":status", "103"), ok, data, head("a", "b")), join(frame(0x21, 1), ok, data, data),
		join(head(":status", "200", "content-length", "4"), data), join(head(":status", "204"), data), join(data, ok),
		frame(frameHeaders, 0, 0, 0xd9, 0xff), join(head(":status", "304", "content-length", "9")),
		head(":status", "200", "set-cookie", "a=b", "set-cookie", "c=d", "content-encoding", "gzip"),
	} {
		f.Add(seed)
	}
	p := startPeer(f)
	var ours *Conn
	var qc *quic.Conn
	var theirs *http3.ClientConn
	f.Cleanup(func() {
		if ours != nil {
			ours.Close()
			<-ours.qc.Context().Done()
		}
		if qc != nil {
			_ = qc.CloseWithError(0, "")
		}
	})
	f.Fuzz(func(t *testing.T, response []byte) {
		p.answers(response)
		if ours == nil || ours.ended.Err() != nil {
			qc, heard := p.dialQUIC(t)
			ours = NewConn(qc, heard, nil)
		}
		got := ask(ours, http.MethodGet)
		require.NotEqual(t, mux.ErrTimeout, got.head)
		require.NotEqual(t, mux.ErrTimeout, got.err)
		if got.head != nil || got.err != nil {
			return
		}
		if qc == nil || qc.Context().Err() != nil {
			qc, _ = p.dialQUIC(t)
			theirs = (&http3.Transport{DisableCompression: true}).NewClientConn(qc)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		resp, err := theirs.RoundTrip(mustRequest(t).WithContext(ctx))
		if errors.Is(err, context.DeadlineExceeded) {
			t.Fatal("quic-go's client waits")
		}
		if isStricter(err) {
			return
		}
		require.NoError(t, err)
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, resp.StatusCode, got.status)
		require.Equal(t, resp.Header, got.header)
		require.Equal(t, string(body), got.body)
	})
}

// isStricter reports whether quic-go's client refuses what others take: it allows fewer interim heads, and fewer of the
// values of a Content-Length that net/http ignores.
func isStricter(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "1xx") || strings.Contains(err.Error(), "content length"))
}
