package http3

import (
	"errors"
	"io"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// Body returns a reader of the body.
func (s *Stream) Body() io.Reader { return (*bodyReader)(s) }

type bodyReader Stream

func (r *bodyReader) Read(p []byte) (int, error) {
	s := (*Stream)(r)
	if len(p) == 0 {
		return 0, nil
	}
	if err := s.nextData(); err != nil {
		return 0, err
	}
	in := &s.in
	if in.read == in.end && in.err == nil && len(p) >= len(in.buf) {
		n, err := in.str.Read(p[:min(uint64(len(p)), s.body.frame)]) // without a detour through the buffer
		in.noted(err)
		return s.took(n, within(in.err))
	}
	if in.read == in.end {
		if err := in.fill(); err != nil {
			return s.took(0, within(err))
		}
	}
	n := copy(p, in.buf[in.read:min(uint64(in.end), uint64(in.read)+s.body.frame)]) // #nosec G115 -- not negative
	in.read += n
	return s.took(n, nil)
}

// Discard reads a body to its end, and returns how many bytes it had.
func (s *Stream) Discard() (int64, error) {
	in := &s.in
	for {
		if err := s.nextData(); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return s.body.received, err
		}
		if in.read == in.end {
			if len(in.buf) < largeBuffer && s.body.frame > uint64(len(in.buf)) {
				in.buf = make([]byte, largeBuffer)
			}
			if err := in.fill(); err != nil {
				_, err = s.took(0, within(err))
				return s.body.received, err
			}
		}
		n := int(min(s.body.frame, uint64(in.end-in.read))) // #nosec G115 -- bounded
		in.read += n
		if _, err := s.took(n, nil); err != nil {
			return s.body.received, err
		}
	}
}

// nextData reads up to the next byte of the body. It returns io.EOF at its end.
func (s *Stream) nextData() error {
	b := &s.body
	for b.frame == 0 && b.over == nil {
		kind, size, err := s.in.frame()
		switch {
		case errors.Is(err, io.EOF):
			s.endOfBody()
		case err != nil:
			s.breakOff(err)
		case kind == frameData && b.trailers:
			s.breakOff(ConnError(codeFrameUnexpected))
		case kind == frameData && b.none && size > 0:
			s.breakOff(&StreamError{codeMessage, errHeadBody})
		case kind == frameData && size == 0:
			if s.in.useless++; s.in.useless > maxUseless {
				s.breakOff(ConnError(codeExcessiveLoad))
			}
		case kind == frameData:
			b.frame, s.in.useless = size, 0
		case kind == frameHeaders:
			s.skipTrailers(size)
		default:
			if err := s.in.skip(kind, size); err != nil {
				s.breakOff(err)
			}
		}
	}
	return b.over
}

// skipTrailers drops the fields after the body.
func (s *Stream) skipTrailers(size uint64) {
	if s.body.trailers {
		s.breakOff(ConnError(codeFrameUnexpected))
		return
	}
	s.body.trailers = true
	block, err := s.in.block(size)
	if err == nil {
		err = checkTrailers(block)
	}
	if err != nil {
		s.breakOff(err)
	}
}

// took counts bytes of the body that were read. Those that are more than the Content-Length said are left out.
func (s *Stream) took(n int, err error) (int, error) {
	b := &s.body
	b.frame -= uint64(n) // #nosec G115 -- bounded by it
	if b.left >= 0 && int64(n) > b.left {
		n = int(b.left)
		err = &StreamError{codeMessage, mux.ErrTooLong}
	}
	b.received += int64(n)
	if b.left >= 0 {
		b.left -= int64(n)
	}
	if err != nil && (!errors.Is(err, io.ErrUnexpectedEOF) || b.frame > 0) {
		s.breakOff(err)
		return n, b.over
	}
	return n, nil
}

// endOfBody ends the body where the server has ended the stream.
func (s *Stream) endOfBody() {
	if s.body.left > 0 {
		s.body.over = io.ErrUnexpectedEOF
		return
	}
	s.body.over = io.EOF
}

// breakOff ends the body with an error.
func (s *Stream) breakOff(err error) {
	s.body.over = s.translated(err)
	var long *StreamError
	if errors.As(s.body.over, &long) && errors.Is(long.Why, mux.ErrTooLong) {
		s.body.over = mux.ErrTooLong
	}
}
