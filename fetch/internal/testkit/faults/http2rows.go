package faults

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/net/http2"
)

// http2Rows are the rows of HTTP/1.1 that have a meaning over HTTP/2, and those of its floods.
func http2Rows() []Case {
	var cases []Case
	for _, more := range [][]Case{
		h2Ends(), h2Stalls(), h2Bodies(), h2Heads(), h2Redirects(), h2Statuses(), h2Wrong(), h2Floods(),
	} {
		cases = append(cases, more...)
	}
	return cases
}

func (c Case) stalling() Case { c.Stalls = true; return c }

func (c Case) decoded() Case { c.Needs.Body = true; return c }

func (c Case) by(method string, sends int) Case {
	c.Needs.Method, c.Needs.Sends = method, sends
	return c
}

// but sets what this extension makes of a case that k6 makes something else of.
func (c Case) but(here []Outcome) Case { c.Here = here; return c }

// hanging sets what this extension makes of a case that k6 never returns from.
func (c Case) hanging(here []Outcome) Case { c.K6Hangs, c.Here = true, here; return c }

// tireless is a case in which k6 sends the request again and again, until its timeout.
func (c Case) tireless(hits int, here []Outcome) Case {
	c.Tireless, c.Stalls, c.Hits, c.Here = true, true, hits, here
	return c
}

// set changes the settings that the server begins with.
func (c Case) set(id http2.SettingID, value uint32, answer func(*stream) bool) Case {
	c.serve = func(c *conn) { c.http2([]http2.Setting{{ID: id, Val: value}}, answer) }
	return c
}

// warmed has the connection serve a page before.
func (c Case) warmed(hits int, answer func(*stream) bool) Case {
	c.Warm, c.Hits = true, hits
	c.serve = func(c *conn) {
		c.http2(nil, func(s *stream) bool {
			requests := c.server.Requests(c.name)
			if requests[len(requests)-1].Path == warmPath {
				s.answer("200", "warm")
				return true
			}
			return answer(s)
		})
	}
	return c
}

// then is an answer after which the connection goes on.
func then(answer func(*stream)) func(*stream) bool {
	return func(s *stream) bool {
		answer(s)
		return true
	}
}

// lastly is an answer after which the server hangs up.
func lastly(answer func(*stream)) func(*stream) bool {
	return func(s *stream) bool {
		answer(s)
		return false
	}
}

// h2Ends are connections that end.
func h2Ends() []Case {
	nothing := func(*stream) {}
	half := func(s *stream) { s.half() }
	body := func(s *stream) {
		s.reply("200", "content-length", "1000")
		s.data("half", false)
	}
	reset := func(answer func(*stream)) func(*stream) bool {
		return lastly(func(s *stream) {
			answer(s)
			s.conn.reset()
		})
	}
	// Which of the two k6 reports depends on the moment: net/http hides the reset if it comes between two frames.
	either, here := code(1000, 1220), code(1220, 1000)
	return []Case{
		h2Case(6, "h2 RST before the reply", either, reset(nothing)).but(here),
		h2Case(7, "h2 RST on a reused connection", either, nil).warmed(1, reset(nothing)).but(here),
		h2Case(8, "h2 FIN before the reply", code(1000), lastly(nothing)),
		h2Case(9, "h2 RST in the headers", either, reset(half)).but(here),
		h2Case(9, "h2 FIN in the headers", code(1000), lastly(half)),
		h2Case(9, "h2 FIN in a frame", code(1000), lastly(func(s *stream) {
			all := s.frames(func(f *http2.Framer) { _ = f.WriteData(s.id, true, []byte("half")) })
			s.conn.write(all[:len(all)-2])
		})),
		h2Case(10, "h2 RST in the body", either, reset(body)).but(here),
		h2Case(10, "h2 FIN in the body", code(1000), lastly(body)),
		h2Case(10, "h2 FIN in a body without Content-Length", code(1000), lastly(func(s *stream) {
			s.reply("200")
			s.data("half", false)
		})),
	}
}

// h2Stalls are answers that do not end.
func h2Stalls() []Case {
	piece := fieldBlock("x-drip", "drip")
	return []Case{
		h2Case(14, "h2 headers stall", code(1050), then(func(*stream) {})).stalling(),
		h2Case(14, "h2 headers stall half way", code(1050), then(func(s *stream) { s.half() })).stalling(),
		h2Case(14, "h2 headers stall in a frame", code(1050), then(func(s *stream) {
			all := s.frames(func(f *http2.Framer) { _ = f.WriteContinuation(s.id, true, piece) })
			s.half()
			s.conn.write(all[:len(all)-1])
		})).stalling(),
		h2Case(15, "h2 headers drip", code(1050), func(s *stream) bool {
			s.half()
			return s.drip(func(f *http2.Framer) { _ = f.WriteContinuation(s.id, false, piece) })
		}).stalling(),
		h2Case(16, "h2 body stalls", code(1050), then(func(s *stream) {
			s.reply("200", "content-length", "1000")
			s.data("half", false)
		})).stalling(),
		h2Case(17, "h2 body drips", code(1050), func(s *stream) bool {
			s.reply("200")
			return s.drip(func(f *http2.Framer) { _ = f.WriteData(s.id, false, []byte("drip")) })
		}).stalling(),
	}
}

// h2Bodies are the faults in the body.
func h2Bodies() []Case {
	packed := gzipped(bytes.Repeat([]byte("some text to pack "), 100))
	answers := func(body string, fields ...string) func(*stream) bool {
		return then(func(s *stream) { s.answer("200", body, fields...) })
	}
	return []Case{
		h2Case(11, "h2 Content-Length longer than the body", code(1000), answers("half", "content-length", "1000")),
		h2Case(11, "h2 Content-Length and no body", code(1000), then(func(s *stream) {
			s.headers(true, fieldBlock(":status", "200", "content-length", "1000"))
		})),
		h2Case(18, "h2 bad gzip", code(1701), answers("this is no gzip", "content-encoding", "gzip")).decoded(),
		h2Case(18, "h2 bad gzip checksum", code(1701),
			answers(packed[:len(packed)-8]+strings.Repeat("\x00", 8), "content-encoding", "gzip")).decoded(),
		h2Case(19, "h2 truncated gzip", code(1000),
			answers(packed[:len(packed)/2], "content-encoding", "gzip")).decoded().but(code(1701)),
		h2Case(20, "h2 unknown Content-Encoding", page(200), answers("as it is", "content-encoding", "x-odd")).decoded(),
		h2Case(40, "h2 Content-Length shorter than the body", code(1000), answers("bodyEXTRA", "content-length", "4")),
		h2Case(40, "h2 padding and empty frames", page(200), then(func(s *stream) {
			s.reply("200")
			s.data("", false)
			_ = s.framer.WriteDataPadded(s.id, false, []byte("body"), make([]byte, 200))
			_ = s.framer.WriteDataPadded(s.id, false, nil, make([]byte, 200))
			s.data("", true)
		})).decoded(),
		h2Case(40, "h2 trailers", page(200), then(func(s *stream) {
			s.reply("200")
			s.data("body", false)
			s.headers(true, fieldBlock("x-sum", "1"))
		})).decoded(),
	}
}

// h2Heads are the faults in a head.
func h2Heads() []Case {
	big := func(megabytes int) func(*stream) bool {
		return then(func(s *stream) { s.answer("200", "body", "x-big", strings.Repeat("x", megabytes*mega)) })
	}
	many := func(megabytes int) func(*stream) bool {
		return then(func(s *stream) {
			const each = 16 << 10
			fields := make([]string, 0, 2*megabytes*mega/each)
			for range megabytes * mega / each {
				fields = append(fields, "x-big", strings.Repeat("x", each))
			}
			s.answer("200", "body", fields...)
		})
	}
	interim := func(status string, times int) func(*stream) bool {
		return then(func(s *stream) {
			for range times {
				s.reply(status, "link", "</a.css>; rel=preload")
			}
			s.answer("200", "body")
		})
	}
	answers := func(status string, fields ...string) func(*stream) bool {
		return then(func(s *stream) { s.answer(status, "body", fields...) })
	}
	return []Case{
		h2Case(21, "h2 1 MB header", page(200), big(1)),
		h2Case(21, "h2 1 MB of headers", page(200), many(1)),
		h2Case(22, "h2 12 MB header", code(1660), big(12)),
		h2Case(22, "h2 12 MB of headers", code(1652), many(12)),
		h2Case(29, "h2 status that is no number", code(1632), answers("abc")),
		h2Case(29, "h2 no status", code(1632), then(func(s *stream) {
			s.headers(false, fieldBlock("content-length", "4"))
			s.data("body", true)
		})),
		// Taken for a frame, this is too long. Here that has the code of HTTP/2.
		h2Case(30, "h2 not HTTP at all", code(1000), lastly(func(s *stream) {
			s.conn.write("SSH-2.0-OpenSSH_9.9\r\n")
		})).but(code(1657)),
		h2Case(34, "h2 header name with capitals", code(1632), answers("200", "Colon", "x")),
		h2Case(34, "h2 header value with a line break", code(1632), answers("200", "x", "a\r\nb: c")),
		h2Case(35, "h2 conflicting Content-Length", page(200),
			answers("200", "content-length", "5", "content-length", "4")),
		h2Case(36, "h2 negative Content-Length", page(200), answers("200", "content-length", "-4")),
		h2Case(37, "h2 Content-Length and Transfer-Encoding", page(200),
			answers("200", "content-length", "4", "transfer-encoding", "chunked")),
		h2Case(38, "h2 100 first", page(200), interim("100", 1)),
		h2Case(38, "h2 twenty 100s first", page(200), interim("100", 20)),
		h2Case(38, "h2 103 first", page(200), interim("103", 1)),
		h2Case(38, "h2 unasked-for 101", page(200), interim("101", 1)),
	}
}

// h2Redirects are the faults in redirects.
func h2Redirects() []Case {
	to := func(location func(*Server) string) func(*stream) bool {
		return then(func(s *stream) { s.answer("302", "", "location", location(s.conn.server)) })
	}
	loop := h2Case(23, "h2 redirect loop", page(http.StatusFound), to(fixed("/")))
	loop.Hits = 11
	blocked := h2Case(27, "h2 redirect to a blocked host", code(1111), to(fixed("http://"+BlockedHost+"/")))
	blocked.Needs.BlockHostnames = []string{BlockedHost}
	return []Case{
		loop,
		h2Case(24, "h2 302 without Location", page(http.StatusFound), then(func(s *stream) { s.answer("302", "") })),
		h2Case(25, "h2 bad Location", code(1000), to(fixed("http://[::1/"))),
		h2Case(26, "h2 redirect to file:", code(1000), to(fixed("file:///etc/hosts"))),
		blocked,
		h2Case(28, "h2 redirect to a closed port", code(1212), to((*Server).Refusing)),
	}
}

// h2Statuses are statuses, odd ones too, and answers without a body.
func h2Statuses() []Case {
	status := func(row, status int, k6 []Outcome) Case {
		text := strconv.Itoa(status)
		return h2Case(row, "h2 status "+text, k6, then(func(s *stream) { s.answer(text, "body") }))
	}
	short := h2Case(33, "h2 status 042", []Outcome{{Status: 42}}, then(func(s *stream) { s.answer("042", "body") }))
	empty := func(status string, fields ...string) func(*stream) bool {
		return then(func(s *stream) { s.headers(true, fieldBlock(append([]string{":status", status}, fields...)...)) })
	}
	return []Case{
		status(32, 999, page(999)), short, status(41, 404, page(404)), status(41, 503, page(503)),
		h2Case(67, "h2 HEAD", page(200), empty("200", "content-length", "1000")).by(http.MethodHead, 0),
		h2Case(67, "h2 HEAD, ended by an empty frame", page(200), then(func(s *stream) {
			s.answer("200", "", "content-length", "1000")
		})).by(http.MethodHead, 0),
		// net/http does not wait for the end of the stream. Here the end decides, and this one is malformed (RFC 9113,
		// section 8.1.1).
		h2Case(67, "h2 HEAD that has a body", page(200), then(func(s *stream) {
			s.answer("200", "body", "content-length", "4")
		})).by(http.MethodHead, 0).but(code(1632)),
		h2Case(67, "h2 204", page(204), empty("204")),
		h2Case(67, "h2 304 with Content-Length", page(304), empty("304", "content-length", "1000")),
	}
}

// h2Wrong are breaches of HTTP/2.
func h2Wrong() []Case {
	raw := func(kind http2.FrameType, flags http2.Flags, onStream bool, payload string) func(*stream) bool {
		return then(func(s *stream) {
			id := uint32(0)
			if onStream {
				id = s.id
			}
			_ = s.framer.WriteRawFrame(kind, flags, id, []byte(payload))
		})
	}
	zero, huge := "\x00\x00\x00\x00", "\x7f\xff\xff\xff"
	return []Case{
		h2Case(52, "h2 bad HPACK", code(1660), raw(http2.FrameHeaders, http2.FlagHeadersEndHeaders, true, "\xff\xff\xff")),
		// Here this has the code of HTTP/2.
		h2Case(52, "h2 frame that is too long", code(1000),
			raw(http2.FrameData, 0, true, strings.Repeat("x", 17<<10))).but(code(1657)),
		h2Case(52, "h2 push", code(1652), raw(http2.FramePushPromise, http2.FlagPushPromiseEndHeaders, true,
			"\x00\x00\x00\x02"+string(fieldBlock(":method", "GET")))),
		h2Case(52, "h2 data before the head", code(1632), raw(http2.FrameData, 0, true, "odd")),
		h2Case(52, "h2 window opened by 0", code(1632), raw(http2.FrameWindowUpdate, 0, true, zero)),
		h2Case(52, "h2 window of all opened by 0", code(1652), raw(http2.FrameWindowUpdate, 0, false, zero)),
		// net/http waits for a lock that it holds.
		h2Case(52, "h2 window opened too far", nil, raw(http2.FrameWindowUpdate, 0, true, huge)).hanging(code(1634)),
		h2Case(52, "h2 window of all opened too far", code(1654), raw(http2.FrameWindowUpdate, 0, false, huge)),
		h2Case(52, "h2 PING that is too short", code(1657), raw(http2.FramePing, 0, false, "odd")),
		// RFC 9113, section 5.1, makes this an error of the connection. net/http waits for an answer in vain.
		h2Case(52, "h2 head of a stream that does not exist", code(1050), then(func(s *stream) {
			_ = s.framer.WriteHeaders(http2.HeadersFrameParam{
				StreamID: s.id + 100, BlockFragment: fieldBlock(":status", "200"), EndHeaders: true,
			})
		})).stalling().but(code(1652)),
		h2Case(52, "h2 status in the trailers", code(1652), then(func(s *stream) {
			s.reply("200")
			s.headers(true, fieldBlock(":status", "200"))
		})),
	}
}

// h2Floods are frames without end, and what else servers do to clients that are in a hurry.
func h2Floods() []Case {
	flood := func(write func(s *stream, f *http2.Framer)) func(*stream) bool {
		return func(s *stream) bool { return s.flood(func(f *http2.Framer) { write(s, f) }) }
	}
	begun := func(begin func(*stream), write func(s *stream, f *http2.Framer)) func(*stream) bool {
		return func(s *stream) bool {
			begin(s)
			return flood(write)(s)
		}
	}
	stalls := then(func(*stream) {})
	// k6 bears most floods until its timeout. Here the connection is given up, unless a slow machine times out before.
	calm := code(1662, 1050)
	return []Case{
		h2Case(68, "h2 PING flood", code(1050), flood(func(_ *stream, f *http2.Framer) {
			_ = f.WritePing(false, [8]byte{})
		})).stalling().but(calm),
		h2Case(68, "h2 SETTINGS flood", code(1050), flood(func(_ *stream, f *http2.Framer) {
			_ = f.WriteSettings()
		})).stalling().but(calm),
		h2Case(68, "h2 WINDOW_UPDATE flood", code(1050), flood(func(_ *stream, f *http2.Framer) {
			_ = f.WriteWindowUpdate(0, 1)
		})).stalling().but(calm),
		h2Case(68, "h2 flood of unknown frames", code(1050), flood(func(_ *stream, f *http2.Framer) {
			_ = f.WriteRawFrame(99, 0, 0, []byte("odd"))
		})).stalling().but(calm),
		h2Case(68, "h2 CONTINUATION flood", code(1050), begun((*stream).half, func(s *stream, f *http2.Framer) {
			_ = f.WriteContinuation(s.id, false, nil)
		})).stalling().but(calm),
		h2Case(68, "h2 flood of headers", code(1652), begun((*stream).half, func(s *stream, f *http2.Framer) {
			_ = f.WriteContinuation(s.id, false, fieldBlock("x-flood", strings.Repeat("x", 1000)))
		})),
		h2Case(68, "h2 flood of 103s", code(1632), flood(func(s *stream, f *http2.Framer) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{
				StreamID: s.id, EndHeaders: true, BlockFragment: fieldBlock(":status", "103", "link", strings.Repeat("x", 10_000)),
			})
		})),
		h2Case(68, "h2 flood of empty DATA", code(1050), begun(func(s *stream) { s.reply("200") },
			func(s *stream, f *http2.Framer) { _ = f.WriteData(s.id, false, nil) })).stalling().but(calm),
		h2Case(68, "h2 five thousand PINGs before the reply", page(200), then(func(s *stream) {
			for range 5000 {
				_ = s.framer.WritePing(false, [8]byte{})
			}
			s.answer("200", "body")
		})),
		h2Case(68, "h2 window of 0", code(1050), nil).set(http2.SettingInitialWindowSize, 0, stalls).
			by(http.MethodPost, 1000).stalling(),
		h2Case(68, "h2 answer to a request whose body has no window", page(413), nil).
			set(http2.SettingInitialWindowSize, 0, then(func(s *stream) {
				s.answer("413", "")
				s.reset(http2.ErrCodeNo)
			})).by(http.MethodPost, 1000),
		h2Case(68, "h2 GOAWAY before the reply", page(200), then(func(s *stream) {
			s.goAway(1<<31-1, http2.ErrCodeNo)
			s.goAway(s.id, http2.ErrCodeNo)
			s.answer("200", "body")
		})),
		h2Case(68, "h2 GOAWAY before the reply, and no reply", code(1611), lastly(func(s *stream) {
			s.goAway(s.id, http2.ErrCodeNo)
		})),
		h2Case(68, "h2 GOAWAY after the reply", page(200), then(func(s *stream) {
			s.answer("200", "body")
			s.goAway(s.id, http2.ErrCodeNo)
		})),
		h2Case(68, "h2 GOAWAY to every stream", code(1050), lastly(func(s *stream) {
			s.goAway(0, http2.ErrCodeNo)
		})).tireless(2, code(1611)),
	}
}
