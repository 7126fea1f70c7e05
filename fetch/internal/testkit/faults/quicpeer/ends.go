package quicpeer

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/quic-go/quic-go"
)

// Codes of HTTP/3 (RFC 9114, section 8.1).
const (
	h3NoError         = 0x100
	h3InternalError   = 0x102
	h3ExcessiveLoad   = 0x107
	h3Rejected        = 0x10b
	h3Cancelled       = 0x10c
	h3VersionFallback = 0x110
	qpackFailed       = 0x200
	unknownCode       = 0x1234
)

// endCases are requests that end without a whole response, on connections that go on.
func endCases() []Case {
	aborts := func(code quic.StreamErrorCode) func(*request) {
		return func(r *request) { r.abort(code) }
	}
	// What was written just before a RESET_STREAM may be lost with it.
	body := func(then func(*request)) func(*request) {
		return func(r *request) {
			r.reply(ok, "content-length", "1000000")
			r.data(string(bytes.Repeat([]byte("half"), 10_000)))
			then(r)
		}
	}
	cases := []Case{
		answering("FIN before the head", code(1000), (*request).fin),
		answering("FIN in the type of a frame", code(1000), func(r *request) {
			r.write([]byte{0x40})
			r.fin()
		}),
		answering("FIN in the head", code(1000), func(r *request) {
			all := head(ok)
			r.write(all[:len(all)-1])
			r.fin()
		}),
		answering("FIN in a DATA frame", code(1000), func(r *request) {
			r.reply(ok)
			r.write(frameOf(frameData, 1000), []byte("half"))
			r.fin()
		}),
		answering("FIN in a DATA frame of 2^61 bytes", code(1000), func(r *request) {
			r.reply(ok)
			r.write(frameOf(frameData, 1<<61), []byte("half"))
			r.fin()
		}),
		answering("RESET_STREAM before the head, internal error", code(1843), aborts(h3InternalError)),
		answering("RESET_STREAM before the head, no error", code(1841), aborts(h3NoError)),
		answering("RESET_STREAM before the head, cancelled", code(1853), aborts(h3Cancelled)),
		answering("RESET_STREAM before the head, QPACK", code(1858), aborts(qpackFailed)),
		answering("RESET_STREAM before the head, unknown code", code(1840), aborts(unknownCode)),
		// Nothing was done with these, so they may be sent again (RFC 9114, section 4.1.1).
		answering("RESET_STREAM, rejected", code(1852), aborts(h3Rejected)).hits(2),
		answering("RESET_STREAM, rejected once", page(http.StatusOK), func(r *request) {
			if r.nth == 1 {
				r.abort(h3Rejected)
				return
			}
			r.answer(ok, "good")
		}).hits(2),
		answering("RESET_STREAM, rejected once, of a POST", page(http.StatusOK), func(r *request) {
			if r.nth == 1 {
				r.abort(h3Rejected)
				return
			}
			r.answer(ok, "good")
		}).by(http.MethodPost, 1000).hits(2),
		answering("RESET_STREAM in the body, internal error", code(1843), body(aborts(h3InternalError))),
		answering("RESET_STREAM in the body, unknown code", code(1840), body(aborts(unknownCode))),
	}
	return slices.Concat(cases, stopCases(), stallCases())
}

// stopCases are peers that do not want the request's body, or leave it unread.
func stopCases() []Case {
	return []Case{
		answering("STOP_SENDING of a GET, and a response", page(http.StatusOK), func(r *request) {
			r.CancelRead(h3NoError)
			r.answer(ok, "good")
		}),
		answering("STOP_SENDING, and no response", code(1050), func(r *request) {
			r.CancelRead(h3InternalError)
		}).stalling(),
		answering("STOP_SENDING of a long body, and a response", page(http.StatusRequestEntityTooLarge), func(r *request) {
			r.CancelRead(h3NoError)
			r.answer("413", "too large")
		}).by(http.MethodPost, 2*mega),
		answering("STOP_SENDING of a long body, and RESET_STREAM", code(1843), func(r *request) {
			r.CancelRead(h3InternalError)
			r.abort(h3InternalError)
		}).by(http.MethodPost, 2*mega),
		answering("response to a long body that nobody reads", page(http.StatusOK), func(r *request) {
			r.answer(ok, "good")
		}).by(http.MethodPost, 2*mega),
		answering("long body", page(http.StatusOK), func(r *request) {
			r.body()
			r.answer(ok, "good")
		}).by(http.MethodPost, 2*mega),
		answering("long body that nobody reads, and no response", code(1050), func(*request) {}).
			by(http.MethodPost, 2*mega).stalling(),
	}
}

// stallCases are responses that do not come, or do not end.
func stallCases() []Case {
	return []Case{
		answering("no response", code(1050), func(*request) {}).stalling(),
		answering("head stalls", code(1050), func(r *request) {
			all := head(ok)
			r.write(all[:len(all)-1])
		}).stalling(),
		answering("head drips", code(1050), func(r *request) {
			r.write(frameOf(frameHeaders, mega))
			r.drip(string(block("x-drip", "drip")))
		}).stalling(),
		answering("body stalls", code(1050), (*request).half).stalling(),
		answering("body drips", code(1050), func(r *request) {
			r.reply(ok)
			r.drip(string(frame(frameData, []byte("drip"))))
		}).stalling(),
		answering("body without end", code(1050), func(r *request) {
			r.reply(ok)
			piece := frame(frameData, make([]byte, 64<<10))
			for r.conn.peer.ctx.Err() == nil {
				if _, err := r.Write(piece); err != nil {
					return
				}
			}
		}).stalling(),
	}
}

// closeCases are connections that the peer closes for a reason of HTTP/3.
func closeCases() []Case {
	ends := func(code quic.ApplicationErrorCode) func(*request) {
		return func(r *request) { r.conn.end(code) }
	}
	return []Case{
		answering("connection closed, internal error", code(1873), ends(h3InternalError)),
		answering("connection closed, excessive load", code(1878), ends(h3ExcessiveLoad)),
		answering("connection closed, no error", code(1871), ends(h3NoError)),
		answering("connection closed, version fallback", code(1887), ends(h3VersionFallback)),
		answering("connection closed, QPACK", code(1888), ends(qpackFailed)),
		answering("connection closed, unknown code", code(1870), ends(unknownCode)),
		answering("connection closed, code 0", code(1870), ends(0)),
		answering("reused connection closed, no error", code(1871), ends(h3NoError)).warmed().hits(2), // sent again
		answering("connection closed in the body", code(1873), func(r *request) {
			r.half()
			r.conn.end(h3InternalError)
		}),
		answering("connection closed in a long body of a request", code(1873), ends(h3InternalError)).
			by(http.MethodPost, 2*mega),
		// The request may not reach the peer before the client learns of the end, and then goes to other connections.
		answering("connection closed at once", code(1873), ends(h3InternalError)).
			hello(func(c *conn) { c.end(h3InternalError) }).hits(Any),
	}
}

// goAwayCases are connections that the peer ends in an orderly way.
func goAwayCases() []Case {
	const most = 1<<62 - 4
	toAll := func(r *request) { r.conn.goAway(0) }
	return []Case{
		answering("GOAWAY before the reply", page(http.StatusOK), func(r *request) {
			r.conn.goAway(most)
			r.conn.goAway(r.id() + 4)
			r.answer(ok, "good")
		}),
		answering("GOAWAY after the reply", page(http.StatusOK), func(r *request) {
			r.answer(ok, "good")
			r.conn.goAway(r.id() + 4)
		}),
		answering("GOAWAY before the reply, and no reply", code(1871), func(r *request) {
			r.conn.goAway(r.id() + 4)
			r.conn.end(h3NoError)
		}),
		answering("GOAWAY before the reply, which stalls", code(1050), func(r *request) {
			r.conn.goAway(r.id() + 4)
			r.half()
		}).stalling(),
		answering("GOAWAY to every request", code(1807), toAll).hits(2),
		answering("GOAWAY to every request, a POST", code(1807), toAll).by(http.MethodPost, 1000).hits(2),
		answering("GOAWAY to every request, with a long body", code(1807), toAll).by(http.MethodPost, 2*mega).hits(2),
		answering("GOAWAY at once", code(1807), toAll).hello(func(c *conn) {
			c.open(streamControl, append(settings(), frame(frameGoAway, varint(0))...))
		}).hits(Any),
		answering("GOAWAY to the first request", page(http.StatusOK), func(r *request) {
			if r.nth == 1 {
				toAll(r)
				return
			}
			r.answer(ok, "good")
		}).hits(2),
		answering("GOAWAY on a reused connection", page(http.StatusOK), func(r *request) {
			if r.conn.nth == 1 {
				r.conn.goAway(r.id())
				return
			}
			r.answer(ok, "good")
		}).warmed().hits(2),
		answering("GOAWAY with an id that is not of a request", code(1879), func(r *request) { r.conn.goAway(1) }),
		answering("GOAWAY with an id that grows", code(1879), func(r *request) {
			r.conn.goAway(4)
			r.conn.goAway(8)
		}),
		answering("GOAWAY without an id", code(1877), func(r *request) {
			r.conn.writeControl(frame(frameGoAway, nil))
		}),
		answering("GOAWAY on the stream of a request", code(1876), func(r *request) {
			r.write(frame(frameGoAway, varint(0)))
		}),
	}
}
