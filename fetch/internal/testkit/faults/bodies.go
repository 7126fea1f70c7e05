package faults

import (
	"bytes"
	"compress/gzip"
)

// bodyCases are the faults in the body of an HTTP/1 reply.
func bodyCases() []Case {
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	const inGzip = "Content-Encoding: gzip"
	packed := gzipped(bytes.Repeat([]byte("some text to pack "), 100))
	return []Case{
		{
			Row: 11, Name: "Content-Length longer than the body", Hits: 1, K6: code(1000),
			serve: reply("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"),
		},
		{Row: 12, Name: "truncated chunked body", Hits: 1, K6: code(1000), serve: reply(chunked + "100\r\nhalf")},
		{Row: 13, Name: "bad chunk size", Hits: 1, K6: code(1000), serve: reply(chunked + "zz\r\nbody\r\n0\r\n\r\n")},
		{
			Row: 18, Name: "bad gzip", Hits: 1, Needs: Needs{Body: true}, K6: code(1701),
			serve: answerOnce("this is no gzip", inGzip),
		},
		{
			Row: 18, Name: "bad gzip checksum", Hits: 1, Needs: Needs{Body: true}, K6: code(1701),
			serve: answerOnce(packed[:len(packed)-8]+"\x00\x00\x00\x00\x00\x00\x00\x00", inGzip),
		},
		{
			Row: 19, Name: "truncated gzip", Hits: 1, Needs: Needs{Body: true}, K6: code(1000), Here: code(1701),
			serve: answerOnce(packed[:len(packed)/2], inGzip),
		},
		{
			Row: 20, Name: "unknown Content-Encoding", Hits: 1, Needs: Needs{Body: true}, K6: page(200),
			serve: answerOnce("as it is", "Content-Encoding: x-odd"),
		},
		{
			Row: 40, Name: "extra bytes after the body", Hits: 1, K6: page(200),
			serve: replyThen("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyEXTRA", (*conn).stall),
		},
	}
}

// answerOnce answers one request correctly, with the body and header lines, and closes.
func answerOnce(body string, headers ...string) func(*conn) {
	return func(c *conn) {
		if _, ok := c.request(); ok {
			c.answer(body, headers...)
		}
	}
}

// gzipped compresses bytes. Writing to memory cannot fail.
func gzipped(b []byte) string {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, _ = w.Write(b)
	_ = w.Close()
	return buf.String()
}
