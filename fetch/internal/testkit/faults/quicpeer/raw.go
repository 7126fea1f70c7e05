package quicpeer

import (
	_ "unsafe" // for go:linkname

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"
)

// raw are frames of QUIC as bytes. It is a frame for quic-go, which puts it into a packet unchanged.
type raw []byte

// Append implements rawFrame.
func (r raw) Append(b []byte, _ quic.Version) ([]byte, error) { return append(b, r...), nil }

// Length implements rawFrame.
func (r raw) Length(quic.Version) int64 { return int64(len(r)) }

// rawFrame has the same methods in memory as the interface of frames in quic-go, whose types cannot be named here.
type rawFrame interface {
	Append(b []byte, version quic.Version) ([]byte, error)
	Length(version quic.Version) int64
}

// queueControlFrame has a connection send a frame. It is the only way to have quic-go break the rules of QUIC.
//
//go:linkname queueControlFrame github.com/quic-go/quic-go.(*Conn).queueControlFrame
func queueControlFrame(qc *quic.Conn, f rawFrame)

// raw sends frames of QUIC in one packet.
func (c *conn) raw(frames ...raw) {
	var all raw
	for _, f := range frames {
		all = append(all, f...)
	}
	queueControlFrame(c.qc, all)
}

// The types of frames of QUIC (RFC 9000, section 19).
const (
	quicResetStream   = 0x4
	quicCrypto        = 0x6
	quicNewToken      = 0x7
	quicStream        = 0xe // with offset and length
	quicStreamFin     = 0xf
	quicMaxStreamData = 0x11
	quicNewConnID     = 0x18
	quicRetireConnID  = 0x19
	quicClose         = 0x1c
	quicHandshakeDone = 0x1e
	quicUnknown       = 0x3f
	quicAck           = 0x2
	quicPing          = 0x1
)

// numbers encodes numbers one after another, the first of which is the type of a frame.
func numbers(all ...uint64) raw {
	var r raw
	for _, v := range all {
		r = quicvarint.Append(r, v)
	}
	return r
}

// streamFrame is a STREAM frame with data at an offset.
func streamFrame(kind, id, offset uint64, data string) raw {
	return append(numbers(kind, id, offset, uint64(len(data))), data...)
}

// closeFrame ends the connection with a code of QUIC.
func closeFrame(code uint64) raw {
	const reason = Secret + " reason 127.0.0.1:4433"
	return append(numbers(quicClose, code, 0, uint64(len(reason))), reason...)
}
