package content

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// The content codings that are decoded, as in k6. Others are left alone.
const (
	codingGzip    = "gzip"
	codingDeflate = "deflate"
	codingBrotli  = "br"
	codingZstd    = "zstd"
)

const (
	// maxCodings bounds the codings of a body. k6 has no bound. No server needs more than two, and decoding one of these
	// takes 50 KB.
	maxCodings = 100
	// maxWideCodings is how many of them may be br or zstd, which take up to 16 MB.
	maxWideCodings = 5
	// maxWindow is the size that RFC 8878 requires of every decoder, and that RFC 9659 allows for HTTP.
	maxWindow = 8 << 20
)

// codingsOf returns the codings of a Content-Encoding that are to be decoded, in their order. Names may have any case,
// and gzip has an old name (RFC 9110, sections 8.4.1 and 8.4.1.3).
func codingsOf(header string) ([]string, error) {
	var codings []string
	wide := 0
	for coding := range strings.SplitSeq(header, ",") {
		switch coding = strings.ToLower(strings.Trim(coding, " \t")); coding {
		case codingGzip, codingDeflate:
		case "x-gzip":
			coding = codingGzip
		case codingBrotli, codingZstd:
			wide++
		default: // identity, and codings that k6 does not know either
			continue
		}
		if len(codings) == maxCodings || wide > maxWideCodings {
			return nil, &failure.Error{Code: failure.CodeContentDecode, Text: "response body has too many content codings"}
		}
		codings = append(codings, coding)
	}
	return codings, nil
}

// allowance bounds the bytes between two codings: neither received nor kept. Without it they could be as large as a
// bomb, and come to nothing in the end.
type allowance struct{ left, limit int64 }

// allow returns the allowance of a body of at most limit bytes, nil if there is no limit. Packed data may be larger
// than what it unpacks to, but not by much.
func allow(limit int64) *allowance {
	const spare = 64 << 10
	if limit == 0 {
		return nil
	}
	return &allowance{left: 2*limit + spare, limit: limit}
}

func (a *allowance) spend(n int) error {
	if a == nil {
		return nil
	}
	if a.left -= int64(n); a.left < 0 {
		return errTooLarge(a.limit)
	}
	return nil
}

// decoded is a body that is decoded as it is read.
type decoded struct {
	io.Reader

	layers []*decoder
}

// decode decodes a body, the last applied coding first.
func decode(body *countingReader, codings []string, limit int64) *decoded {
	d := &decoded{Reader: body}
	between := allow(limit)
	for i, coding := range slices.Backward(codings) {
		layer := &decoder{coding: coding, from: bufio.NewReader(d.Reader), body: body}
		if i > 0 {
			layer.allowance = between
		}
		d.Reader, d.layers = layer, append(d.layers, layer)
	}
	return d
}

func (d *decoded) close() {
	for _, layer := range d.layers {
		if layer.close != nil {
			layer.close()
		}
	}
}

// decoder decodes one coding. It waits for the first byte, because some servers announce a coding for an empty body.
type decoder struct {
	coding string
	from   *bufio.Reader
	body   *countingReader
	// allowance bounds the output, unless this is the last coding to decode.
	allowance *allowance

	to    io.Reader // nil until the first byte has come
	close func()
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.to == nil {
		if _, err := d.from.Peek(1); errors.Is(err, io.EOF) {
			return 0, io.EOF
		}
		if err := d.open(); err != nil {
			return 0, contentError(d.body, err)
		}
	}
	n, err := d.to.Read(p)
	if spent := d.allowance.spend(n); spent != nil {
		return n, spent
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = contentError(d.body, err)
	}
	return n, err
}

func (d *decoder) open() (err error) {
	switch d.coding {
	case codingGzip:
		d.to, err = gzip.NewReader(d.from)
	case codingDeflate:
		d.to, err = d.inflate()
	case codingBrotli:
		d.to = brotli.NewReader(d.from)
	case codingZstd:
		var z *zstd.Decoder
		// Decoding takes one goroutine, and a hostile frame cannot enlarge the window.
		z, err = zstd.NewReader(d.from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err == nil {
			d.to, d.close = z, z.Close
		}
	}
	return err
}

// inflate decodes deflate, which is zlib (RFC 1950). It also accepts raw deflate (RFC 1951), which some servers send
// and browsers accept.
func (d *decoder) inflate() (io.Reader, error) {
	const (
		method    = 8  // deflate, in the low half of the first byte
		maxInfo   = 7  // for the size of the window, in the high half
		check     = 31 // divides the first two bytes
		oneByte   = 8
		lowNibble = 1<<4 - 1
	)
	head, _ := d.from.Peek(2) // an error comes again when it is read
	isZlib := len(head) == 2 && head[0]&lowNibble == method && head[0]>>4 <= maxInfo &&
		(uint(head[0])<<oneByte|uint(head[1]))%check == 0
	if isZlib {
		return zlib.NewReader(d.from)
	}
	return flate.NewReader(d.from), nil
}

// contentError makes err an error of decoding, unless the body itself could not be read.
func contentError(body *countingReader, err error) error {
	if body.err != nil {
		return body.err
	}
	if coded, ok := failure.As[*failure.Error](err); ok {
		return coded
	}
	return failure.Undecodable(err)
}
