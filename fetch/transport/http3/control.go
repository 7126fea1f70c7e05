package http3

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"sync/atomic"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// The types of streams that one side alone sends on (RFC 9114, section 6.2; RFC 9204, section 4.2).
const (
	streamControl = 0x0
	streamPush    = 0x1
	streamEncoder = 0x2
	streamDecoder = 0x3
)

// The types of frames (RFC 9114, section 7.2).
const (
	frameData        = 0x0
	frameHeaders     = 0x1
	frameCancelPush  = 0x3
	frameSettings    = 0x4
	framePushPromise = 0x5
	frameGoAway      = 0x7
	frameMaxPushID   = 0xd
)

// isReserved reports whether a type of frame is one of HTTP/2, which must not come (RFC 9114, section 11.2.1).
func isReserved(kind uint64) bool { return kind == 0x2 || kind == 0x6 || kind == 0x8 || kind == 0x9 }

const (
	settingMaxList = 0x6
	// noLimit is the size of fields that a server has not set (RFC 9114, section 4.2.2).
	noLimit = math.MaxUint64
	// maxControlFrame bounds the frames of the control stream that are read as a whole, in bytes.
	maxControlFrame = 8 << 10
)

// start sends the settings, and begins to read the streams that the server alone sends on.
func (c *Conn) start() {
	settings := quicvarint.Append(quicvarint.Append(nil, settingMaxList), mux.MaxHeadSize)
	hello := append([]byte{streamControl, frameSettings, byte(len(settings))}, settings...) // #nosec G115 -- a few bytes
	if str, err := c.qc.OpenUniStream(); err == nil {
		_, _ = str.Write(hello) // if it fails, all streams do
	} else {
		go func() { // the server has yet to allow it
			if str, err := c.qc.OpenUniStreamSync(c.qc.Context()); err == nil {
				_, _ = str.Write(hello)
			}
		}()
	}
	go c.accept()
}

// accept reads the streams that the server alone sends on, until the connection ends.
func (c *Conn) accept() {
	streams := &serverStreams{}
	for {
		str, err := c.qc.AcceptUniStream(context.Background())
		if err != nil {
			return
		}
		go func() {
			if panicked := crash.Guard(func() { c.readServerStream(streams, str) }); panicked != nil {
				c.fail(codeNo)
			}
		}()
	}
}

// readServerStream reads a stream that the server alone sends on.
func (c *Conn) readServerStream(streams *serverStreams, str *quic.ReceiveStream) {
	in := bufio.NewReaderSize(str, smallControlBuffer)
	kind, err := quicvarint.Read(in)
	if err != nil {
		return // it ended before it had a type
	}
	switch kind {
	case streamControl, streamEncoder, streamDecoder:
		if !streams.first(kind) {
			c.fail(codeStreamCreation)
			return
		}
	case streamPush:
		c.fail(codeID) // none was allowed
		return
	default:
		str.CancelRead(quic.StreamErrorCode(codeStreamCreation))
		return
	}
	if kind == streamControl {
		err = c.readControl(in)
	} else {
		_, err = io.Copy(io.Discard, in) // without a dynamic table they have nothing to say
	}
	if c.ended.Err() != nil && c.qc.Context().Err() != nil || errors.Is(err, quic.Err0RTTRejected) {
		return
	}
	code := codeClosedCritical
	var wrong ConnError
	if errors.As(err, &wrong) {
		code = Code(wrong)
	}
	c.fail(code)
}

const smallControlBuffer = 64

// readControl reads the server's control stream until it ends, which it must not.
func (c *Conn) readControl(in *bufio.Reader) error {
	for first := true; ; first = false {
		kind, err := quicvarint.Read(in)
		if err != nil {
			return err
		}
		size, err := quicvarint.Read(in)
		if err != nil {
			return err
		}
		switch {
		case first != (kind == frameSettings):
			if first {
				return ConnError(codeMissingSettings)
			}
			return ConnError(codeFrameUnexpected)
		case kind == frameData || kind == frameHeaders || kind == framePushPromise || kind == frameMaxPushID,
			isReserved(kind):
			return ConnError(codeFrameUnexpected)
		case kind == frameSettings || kind == frameGoAway || kind == frameCancelPush:
			err = c.readControlFrame(in, kind, size)
		default:
			_, err = io.CopyN(io.Discard, in, int64(min(size, math.MaxInt64))) // #nosec G115 -- bounded
		}
		if err != nil {
			return err
		}
	}
}

func (c *Conn) readControlFrame(in io.Reader, kind, size uint64) error {
	if size > maxControlFrame {
		return ConnError(codeExcessiveLoad)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(in, payload); err != nil {
		return err
	}
	if kind == frameSettings {
		return c.onSettings(payload)
	}
	id, n, err := quicvarint.Parse(payload)
	if err != nil || n != len(payload) {
		return ConnError(codeFrame)
	}
	if kind == frameCancelPush {
		return ConnError(codeID) // nothing was to be pushed
	}
	return c.onGoAway(quic.StreamID(id)) // #nosec G115 -- 62 bits
}

// onSettings handles the server's settings (RFC 9114, section 7.2.4).
func (c *Conn) onSettings(payload []byte) error {
	seen := make(map[uint64]struct{})
	for len(payload) > 0 {
		id, n, err := quicvarint.Parse(payload)
		if err != nil {
			return ConnError(codeFrame)
		}
		value, m, err := quicvarint.Parse(payload[n:])
		if err != nil {
			return ConnError(codeFrame)
		}
		payload = payload[n+m:]
		const firstReserved, lastReserved = 0x2, 0x5 // of HTTP/2 (section 11.2.2)
		if _, again := seen[id]; again || id >= firstReserved && id <= lastReserved {
			return ConnError(codeSettings)
		}
		seen[id] = struct{}{}
		if id == settingMaxList {
			c.peerList.Store(value)
		}
	}
	return nil
}

// onGoAway handles a GOAWAY (RFC 9114, section 5.2). Requests that the server will not take are ended, so that they are
// sent again.
func (c *Conn) onGoAway(id quic.StreamID) error {
	const everyFourth = 4 // is a stream of a request
	c.mu.Lock()
	if id%everyFourth != 0 || c.goAway != noGoAway && id > c.goAway {
		c.mu.Unlock()
		return ConnError(codeID)
	}
	c.goAway = id
	var untaken []*Stream
	for of, s := range c.streams {
		if of >= id {
			untaken = append(untaken, s)
		}
	}
	c.mu.Unlock()
	for _, s := range untaken {
		s.interrupt(id)
	}
	c.refuse(ErrGoAway)
	return nil
}

// serverStreams are those that there must be one of.
type serverStreams struct {
	seen [streamDecoder + 1]atomic.Bool
}

func (s *serverStreams) first(kind uint64) bool { return s.seen[kind].CompareAndSwap(false, true) }
