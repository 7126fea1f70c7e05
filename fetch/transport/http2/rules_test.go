package http2

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// A rule is one sentence on the protocol, with the section of RFC 9113 and a script that shows it.
type rule struct {
	name   string
	script func(p *peer)
}

func playAll(t *testing.T, rules []rule) {
	t.Helper()
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			play(t, rule.script)
		})
	}
}

// TestPreface has the rules of how a connection begins.
func TestPreface(t *testing.T) {
	t.Parallel()
	playAll(t, []rule{
		{"3.4: the client does not wait for the server's SETTINGS", func(p *peer) {
			k := p.get()
			p.preface()
			p.want("SETTINGS", "WINDOW_UPDATE 0 1073676289", "HEADERS 1 END_STREAM")
			p.settings()
			p.want("SETTINGS ACK")
			p.ok(1)
			k.ends("200")
		}},
		{"3.4: SETTINGS refuse push and tell the window and the size of heads", func(p *peer) {
			p.settings()
			p.preface()
			_, f := p.next()
			require.Equal(p.t, "[ENABLE_PUSH = 0 INITIAL_WINDOW_SIZE = 4194304 MAX_HEADER_LIST_SIZE = 10485760]",
				settingsOf(f))
		}},
		{"3.4: the server's first frame must be SETTINGS", func(p *peer) {
			p.raw(framePing, 0, 0, "12345678")
			p.preface()
			p.gone("SETTINGS", "WINDOW_UPDATE 0 1073676289", "GOAWAY 0 PROTOCOL_ERROR")
		}},
		{"3.4: an acknowledgement is not the first SETTINGS", func(p *peer) {
			k := p.get()
			p.preface()
			p.want("SETTINGS", "WINDOW_UPDATE 0 1073676289", "HEADERS 1 END_STREAM")
			p.raw(frameSettings, flagAck, 0, "")
			p.gone("GOAWAY 0 PROTOCOL_ERROR")
			k.ends("connection error: PROTOCOL_ERROR").is(true, false, false)
		}},
		{"3.4: the server's acknowledgement is of no further meaning", func(p *peer) {
			p.meet()
			p.raw(frameSettings, flagAck, 0, "")
			p.quiet()
		}},
	})
}

// TestWrongFrames has frames that end the connection, on a connection with stream 1 under way.
func TestWrongFrames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		kind    frameType
		flags   uint8
		id      uint32
		payload string
		want    Code
	}{
		{"4.2: a frame that is too long", frameData, 0, 1, strings.Repeat("x", maxFrameSize+1), codeFrameSize},
		{"4.2: an unknown frame that is too long", 0x77, 0, 0, strings.Repeat("x", maxFrameSize+1), codeFrameSize},
		{"4.3: a field block that cannot be decoded", frameHeaders, flagEndHeaders, 1, "\xff\xff\xff\xff\xff\xff", codeCompression},
		{"4.3: an invalid index", frameHeaders, flagEndHeaders, 1, "\xbf", codeCompression},
		{"4.3: a cut field block", frameHeaders, flagEndHeaders, 1, "\x88\x00", codeCompression},
		{"5.1: DATA on an idle stream", frameData, 0, 3, "x", codeProtocol},
		{"5.1: HEADERS on an idle stream", frameHeaders, flagEndHeaders, 3, "\x88", codeProtocol},
		{"5.1: RST_STREAM on an idle stream", frameRSTStream, 0, 3, "\x00\x00\x00\x00", codeProtocol},
		{"5.1: WINDOW_UPDATE on an idle stream", frameWindowUpdate, 0, 3, "\x00\x00\x00\x01", codeProtocol},
		{"5.1.1: HEADERS on an even stream", frameHeaders, flagEndHeaders, 2, "\x88", codeProtocol},
		{"5.1.1: DATA on an even stream", frameData, 0, 2, "x", codeProtocol},
		{"6.1: DATA on stream 0", frameData, 0, 0, "x", codeProtocol},
		{"6.1: more padding than payload", frameData, flagPadded, 1, "\x05abcd", codeProtocol},
		{"6.1: padding without its length", frameData, flagPadded, 1, "", codeProtocol},
		{"6.2: HEADERS on stream 0", frameHeaders, flagEndHeaders, 0, "\x88", codeProtocol},
		{"6.2: more padding than payload in HEADERS", frameHeaders, flagEndHeaders | flagPadded, 1, "\x02\x88", codeProtocol},
		{"6.2: HEADERS with a cut priority", frameHeaders, flagEndHeaders | flagPriority, 1, "\x00\x00\x00\x00", codeProtocol},
		{"6.3: PRIORITY on stream 0", framePriority, 0, 0, "12345", codeProtocol},
		{"6.3: PRIORITY of a wrong size", framePriority, 0, 1, "1234", codeFrameSize},
		{"6.4: RST_STREAM on stream 0", frameRSTStream, 0, 0, "\x00\x00\x00\x00", codeProtocol},
		{"6.4: RST_STREAM of a wrong size", frameRSTStream, 0, 1, "\x00\x00\x00", codeFrameSize},
		{"6.5: SETTINGS on a stream", frameSettings, 0, 1, "", codeProtocol},
		{"6.5: SETTINGS of a wrong size", frameSettings, 0, 0, "12345", codeFrameSize},
		{"6.5: an acknowledgement with settings", frameSettings, flagAck, 0, "123456", codeFrameSize},
		{"6.5.2: ENABLE_PUSH that is neither 0 nor 1", frameSettings, 0, 0, "\x00\x02\x00\x00\x00\x02", codeProtocol},
		{"6.5.2: ENABLE_PUSH of a server must be 0", frameSettings, 0, 0, "\x00\x02\x00\x00\x00\x01", codeProtocol},
		{"6.5.2: INITIAL_WINDOW_SIZE above 2^31-1", frameSettings, 0, 0, "\x00\x04\x80\x00\x00\x00", codeFlowControl},
		{"6.5.2: MAX_FRAME_SIZE below 2^14", frameSettings, 0, 0, "\x00\x05\x00\x00\x3f\xff", codeProtocol},
		{"6.5.2: MAX_FRAME_SIZE above 2^24-1", frameSettings, 0, 0, "\x00\x05\x01\x00\x00\x00", codeProtocol},
		{"6.6: PUSH_PROMISE although it was refused", framePushPromise, flagEndHeaders, 1, "\x00\x00\x00\x02\x88", codeProtocol},
		{"6.7: PING on a stream", framePing, 0, 1, "12345678", codeProtocol},
		{"6.7: PING of a wrong size", framePing, 0, 0, "1234567", codeFrameSize},
		{"6.8: GOAWAY on a stream", frameGoAway, 0, 1, "\x00\x00\x00\x01\x00\x00\x00\x00", codeProtocol},
		{"6.8: GOAWAY of a wrong size", frameGoAway, 0, 0, "\x00\x00\x00\x01\x00\x00\x00", codeFrameSize},
		{"6.9: WINDOW_UPDATE of a wrong size", frameWindowUpdate, 0, 0, "\x00\x00\x01", codeFrameSize},
		{"6.9: WINDOW_UPDATE of 0 for the connection", frameWindowUpdate, 0, 0, "\x00\x00\x00\x00", codeProtocol},
		{"6.9.1: the connection's window above 2^31-1", frameWindowUpdate, 0, 0, "\x7f\xff\xff\xff", codeFlowControl},
		{"6.10: CONTINUATION without HEADERS", frameContinuation, flagEndHeaders, 1, "\x88", codeProtocol},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			play(t, func(p *peer) {
				p.meet()
				k := p.get()
				p.want("HEADERS 1 END_STREAM")
				go func() { // because the client need not read all of a frame
					_ = p.fr.WriteRawFrame(xhttp2.FrameType(test.kind), xhttp2.Flags(test.flags), test.id, []byte(test.payload))
				}()
				p.gone("GOAWAY 0 " + test.want.String())
				k.ends("connection error: "+test.want.String()).is(true, false, false)
			})
		})
	}
}

// TestFieldBlocks has the rules of HEADERS and CONTINUATION, and of what frames carry besides.
func TestFieldBlocks(t *testing.T) {
	t.Parallel()
	playAll(t, []rule{
		{"6.10: a response in HEADERS and two CONTINUATIONs", func(p *peer) {
			k := p.begin()
			block := p.block(":status", "200", "a", "b", "c", "d")
			p.raw(frameHeaders, flagEndStream, 1, string(block[:1]))
			p.raw(frameContinuation, 0, 1, string(block[1:3]))
			p.raw(frameContinuation, flagEndHeaders, 1, string(block[3:]))
			require.Equal(p.t, "HTTP/2.0 200 OK\r\na: b\r\nc: d\r\n", string(k.ends("200").reply.Text))
		}},
		{"6.10: nothing may come between HEADERS and CONTINUATION", func(p *peer) {
			k := p.begin()
			p.raw(frameHeaders, 0, 1, "\x88")
			p.raw(framePing, 0, 0, "12345678")
			p.gone("GOAWAY 0 PROTOCOL_ERROR")
			k.ends("connection error: PROTOCOL_ERROR")
		}},
		{"6.10: CONTINUATION is of the same stream", func(p *peer) {
			k := p.begin()
			p.raw(frameHeaders, 0, 1, "\x88")
			p.raw(frameContinuation, flagEndHeaders, 3, "")
			p.gone("GOAWAY 0 PROTOCOL_ERROR")
			k.ends("connection error: PROTOCOL_ERROR")
		}},
		{"6.10: a request longer than a frame is continued", func(p *peer) {
			p.meet()
			req := request("GET", "")
			req.Fields = append(req.Fields, literal("x", strings.Repeat("y", 40_000))...)
			k := p.call(req, ample)
			p.want("HEADERS 1 END_STREAM ...", "CONTINUATION 1 ...", "CONTINUATION 1")
			p.ok(1)
			k.ends("200")
		}},
		{"6.5.2: MAX_FRAME_SIZE makes it one frame", func(p *peer) {
			p.meet(settingMaxFrameSize, 50_000)
			req := request("GET", "")
			req.Fields = append(req.Fields, literal("x", strings.Repeat("y", 40_000))...)
			k := p.call(req, ample)
			p.want("HEADERS 1 END_STREAM")
			p.ok(1)
			k.ends("200")
		}},
		{"6.5.2: a request larger than MAX_HEADER_LIST_SIZE is not sent", func(p *peer) {
			p.meet(settingMaxListSize, 10)
			k := p.get()
			k.ends("http2: request header list larger than peer's advertised limit").is(false, false, false)
			p.quiet()
		}},
		{"6.5.2: the size is that of the fields, and of 32 bytes for each", func(p *peer) {
			size := uint32(0)
			_, err := hpack.NewDecoder(0, func(f hpack.HeaderField) { size += f.Size() }).Write(request("GET", "").Fields)
			require.NoError(p.t, err)
			p.meet(settingMaxListSize, size)
			k := p.get()
			p.want("HEADERS 1 END_STREAM")
			p.settings(settingMaxListSize, size-1)
			p.want("SETTINGS ACK")
			p.get().ends("http2: request header list larger than peer's advertised limit")
			p.ok(1)
			k.ends("200")
		}},
		{"6.1, 6.2: padding and priority are taken off", func(p *peer) {
			p.meet()
			k := p.read()
			p.want("HEADERS 1 END_STREAM")
			p.raw(frameHeaders, flagEndHeaders|flagPadded|flagPriority, 1, "\x03\x00\x00\x00\x00\x10\x88\x00\x00\x00")
			p.raw(frameData, flagPadded, 1, "\x02hello\x00\x00")
			p.raw(frameData, flagPadded|flagEndStream, 1, "\x02\x00\x00")
			require.Equal(p.t, "hello", k.ends("200").body)
		}},
		{"4.1, 5.5: unknown frames and flags are ignored", func(p *peer) {
			k := p.begin()
			p.raw(0x77, 0xff, 1, "whatever")
			p.raw(0x10, 0xff, 2, "")
			p.raw(framePriority, 0, 99, "12345")
			p.raw(framePing, 0x10, 0, "12345678")
			p.want("PING ACK")
			p.ok(1)
			k.ends("200")
		}},
		{"6.7: PING is answered with the same bytes", func(p *peer) {
			p.meet()
			p.raw(framePing, 0, 0, "abcdefgh")
			got, f := p.next()
			require.Equal(p.t, "PING ACK", got)
			require.Equal(p.t, "abcdefgh", pingOf(f))
		}},
		{"4.3: the block of a stream that was cut off is still decoded", func(p *peer) {
			p.meet()
			cut := p.call(request("GET", ""), time.Second)
			k := p.get()
			p.want("HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			cut.wait()
			p.want("RST_STREAM 1 CANCEL")
			p.head(1, true, ":status", "200", "name", "value") // added to the table
			p.head(3, true, ":status", "200", "name", "value") // as one index
			require.Equal(p.t, "value", mux.ParseHeader(k.ends("200").reply.Text).Get("Name"))
		}},
		{"RFC 7541, 4.2: a table larger than was allowed", func(p *peer) {
			k := p.begin()
			p.raw(frameHeaders, flagEndHeaders|flagEndStream, 1, "\x3f\xe2\x1f\x88") // 4097
			p.gone("GOAWAY 0 COMPRESSION_ERROR")
			k.ends("connection error: COMPRESSION_ERROR")
		}},
	})
}

// TestMalformed has responses that end their stream alone.
func TestMalformed(t *testing.T) {
	t.Parallel()
	const wrong = "stream error: stream ID 1; PROTOCOL_ERROR"
	for _, test := range []struct {
		name   string
		want   string
		fields []string
	}{
		{"8.3.2: no status", "malformed response from server: missing status pseudo header", []string{"a", "b"}},
		{"8.3.2: a status that is no number", "malformed response from server: malformed non-numeric status pseudo header", []string{":status", "x"}},
		{"8.3: two statuses", "invalid pseudo header field", []string{":status", "200", ":status", "200"}},
		{"8.3: an unknown pseudo-header", "invalid pseudo header field", []string{":status", "200", ":other", "x"}},
		{"8.3: a pseudo-header of requests", "invalid pseudo header field", []string{":status", "200", ":path", "/"}},
		{"8.3: a pseudo-header after a regular field", "pseudo header field after regular", []string{"a", "b", ":status", "200"}},
		{"8.2.1: a name with capitals", "invalid header field name", []string{":status", "200", "Name", "x"}},
		{"8.2.1: a name with a space", "invalid header field name", []string{":status", "200", "a b", "x"}},
		{"8.2.1: an empty name", "invalid header field name", []string{":status", "200", "", "x"}},
		{"8.2.1: a value with a line break", "invalid header field value", []string{":status", "200", "a", "b\r\nc: d"}},
		{"8.1: an interim response that ends the stream", "1xx informational response with END_STREAM flag", []string{":status", "100"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			play(t, func(p *peer) {
				k := p.begin()
				p.head(1, true, test.fields...)
				p.want("RST_STREAM 1 PROTOCOL_ERROR")
				k.ends(wrong+"; "+test.want).is(true, false, false)
				p.again(3)
			})
		})
	}
}

// TestResponses has the rules of responses and their bodies.
func TestResponses(t *testing.T) {
	t.Parallel()
	const tooLong = "net/http: server replied with more than declared Content-Length; truncated"
	playAll(t, []rule{
		{"8.1: a body in three DATA frames is counted", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			p.data(false, "hello")
			p.data(false, "")
			p.data(true, " there")
			require.EqualValues(p.t, 11, k.ends("200").size)
		}},
		{"8.1: a body is read", func(p *peer) {
			p.meet()
			k := p.read()
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "404", "content-length", "5")
			p.data(true, "hello")
			require.Equal(p.t, "hello", k.ends("404").body)
			require.EqualValues(p.t, 5, k.reply.ContentLength)
		}},
		{"8.1: interim responses come before the response", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "100")
			p.head(1, false, ":status", "103", "link", "x")
			p.ok(1)
			require.Equal(p.t, "HTTP/2.0 200 OK\r\n", string(k.ends("200").reply.Text))
		}},
		{"8.1: trailers end a body", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			p.data(false, "hello")
			p.head(1, true, "grpc-status", "0")
			require.EqualValues(p.t, 5, k.ends("200").size)
		}},
		{"8.1: trailers must end the stream", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			p.head(1, false, "a", "b")
			p.gone("GOAWAY 0 PROTOCOL_ERROR")
			k.ends("connection error: PROTOCOL_ERROR")
		}},
		{"8.3: trailers have no pseudo-headers", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			p.head(1, true, ":status", "200")
			p.gone("GOAWAY 0 PROTOCOL_ERROR")
			k.ends("connection error: PROTOCOL_ERROR")
		}},
		{"8.3: trailers have no pseudo-headers, not even a status of 0", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			p.head(1, true, ":status", "0")
			p.gone("GOAWAY 0 PROTOCOL_ERROR")
			k.ends("connection error: PROTOCOL_ERROR")
		}},
		{"8.1: DATA before the head", func(p *peer) {
			k := p.begin()
			p.data(false, "x")
			p.want("RST_STREAM 1 PROTOCOL_ERROR")
			k.ends("stream error: stream ID 1; PROTOCOL_ERROR")
			p.again(3)
		}},
		{"8.1: DATA after the end of the stream is ignored", func(p *peer) {
			k := p.begin()
			p.ok(1)
			k.ends("200")
			p.data(false, "x")
			p.again(3)
		}},
		{"8.1.1: a body longer than its Content-Length", func(p *peer) {
			p.meet()
			k := p.read()
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200", "content-length", "3")
			p.data(true, "hello")
			p.want("RST_STREAM 1 CANCEL")
			require.Equal(p.t, "hel", k.ends(tooLong).body)
			p.again(3)
		}},
		{"8.1.1: a body shorter than its Content-Length", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200", "content-length", "9")
			p.data(true, "hello")
			require.EqualValues(p.t, 5, k.ends("unexpected EOF").size)
			p.again(3)
		}},
		{"8.1.1: no body in spite of its Content-Length", func(p *peer) {
			k := p.begin()
			p.head(1, true, ":status", "204", "content-length", "9")
			k.ends("unexpected EOF")
			require.Equal(p.t, 204, k.reply.Status)
		}},
		{"8.1.1: trailers end a body that is too short", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200", "content-length", "9")
			p.head(1, true, "a", "b")
			k.ends("unexpected EOF")
		}},
		{"8.1.1: 304 may have the Content-Length of the page", func(p *peer) {
			k := p.begin()
			p.head(1, true, ":status", "304", "content-length", "9")
			require.EqualValues(p.t, 9, k.ends("304").reply.ContentLength)
		}},
		{"8.1.1: 204 has no body", func(p *peer) {
			k := p.begin()
			p.head(1, true, ":status", "204")
			require.EqualValues(p.t, 0, k.ends("204").reply.ContentLength)
		}},
		{"8.1.1: the answer to HEAD may have a Content-Length", func(p *peer) {
			p.meet()
			k := p.call(request("HEAD", ""), ample)
			p.want("HEADERS 1 END_STREAM")
			p.head(1, true, ":status", "200", "content-length", "9")
			require.EqualValues(p.t, 9, k.ends("200").reply.ContentLength)
		}},
		{"8.1.1: the answer to HEAD may end with an empty DATA", func(p *peer) {
			p.meet()
			k := p.call(request("HEAD", ""), ample)
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200", "content-length", "9")
			p.data(true, "")
			k.ends("200")
		}},
		{"8.1.1: the answer to HEAD has no body", func(p *peer) {
			p.meet()
			k := p.call(request("HEAD", ""), ample)
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200")
			p.data(true, "x")
			p.want("RST_STREAM 1 PROTOCOL_ERROR")
			k.ends("stream error: stream ID 1; PROTOCOL_ERROR")
		}},
		{"6.5.2: a head above 10 MB", func(p *peer) {
			k := p.begin()
			p.long(1, 10, 1<<20) // the last is too much
			p.want("RST_STREAM 1 PROTOCOL_ERROR")
			k.ends("stream error: stream ID 1; PROTOCOL_ERROR; http2: response header list larger than advertised limit")
			p.again(3)
		}},
		{"6.5.2: a head of 9 MB", func(p *peer) {
			k := p.begin()
			p.long(1, 9, 1<<20)
			require.Greater(p.t, len(k.ends("200").reply.Text), 9<<20)
		}},
		{"10.5.1: a head above 20 MB", func(p *peer) {
			k := p.begin()
			p.drain()
			part := literal("x", strings.Repeat("y", maxFrameSize-100))
			p.raw(frameHeaders, 0, 1, "\x88")
			for range 2000 {
				if p.fr.WriteContinuation(1, false, part) != nil {
					break
				}
			}
			k.ends("connection error: PROTOCOL_ERROR")
		}},
		{"10.5.1: interim heads above 10 MB", func(p *peer) {
			k := p.begin()
			for range 11 {
				p.interim(1, 1<<20)
			}
			p.want("RST_STREAM 1 PROTOCOL_ERROR")
			k.ends("stream error: stream ID 1; PROTOCOL_ERROR; header list too large")
		}},
	})
}
