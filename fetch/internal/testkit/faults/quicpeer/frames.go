package quicpeer

import (
	"bytes"

	"github.com/quic-go/qpack"
	"github.com/quic-go/quic-go/quicvarint"
)

// The types of streams that one side alone sends on (RFC 9114, section 6.2; RFC 9204, section 4.2).
const (
	streamControl = 0x0
	streamPush    = 0x1
	streamEncoder = 0x2
	streamDecoder = 0x3
	streamGrease  = 0x21 // reserved, to be ignored
)

// The types of frames (RFC 9114, section 7.2).
const (
	frameData        = 0x0
	frameHeaders     = 0x1
	frameCancelPush  = 0x3
	frameSettings    = 0x4
	framePushPromise = 0x5
	framePing        = 0x6 // of HTTP/2
	frameGoAway      = 0x7
	frameMaxPushID   = 0xd
	frameGrease      = 0x21 // reserved, to be ignored
)

const (
	settingHTTP2   = 0x4 // the initial window of HTTP/2, reserved
	settingMaxList = 0x6
	settingGrease  = 0x21
)

const mega = 1 << 20

// varint encodes a number (RFC 9000, section 16).
func varint(v uint64) []byte { return quicvarint.Append(nil, v) }

// frame is a frame of HTTP/3.
func frame(kind uint64, payload []byte) []byte {
	return append(frameOf(kind, uint64(len(payload))), payload...)
}

// frameOf is the beginning of a frame that claims to be so long.
func frameOf(kind, size uint64) []byte { return quicvarint.Append(varint(kind), size) }

// settings is a frame of settings, their numbers and values in turn.
func settings(pairs ...uint64) []byte {
	var payload []byte
	for _, v := range pairs {
		payload = quicvarint.Append(payload, v)
	}
	return frame(frameSettings, payload)
}

// head is a frame with a status, and names and values in turn.
func head(status string, fields ...string) []byte {
	return headers(append([]string{":status", status}, fields...)...)
}

// headers is a frame of fields, names and values in turn.
func headers(fields ...string) []byte { return frame(frameHeaders, block(fields...)) }

// block encodes names and values in turn, without the dynamic table.
func block(fields ...string) []byte {
	if len(fields) == 0 {
		return []byte{0, 0} // the prefix, which the encoder writes with the first field
	}
	var buf bytes.Buffer
	enc := qpack.NewEncoder(&buf)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = enc.WriteField(qpack.HeaderField{Name: fields[i], Value: fields[i+1]}) // memory does not fail
	}
	return buf.Bytes()
}
