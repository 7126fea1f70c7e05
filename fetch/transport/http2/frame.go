package http2

import "encoding/binary"

// frameType is the type of a frame (section 6).
type frameType uint8

const (
	frameData         frameType = 0x0
	frameHeaders      frameType = 0x1
	framePriority     frameType = 0x2
	frameRSTStream    frameType = 0x3
	frameSettings     frameType = 0x4
	framePushPromise  frameType = 0x5
	framePing         frameType = 0x6
	frameGoAway       frameType = 0x7
	frameWindowUpdate frameType = 0x8
	frameContinuation frameType = 0x9
)

// Flags of frames. Their meaning depends on the type.
const (
	flagAck        = 0x1
	flagEndStream  = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

const (
	headerSize   = 9
	prioritySize = 5
	settingSize  = 6
	pingSize     = 8
	wordSize     = 4
	goAwaySize   = 2 * wordSize
	idMask       = 1<<31 - 1 // the highest bit is reserved
	maxID        = 1<<31 - 1

	// maxFrameSize is the longest payload that a peer may send before it was allowed more (section 4.2). This client
	// allows no more.
	maxFrameSize = 1 << 14
)

// frame is the header of a frame (section 4.1).
type frame struct {
	length uint32
	kind   frameType
	flags  uint8
	id     uint32
}

func parseFrame(b []byte) frame {
	return frame{
		length: uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]), kind: frameType(b[3]), flags: b[4],
		id: binary.BigEndian.Uint32(b[5:]) & idMask,
	}
}

func (f frame) has(flag uint8) bool { return f.flags&flag != 0 }

func appendFrame(dst []byte, length int, kind frameType, flags uint8, id uint32) []byte {
	dst = append(dst, byte(length>>16), byte(length>>8), byte(length), byte(kind), flags) // #nosec G115 -- 24 bits
	return binary.BigEndian.AppendUint32(dst, id)
}

// appendWord appends a frame whose payload is one number.
func appendWord(dst []byte, kind frameType, id, word uint32) []byte {
	return binary.BigEndian.AppendUint32(appendFrame(dst, wordSize, kind, 0, id), word)
}

func appendReset(dst []byte, id uint32, why Code) []byte {
	return appendWord(dst, frameRSTStream, id, uint32(why))
}

func appendPing(dst []byte, flags uint8, data []byte) []byte {
	return append(appendFrame(dst, pingSize, framePing, flags, 0), data...)
}

func appendGoAway(dst []byte, why Code) []byte {
	dst = appendFrame(dst, goAwaySize, frameGoAway, 0, 0)
	dst = binary.BigEndian.AppendUint32(dst, 0) // the server may open no streams, so there is no last one
	return binary.BigEndian.AppendUint32(dst, uint32(why))
}

// appendHeaders appends a field block: in a HEADERS frame, and in CONTINUATION frames if it is longer than one.
func appendHeaders(dst []byte, id uint32, block []byte, endStream bool, most int) []byte {
	kind, flags := frameHeaders, uint8(0)
	if endStream {
		flags = flagEndStream
	}
	for {
		part := block[:min(len(block), most)]
		if block = block[len(part):]; len(block) == 0 {
			flags |= flagEndHeaders
		}
		dst = append(appendFrame(dst, len(part), kind, flags, id), part...)
		if len(block) == 0 {
			return dst
		}
		kind, flags = frameContinuation, 0
	}
}

// unpadded returns the payload of a DATA or HEADERS frame without its padding (section 6.1). It returns false if there
// is more padding than payload.
func (f frame) unpadded(payload []byte) ([]byte, bool) {
	if !f.has(flagPadded) {
		return payload, true
	}
	if len(payload) == 0 || int(payload[0]) >= len(payload) {
		return nil, false
	}
	return payload[1 : len(payload)-int(payload[0])], true
}
