package quicpeer

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// bodyCases are the faults in the body.
func bodyCases() []Case {
	packed := gzipped(bytes.Repeat([]byte("some text to pack "), 100))
	answers := func(body string, fields ...string) func(*request) {
		return func(r *request) { r.answer(ok, body, fields...) }
	}
	return []Case{
		answering("Content-Length longer than the body", code(1000), answers("half", "content-length", "1000")),
		answering("Content-Length and no body", code(1000), answers("", "content-length", "1000")),
		answering("Content-Length shorter than the body", code(1000), answers("bodyEXTRA", "content-length", "4")),
		answering("bad gzip", code(1701), answers("this is no gzip", "content-encoding", "gzip")).decoded(),
		answering("bad gzip checksum", code(1701),
			answers(packed[:len(packed)-8]+strings.Repeat("\x00", 8), "content-encoding", "gzip")).decoded(),
		answering("truncated gzip", code(1701), answers(packed[:len(packed)/2], "content-encoding", "gzip")).decoded(),
		answering("unknown Content-Encoding", page(http.StatusOK), answers("as it is", "content-encoding", "x-odd")).
			decoded(),
		answering("body of 8 MB", page(http.StatusOK), func(r *request) {
			r.reply(ok)
			piece := make([]byte, mega)
			r.write(frameOf(frameData, 8*mega))
			for range 8 {
				r.write(piece)
			}
			r.fin()
		}),
		answering("body of 8 MB in small frames", page(http.StatusOK), func(r *request) {
			r.reply(ok)
			pieces := bytes.Repeat(frame(frameData, make([]byte, 1000)), 1000)
			for range 8 {
				r.write(pieces)
			}
			r.fin()
		}),
		answering("empty frames in the body", page(http.StatusOK), func(r *request) {
			r.reply(ok, "content-length", "4")
			for _, part := range []string{"", "bo", "", "dy", ""} {
				r.data(part)
			}
			r.fin()
		}).decoded(),
		answering("trailers", page(http.StatusOK), func(r *request) {
			r.reply(ok)
			r.data("body")
			r.write(headers("x-sum", "1"))
			r.fin()
		}).decoded(),
		answering("trailers without a body", page(http.StatusOK), func(r *request) {
			r.reply(ok)
			r.write(headers("x-sum", "1"))
			r.fin()
		}).decoded(),
		answering("status in the trailers", code(1855), func(r *request) {
			r.reply(ok)
			r.write(head(ok))
			r.fin()
		}),
		answering("trailers that QPACK cannot decode", code(1888), func(r *request) {
			r.reply(ok)
			r.write(frame(frameHeaders, []byte("\xff\xff\xff")))
			r.fin()
		}),
		answering("frames to be ignored", page(http.StatusOK), func(r *request) {
			odd := frame(frameGrease, bytes.Repeat([]byte("odd"), 10_000))
			r.write(odd, head("103"), odd, head(ok, "content-length", "4"), odd)
			r.data("bo")
			r.write(frame(frameGrease+0x1f*1000, nil))
			r.data("dy")
			r.write(odd, headers("x-sum", "1"), odd)
			r.fin()
		}).decoded(),
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
