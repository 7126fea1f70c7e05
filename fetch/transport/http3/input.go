package http3

import (
	"errors"
	"io"
	"net/http"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// input is what comes on a stream, through a buffer.
type input struct {
	str       *quic.Stream
	buf       []byte
	read, end int   // what of the buffer is to be read
	ended     bool  // the server has ended the stream
	err       error // of the last read
	useless   int   // frames since the last that was of use
}

// The buffer begins small, because most responses are, and each worker has one.
const (
	smallBuffer = 4 << 10
	largeBuffer = 32 << 10
)

func (in *input) reset(str *quic.Stream) {
	buf := in.buf
	if buf == nil {
		buf = make([]byte, smallBuffer)
	}
	*in = input{str: str, buf: buf}
}

func (in *input) buffered() []byte { return in.buf[in.read:in.end] }

// fill reads more behind what is buffered. It makes room first.
func (in *input) fill() error {
	if in.err != nil {
		return in.err
	}
	if in.read == in.end {
		in.read, in.end = 0, 0
	} else if in.end == len(in.buf) {
		in.end = copy(in.buf, in.buffered())
		in.read = 0
	}
	n, err := in.str.Read(in.buf[in.end:])
	in.end += n
	in.noted(err)
	if n > 0 {
		return nil
	}
	return in.err
}

// noted notes what a read has returned.
func (in *input) noted(err error) {
	in.err = err
	in.ended = in.ended || errors.Is(err, io.EOF)
}

// varint reads a number (RFC 9000, section 16). It returns io.EOF at the end of the stream, and io.ErrUnexpectedEOF in
// the middle of the number.
func (in *input) varint() (uint64, error) {
	for {
		if b := in.buffered(); len(b) > 0 {
			if v, n, err := quicvarint.Parse(b); err == nil {
				in.read += n
				return v, nil
			}
		}
		if err := in.fill(); err != nil {
			if errors.Is(err, io.EOF) && in.read < in.end {
				return 0, io.ErrUnexpectedEOF
			}
			return 0, err
		}
	}
}

// frame reads the type and the size of the next frame. It returns io.EOF at the end of the stream.
func (in *input) frame() (kind, size uint64, err error) {
	if kind, err = in.varint(); err != nil {
		return 0, 0, err
	}
	if size, err = in.varint(); err != nil {
		return 0, 0, within(err)
	}
	return kind, size, nil
}

// maxUseless is how many frames without use may come in a row.
const maxUseless = 1000

// skip passes over a frame that means nothing to a client. It fails for one that must not come.
func (in *input) skip(kind, size uint64) error {
	switch {
	case kind == framePushPromise:
		return ConnError(codeID) // no push was allowed
	case kind == frameCancelPush, kind == frameSettings, kind == frameGoAway, kind == frameMaxPushID, isReserved(kind):
		return ConnError(codeFrameUnexpected)
	}
	if in.useless++; in.useless > maxUseless {
		return ConnError(codeExcessiveLoad)
	}
	return in.discard(size)
}

// discard drops bytes.
func (in *input) discard(n uint64) error {
	for n > 0 {
		if in.read == in.end {
			if err := in.fill(); err != nil {
				return within(err)
			}
		}
		some := min(n, uint64(in.end-in.read)) // #nosec G115 -- not negative
		in.read += int(some)                   // #nosec G115 -- bounded
		n -= some
	}
	return nil
}

// within is the error of a stream that ended in the middle of a frame. The standard has the connection end then
// (section 7.1), but the other requests on it are none the worse.
func within(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// block reads a field block. It is valid until the next read.
func (in *input) block(size uint64) ([]byte, error) {
	if size > 2*mux.MaxHeadSize {
		return nil, &StreamError{codeExcessiveLoad, mux.ErrHeadSize}
	}
	if size <= uint64(len(in.buf)) {
		for uint64(in.end-in.read) < size { // #nosec G115 -- not negative
			if err := in.fill(); err != nil {
				return nil, within(err)
			}
		}
		in.read += int(size)                            // #nosec G115 -- bounded
		return in.buf[in.read-int(size) : in.read], nil // #nosec G115 -- bounded
	}
	var long []byte // grows as it comes, because the size is what the server claims
	for uint64(len(long)) < size {
		if in.read == in.end {
			if err := in.fill(); err != nil {
				return nil, within(err)
			}
		}
		some := min(size-uint64(len(long)), uint64(in.end-in.read)) // #nosec G115 -- not negative
		long = append(long, in.buf[in.read:in.read+int(some)]...)   // #nosec G115 -- bounded
		in.read += int(some)                                        // #nosec G115 -- bounded
	}
	return long, nil
}

// readHead reads the head of the response, and those of interim responses before it.
func (s *Stream) readHead() (*mux.Head, error) {
	in := &s.in
	if err := in.fill(); err != nil {
		return nil, within(err)
	}
	s.Reply.FirstByte = s.conn.now()
	interim := int64(0)
	for {
		kind, size, err := in.frame()
		if err != nil {
			return nil, within(err)
		}
		switch kind {
		case frameHeaders:
			head, err := s.readFields(size)
			if err != nil {
				return nil, err
			}
			if !isInterim(head.Status) {
				in.useless = 0
				return head, nil
			}
			if interim += head.Size; interim > mux.MaxHeadSize {
				return nil, &StreamError{codeExcessiveLoad, errInterim}
			}
		case frameData:
			return nil, ConnError(codeFrameUnexpected)
		default:
			if err := in.skip(kind, size); err != nil {
				return nil, err
			}
		}
	}
}

func (s *Stream) readFields(size uint64) (*mux.Head, error) {
	block, err := s.in.block(size)
	if err != nil {
		return nil, err
	}
	head, err := s.conn.decode(block)
	if err != nil {
		return nil, err
	}
	if head.Status == 0 {
		return nil, &StreamError{codeMessage, mux.ErrNoStatus}
	}
	return head, nil
}

func isInterim(status int) bool {
	return status >= http.StatusContinue && status < http.StatusOK && status != http.StatusSwitchingProtocols
}

// body is the body of a response as far as it was read.
type body struct {
	left     int64 // to come by Content-Length, -1: unknown
	received int64
	frame    uint64 // bytes left of the DATA frame
	none     bool   // the response to a HEAD, which has none
	trailers bool   // have come
	over     error  // io.EOF, or why it cannot be read on
}

func (b *body) begin(method string, head *mux.Head) {
	b.left = head.ContentLength
	if b.none = method == http.MethodHead; b.none || head.Status == http.StatusNotModified {
		b.left = -1
	}
}
