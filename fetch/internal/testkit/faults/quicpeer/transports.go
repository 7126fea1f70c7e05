package quicpeer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/quic-go/quic-go"
)

// Codes of QUIC (RFC 9000, section 20.1).
const (
	quicNoError       = 0x0
	quicInternalError = 0x1
	quicNoViablePath  = 0x10 // the last one
	quicAlertInternal = 0x100 + 80
)

// transportCases are the faults of QUIC itself. Most come with the first request.
func transportCases() []Case {
	const window = mega // of a stream when it begins
	sends := func(frames ...raw) func(*request) {
		return func(r *request) { r.conn.raw(frames...) }
	}
	wide := make([]raw, 0, 12) // no stream is too long, but all together are
	for i := range uint64(cap(wide)) {
		wide = append(wide, streamFrame(quicStream, 4*i+3, window-1, "x"))
	}
	ids := make([]raw, 0, 20)
	for i := range uint64(cap(ids)) {
		id := append(numbers(quicNewConnID, i+100, 0, 4), byte(i), 1, 2, 3)
		ids = append(ids, append(id, make([]byte, 16)...))
	}
	cases := []Case{
		answering("QUIC: stream beyond its window", code(1814), func(r *request) {
			r.conn.raw(streamFrame(quicStream, r.id(), 1<<40, "odd"))
		}),
		answering("QUIC: streams beyond their window", code(1814), sends(wide...)),
		answering("QUIC: too many streams", code(1815), sends(streamFrame(quicStream, 4003, 0, "odd"))),
		answering("QUIC: stream that the client has not opened", code(1816), sends(streamFrame(quicStream, 400, 0, "odd"))),
		answering("QUIC: data on a stream of the client alone", code(1816), sends(streamFrame(quicStream, 2, 0, "odd"))),
		answering("QUIC: window of a stream of the peer alone", code(1816), sends(numbers(quicMaxStreamData, 3, 100))),
		answering("QUIC: data behind the end of a stream", code(1817), func(r *request) {
			r.conn.raw(streamFrame(quicStreamFin, r.id(), 100, "x"), streamFrame(quicStream, r.id(), 200, "x"))
		}),
		answering("QUIC: stream reset before its end", code(1817), func(r *request) {
			r.conn.raw(streamFrame(quicStream, r.id(), 100, "x"), numbers(quicResetStream, r.id(), h3NoError, 50))
		}),
		answering("QUIC: unknown frame", code(1818), sends(numbers(quicUnknown))),
		answering("QUIC: empty token", code(1818), sends(numbers(quicNewToken, 0))),
		answering("QUIC: too many ids of the connection", code(1820), sends(ids...)),
		answering("QUIC: unknown id of the connection retired", code(1821), sends(numbers(quicRetireConnID, 1000))),
		answering("QUIC: packet acknowledged that was not sent", code(1821), sends(numbers(quicAck, 1<<30, 0, 0, 0))),
		answering("QUIC: TLS beyond its window", code(1824),
			sends(append(numbers(quicCrypto, 1<<20, 3), "odd"...))),
		answering("QUIC: TLS alert", code(1830), sends(closeFrame(quicAlertInternal))),
		answering("QUIC: closed, unknown code", code(1810), sends(closeFrame(unknownCode))),
		answering("QUIC: closed in the body", code(1811+quicInternalError), func(r *request) {
			r.half()
			r.conn.raw(closeFrame(quicInternalError))
		}),
		answering("QUIC: closed, reused connection", code(1811), sends(closeFrame(quicNoError))).warmed(),
		answering("QUIC: frames without harm", page(http.StatusOK), func(r *request) {
			r.conn.raw(numbers(quicPing), make(raw, 100), numbers(quicHandshakeDone))
			r.answer(ok, "good")
		}),
	}
	for c := range uint64(quicNoViablePath + 1) {
		cases = append(cases, answering(fmt.Sprintf("QUIC: closed, code %#x", c), code(1811+int(c)), // #nosec G115 -- small
			sends(closeFrame(c))))
	}
	return append(cases, limitCases()...)
}

// limitCases are peers that take less than clients would like to send, and some that forget what they took.
func limitCases() []Case {
	good := func(r *request) { r.answer(ok, "good") }
	refusing := answering("QUIC: connection refused", code(1813), good).hits(0)
	refusing.script.transport = func(t *quic.Transport) {
		t.ConnContext = func(context.Context, *quic.ClientInfo) (context.Context, error) {
			return nil, errors.New("refused") //nolint:err113 // nobody sees it
		}
	}
	retrying := answering("QUIC: Retry", page(http.StatusOK), good)
	retrying.script.transport = func(t *quic.Transport) {
		t.VerifySourceAddress = func(net.Addr) bool { return true }
	}
	closed := answering("QUIC: no stream allowed", code(1050), good).stalling().hits(0)
	closed.script.config.MaxIncomingStreams = -1
	one := answering("QUIC: no stream of the client alone allowed", page(http.StatusOK), good)
	one.script.config.MaxIncomingUniStreams = -1
	narrow := answering("QUIC: small windows", page(http.StatusOK), func(r *request) {
		r.body()
		good(r)
	}).by(http.MethodPost, 2*mega)
	narrow.script.config.InitialStreamReceiveWindow, narrow.script.config.MaxStreamReceiveWindow = 1000, 50_000
	narrow.script.config.InitialConnectionReceiveWindow, narrow.script.config.MaxConnectionReceiveWindow = 2000, 50_000
	v2 := answering("QUIC: version 2 alone", page(http.StatusOK), good)
	v2.script.config.Versions = []quic.Version{quic.Version2}

	// A server resets a connection when a packet comes that is long enough, which a PING is not, and that does not belong
	// to the handshake. So the client has to be sending still, and to know that the handshake is done.
	resetting := answering("QUIC: stateless reset", code(1804), func(r *request) { r.conn.peer.restart() }).
		by(http.MethodPost, 32*mega).warmed()
	const wide = 64 * mega
	resetting.script.config.InitialStreamReceiveWindow, resetting.script.config.MaxStreamReceiveWindow = wide, wide
	resetting.script.config.InitialConnectionReceiveWindow, resetting.script.config.MaxConnectionReceiveWindow = wide, wide

	dying := func(r *request) { r.conn.peer.die() }
	return []Case{
		refusing, retrying, closed, one, narrow, v2, resetting,
		answering("QUIC: stateless reset of a reused connection", page(http.StatusOK), good).warmed().
			between((*Peer).restart).losing(1),
		answering("QUIC: stateless reset of a reused connection, a POST", code(1804), good).warmed().
			between((*Peer).restart).by(http.MethodPost, 1000).hits(0),
		answering("QUIC: peer dies", code(1801), dying).by(http.MethodPost, 2*mega),
		answering("QUIC: peer has died on a reused connection", code(1801), good).warmed().between((*Peer).die).hits(0),
		answering("QUIC: peer has died on a reused connection, a POST", code(1801), good).warmed().
			between((*Peer).die).by(http.MethodPost, 1000).hits(0),
	}
}
