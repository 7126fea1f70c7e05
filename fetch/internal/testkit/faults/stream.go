package faults

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// stream is one request of an HTTP/2 connection.
type stream struct {
	conn   *conn
	framer *http2.Framer
	id     uint32
	nth    int // number of the request to the case, from 1
}

// http2 speaks the server's part of HTTP/2 up to a request. It counts the request and calls the function, and goes on
// for as long as that returns true.
func (c *conn) http2(settings []http2.Setting, answer func(*stream) bool) {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(c.in, preface); err != nil {
		return
	}
	framer := http2.NewFramer(c.out, c.in)
	framer.AllowIllegalWrites = true
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_ = framer.WriteSettings(settings...)
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !f.IsAck() {
				_ = framer.WritePing(true, f.Data)
			}
		case *http2.MetaHeadersFrame:
			nth := c.server.record(c.name, h2Request(c.id, f))
			if !answer(&stream{conn: c, framer: framer, id: f.StreamID, nth: nth}) {
				return
			}
		}
	}
}

// h2Request is the head as Requests lists it.
func h2Request(id int, f *http2.MetaHeadersFrame) Request {
	header := make(http.Header)
	for _, field := range f.RegularFields() {
		header.Add(field.Name, field.Value)
	}
	return Request{Conn: id, Method: f.PseudoValue("method"), Path: f.PseudoValue("path"), Header: header}
}

// reply sends a head: a status, and names and values in turn.
func (s *stream) reply(status string, fields ...string) {
	s.headers(false, fieldBlock(append([]string{":status", status}, fields...)...))
}

// answer sends a whole response.
func (s *stream) answer(status, body string, fields ...string) {
	s.reply(status, fields...)
	s.data(body, true)
}

// fieldBlock encodes names and values in turn.
func fieldBlock(fields ...string) []byte {
	var block bytes.Buffer
	enc := hpack.NewEncoder(&block)
	enc.SetMaxDynamicTableSize(0) // each block has an encoder of its own, so none may use the table
	for i := 0; i+1 < len(fields); i += 2 {
		_ = enc.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]}) // memory does not fail
	}
	return block.Bytes()
}

// headers sends a field block, in as many frames as it needs.
func (s *stream) headers(last bool, block []byte) {
	const most = 16 << 10
	part := block[:min(most, len(block))]
	block = block[len(part):]
	_ = s.framer.WriteHeaders(http2.HeadersFrameParam{
		StreamID: s.id, BlockFragment: part, EndStream: last, EndHeaders: len(block) == 0,
	})
	for len(block) > 0 {
		part, block = block[:min(most, len(block))], block[min(most, len(block)):]
		if err := s.framer.WriteContinuation(s.id, len(block) == 0, part); err != nil {
			return // the client has had enough
		}
	}
}

// half sends the beginning of a head, whose end the client must wait for.
func (s *stream) half() {
	_ = s.framer.WriteHeaders(http2.HeadersFrameParam{
		StreamID: s.id, BlockFragment: fieldBlock(":status", "200"),
	})
}

func (s *stream) data(body string, last bool) { _ = s.framer.WriteData(s.id, last, []byte(body)) }

func (s *stream) reset(why http2.ErrCode) { _ = s.framer.WriteRSTStream(s.id, why) }

// goAway announces the end of the connection, with the last stream that will be served.
func (s *stream) goAway(last uint32, why http2.ErrCode) { _ = s.framer.WriteGoAway(last, why, nil) }

// frames are frames as bytes.
func (s *stream) frames(write func(*http2.Framer)) string {
	var buf bytes.Buffer
	framer := http2.NewFramer(&buf, nil)
	framer.AllowIllegalWrites = true
	write(framer)
	return buf.String()
}

// flood sends frames again and again until the client leaves or the server closes: a hundred thousand per second,
// because the siblings need some of the machine, too. Meanwhile the server reads, so that the client can answer.
func (s *stream) flood(write func(*http2.Framer)) bool {
	const atOnce = 100
	frames := s.frames(func(framer *http2.Framer) {
		for range atOnce {
			write(framer)
		}
	})
	s.conn.server.tasks.Go(func() {
		for s.conn.server.pause(time.Millisecond) {
			if _, err := io.WriteString(s.conn.out, frames); err != nil {
				return
			}
		}
	})
	return true
}

// drip sends frames byte by byte, again and again.
func (s *stream) drip(write func(*http2.Framer)) bool {
	s.conn.drip(s.frames(write))
	return false
}
