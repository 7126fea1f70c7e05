package http2

import (
	"encoding/binary"
	"math"

	"golang.org/x/net/http2/hpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Settings (section 6.5.2).
const (
	settingTableSize     = 0x1
	settingPush          = 0x2
	settingMaxStreams    = 0x3
	settingInitialWindow = 0x4
	settingMaxFrameSize  = 0x5
	settingMaxListSize   = 0x6
)

const (
	preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

	// defaultWindow is a window before anybody has changed it (section 6.9.2).
	defaultWindow = 1<<16 - 1
	maxWindow     = 1<<31 - 1

	// streamWindow and connWindow are how much a server may send before this client has read it: those of net/http. What
	// is kept of bodies is bounded by the windows of streams.
	streamWindow = 4 << 20
	connWindow   = 1 << 30

	// How many requests may be under way at once: before the server has said it, and if it does not. They are net/http's.
	streamsAtFirst  = 100
	streamsByItself = 1000
)

// peerSettings are what the server has said of itself.
type peerSettings struct {
	seen       bool
	maxStreams int
	window     int64 // of a new stream
	maxFrame   int
	maxList    uint64
}

func defaultSettings() peerSettings {
	return peerSettings{
		maxStreams: streamsAtFirst, window: defaultWindow, maxFrame: maxFrameSize, maxList: math.MaxUint64,
	}
}

// appendPreface appends what a client begins with (section 3.4).
func appendPreface(dst []byte) []byte {
	dst = append(dst, preface...)
	dst = appendFrame(dst, 3*settingSize, frameSettings, 0, 0)
	for _, s := range [...]struct {
		id    uint16
		value uint32
	}{{settingPush, 0}, {settingInitialWindow, streamWindow}, {settingMaxListSize, mux.MaxHeadSize}} {
		dst = binary.BigEndian.AppendUint16(dst, s.id)
		dst = binary.BigEndian.AppendUint32(dst, s.value)
	}
	return appendWord(dst, frameWindowUpdate, 0, connWindow-defaultWindow)
}

// onSettings handles a SETTINGS frame (section 6.5).
func (c *Conn) onSettings(f frame, payload []byte) error {
	switch {
	case f.id != 0:
		return ConnError(codeProtocol)
	case f.has(flagAck):
		if len(payload) != 0 {
			return ConnError(codeFrameSize)
		}
		return c.useless()
	case len(payload)%settingSize != 0:
		return ConnError(codeFrameSize)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	limited := false
	for ; len(payload) > 0; payload = payload[settingSize:] {
		id, value := binary.BigEndian.Uint16(payload), binary.BigEndian.Uint32(payload[2:])
		if id == settingMaxStreams {
			limited = true
		}
		if err := c.apply(id, value); err != nil {
			return err
		}
	}
	if !c.peer.seen && !limited {
		c.peer.maxStreams = streamsByItself
	}
	if c.peer.seen {
		if err := c.useless(); err != nil {
			return err
		}
	}
	c.peer.seen = true
	c.control = appendFrame(c.control, 0, frameSettings, flagAck, 0)
	c.admitWaiting()
	return c.respond()
}

// apply changes one setting. The lock is held.
func (c *Conn) apply(id uint16, value uint32) error {
	switch id {
	case settingPush:
		if value != 0 {
			return ConnError(codeProtocol)
		}
	case settingMaxStreams:
		c.peer.maxStreams = int(min(value, math.MaxInt32))
	case settingInitialWindow:
		if value > maxWindow {
			return ConnError(codeFlowControl)
		}
		return c.resize(int64(value))
	case settingMaxFrameSize:
		if value < maxFrameSize || value > 1<<24-1 {
			return ConnError(codeProtocol)
		}
		c.peer.maxFrame = int(value)
	case settingMaxListSize:
		c.peer.maxList = uint64(value)
	}
	return nil // settingTableSize does not matter, because requests are encoded without the table
}

// isLonger reports whether the fields of a block have more bytes than a server takes, counted as it does (section
// 6.5.2).
func isLonger(block []byte, most uint64) bool {
	if !mux.MayExceed(block, most) {
		return false
	}
	size := uint64(0)
	fields := hpack.NewDecoder(0, func(f hpack.HeaderField) { size += uint64(f.Size()) })
	_, _ = fields.Write(block) // it was encoded here
	return size > most
}

// resize changes the windows of all streams with that of new ones (section 6.9.2). They may become negative.
func (c *Conn) resize(window int64) error {
	delta := window - c.peer.window
	c.peer.window = window
	for _, s := range c.streams {
		if s.sendWindow += delta; s.sendWindow > maxWindow {
			return ConnError(codeFlowControl)
		}
		c.resume(s)
	}
	return nil
}
