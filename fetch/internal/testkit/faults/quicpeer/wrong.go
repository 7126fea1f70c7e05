package quicpeer

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// wrongFrames are frames that must not come on the stream of a request.
func wrongFrames() []Case {
	const unexpected = 1876 // H3_FRAME_UNEXPECTED
	sends := func(frames ...[]byte) func(*request) {
		return func(r *request) { r.write(frames...) }
	}
	body, trailers := frame(frameData, []byte("odd")), headers("x-sum", "1")
	cases := make([]Case, 0, 14)
	cases = append(cases,
		answering("DATA before the head", code(unexpected), sends(body)),
		answering("DATA between two heads", code(unexpected), sends(head("103"), body)),
		answering("DATA after the trailers", code(unexpected), sends(head(ok), body, trailers, body)),
		answering("a head after the trailers", code(unexpected), sends(head(ok), body, trailers, trailers)),
		answering("SETTINGS for a request", code(unexpected), sends(settings())),
		answering("SETTINGS in the body", code(unexpected), sends(head(ok), settings())),
		answering("CANCEL_PUSH for a request", code(unexpected), sends(frame(frameCancelPush, varint(0)))),
		answering("MAX_PUSH_ID for a request", code(unexpected), sends(frame(frameMaxPushID, varint(0)))),
		answering("PUSH_PROMISE", code(1879), sends(frame(framePushPromise, append(varint(0), block(":method", "GET")...)))),
		answering("PUSH_PROMISE in the body", code(1879),
			sends(head(ok), frame(framePushPromise, append(varint(0), block(":method", "GET")...)))),
	)
	for _, kind := range []uint64{0x2, framePing, 0x8, 0x9} {
		cases = append(cases, answering(fmt.Sprintf("frame %#x of HTTP/2", kind), code(unexpected),
			sends(frame(kind, []byte("odd")))))
	}
	return cases
}

// wrongStreams are streams that the peer alone sends on, and that it should not have. They come with the first request,
// because the client might not send one otherwise.
func wrongStreams() []Case {
	opens := func(kind uint64, b []byte) func(*request) {
		return func(r *request) { r.conn.open(kind, b) }
	}
	closes := func(kind uint64) func(*request) {
		return func(r *request) {
			if str := r.conn.open(kind, nil); str != nil {
				_ = str.Close()
			}
		}
	}
	twice := func(kind uint64) func(*request) {
		return func(r *request) {
			r.conn.open(kind, nil)
			r.conn.open(kind, nil)
		}
	}
	return []Case{
		answering("second control stream", code(1874), opens(streamControl, settings())),
		answering("second QPACK encoder stream", code(1874), twice(streamEncoder)),
		answering("second QPACK decoder stream", code(1874), twice(streamDecoder)),
		answering("control stream closed", code(1875), func(r *request) { _ = r.conn.control.Close() }),
		// The warm page gives the client time to read the type, which a RESET_STREAM would take away.
		answering("control stream reset", code(1875), func(r *request) {
			r.conn.control.CancelWrite(h3InternalError)
		}).warmed(),
		answering("QPACK encoder stream closed", code(1875), closes(streamEncoder)),
		answering("QPACK decoder stream closed", code(1875), closes(streamDecoder)),
		answering("push stream", code(1879), opens(streamPush, varint(0))),
		answering("stream of the peer for requests", code(1815), func(r *request) {
			r.conn.raw(streamFrame(quicStream, 1, 0, "odd"))
		}),
		answering("streams to be ignored", page(http.StatusOK), func(r *request) {
			for i := range uint64(40) { // more than may be open at once
				str := r.conn.open(streamGrease+0x1f*i, []byte("odd"))
				if str == nil {
					return
				}
				_ = str.Close()
			}
			r.answer(ok, "good")
		}),
		answering("streams without a type", page(http.StatusOK), func(r *request) {
			for range 3 {
				if str, err := r.conn.qc.OpenUniStreamSync(r.Context()); err == nil {
					_ = str.Close()
				}
			}
			r.answer(ok, "good")
		}),
		answering("no control stream", page(http.StatusOK), func(r *request) { r.answer(ok, "good") }).
			hello(func(*conn) {}),
		answering("QPACK streams that stay open", page(http.StatusOK), func(r *request) { r.answer(ok, "good") }).
			hello(func(c *conn) {
				c.open(streamEncoder, nil)
				c.open(streamControl, settings())
				c.open(streamDecoder, nil)
			}),
	}
}

// wrongSettings are faults on the control stream. They come with the first request, as above.
func wrongSettings() []Case {
	const unexpected, settingsError, frameError = 1876, 1880, 1877
	first := func(name string, want int, b []byte) Case {
		return answering(name, code(want), func(r *request) { r.conn.open(streamControl, b) }).hello(func(*conn) {})
	}
	later := func(name string, want int, b []byte) Case {
		return answering(name, code(want), func(r *request) { r.conn.writeControl(b) })
	}
	good := func(name string, b []byte) Case {
		return answering(name, page(http.StatusOK), func(r *request) { r.answer(ok, "good") }).
			hello(func(c *conn) { c.open(streamControl, b) })
	}
	return []Case{
		first("GOAWAY before the settings", 1881, frame(frameGoAway, varint(0))),
		first("frame to be ignored before the settings", 1881, frame(frameGrease, nil)),
		first("settings of HTTP/2", settingsError, settings(settingHTTP2, 1)),
		first("setting that is there twice", settingsError, settings(settingMaxList, 1, settingMaxList, 1)),
		first("setting without a value", frameError, settings(settingMaxList)),
		first("settings of 1 MB", 1878, frame(frameSettings, make([]byte, mega))),
		later("second settings", unexpected, settings()),
		later("DATA on the control stream", unexpected, frame(frameData, []byte("odd"))),
		later("HEADERS on the control stream", unexpected, head(ok)),
		later("PUSH_PROMISE on the control stream", unexpected, frame(framePushPromise, varint(0))),
		later("MAX_PUSH_ID on the control stream", unexpected, frame(frameMaxPushID, varint(0))),
		later("CANCEL_PUSH on the control stream", 1879, frame(frameCancelPush, varint(0))),
		later("PING of HTTP/2 on the control stream", unexpected, frame(framePing, make([]byte, 8))),
		good("settings to be ignored", append(
			settings(settingGrease, 1, settingMaxList, 1000, 0x7, 100, 0x1, 4096, 0x33, 1),
			frame(frameGrease, bytes.Repeat([]byte("odd"), mega))...)),
	}
}

// floodCases are frames without end.
func floodCases() []Case {
	flood := func(begin []byte, piece []byte) func(*request) {
		const atOnce = 100
		pieces := bytes.Repeat(piece, atOnce)
		return func(r *request) {
			r.write(begin)
			r.repeat(time.Millisecond, pieces)
		}
	}
	// A slow machine may time out before.
	calm := func(want int) []int { return []int{want, 1050} }
	return []Case{
		answering("flood of frames to be ignored", code(calm(1878)...), flood(nil, frame(frameGrease, []byte("odd")))).
			stalling(),
		answering("flood of empty DATA", code(calm(1878)...), flood(head(ok), frame(frameData, nil))).stalling(),
		answering("flood of 103s", code(calm(1848)...),
			flood(nil, head("103", "link", strings.Repeat("x", 10_000)))).stalling(),
		answering("flood of small 100s", code(calm(1848)...), flood(nil, bytes.Repeat(head("100"), 100))).stalling(),
		answering("flood of streams to be ignored", code(1050), func(r *request) {
			for r.conn.peer.ctx.Err() == nil {
				str := r.conn.open(streamGrease, []byte("odd"))
				if str == nil {
					return
				}
				_ = str.Close()
			}
		}).stalling(),
		answering("flood of frames on the control stream", code(1050), func(r *request) {
			pieces := bytes.Repeat(frame(frameGrease, nil), 1000)
			for r.pause(time.Millisecond) {
				if _, err := r.conn.control.Write(pieces); err != nil {
					return
				}
			}
		}).stalling(),
		answering("flood of PINGs of QUIC", code(1050), func(r *request) {
			for r.pause(time.Millisecond) {
				for range 10 {
					r.conn.raw(numbers(quicPing))
				}
			}
		}).stalling(),
	}
}
