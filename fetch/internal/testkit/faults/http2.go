package faults

import (
	"crypto/tls"

	"golang.org/x/net/http2"
)

// http2Cases are the faults of HTTP/2, made of single frames.
func http2Cases() []Case {
	return []Case{
		h2Case(49, "h2 RST_STREAM before the reply", code(1633), func(s *stream) bool {
			s.reset(http2.ErrCodeInternal)
			return true
		}),
		h2Case(49, "h2 RST_STREAM in the body", code(1633), func(s *stream) bool {
			s.reply("200")
			s.data("half", false)
			s.reset(http2.ErrCodeInternal)
			return true
		}),
		h2Refused(),
		h2Repeated(50, "h2 REFUSED_STREAM once", func(s *stream) bool {
			s.reset(http2.ErrCodeRefusedStream)
			return true
		}),
		h2Repeated(51, "h2 GOAWAY once", func(s *stream) bool {
			s.goAway(0, http2.ErrCodeNo)
			return false
		}),
		h2Case(51, "h2 GOAWAY, enhance your calm", code(1622), func(s *stream) bool {
			s.goAway(s.id, http2.ErrCodeEnhanceYourCalm)
			return false
		}),
		h2Case(51, "h2 GOAWAY in the body, internal error", code(1613), func(s *stream) bool {
			s.reply("200")
			s.data("half", false)
			s.goAway(s.id, http2.ErrCodeInternal)
			return false
		}),
		h2Case(52, "h2 protocol error", code(1652), func(s *stream) bool {
			// Data belongs to a stream, and stream 0 does not exist.
			_ = s.framer.WriteRawFrame(http2.FrameData, 0, 0, []byte("odd"))
			return true
		}),
	}
}

// h2Case is a case whose server calls answer for each request, and goes on for as long as it returns true.
func h2Case(row int, name string, k6 []Outcome, answer func(*stream) bool) Case {
	return Case{
		Row: row, Name: name, Hits: 1, Needs: Needs{Roots: true}, K6: k6,
		secure: h2Only,
		serve:  func(c *conn) { c.http2(nil, answer) },
	}
}

// h2Only is the configuration of a server that speaks HTTP/2 alone.
func h2Only(a *Authority) *tls.Config {
	config := a.Serving(a.Good)
	config.NextProtos = []string{http2.NextProtoTLS}
	return config
}

// DepartsAfter is how many requests a connection to the page Departing takes.
const DepartsAfter = 3

// Departing is the URL of an HTTP/2 page. Its connections take a few requests each, then end with a GOAWAY, as those of
// nginx do.
func (s *Server) Departing() string { return "https://" + s.addr(departing) + "/" }

// DepartingSeen counts the requests that reached the page Departing, whether they were taken or not.
func (s *Server) DepartingSeen() int { return len(s.Requests(departing)) }

func depart(c *conn) {
	seen := 0
	c.http2(nil, func(s *stream) bool {
		seen++
		if seen <= DepartsAfter {
			s.answer("200", "good")
		}
		if seen == DepartsAfter {
			s.goAway(s.id, http2.ErrCodeNo)
		}
		return true
	})
}

// h2Refused is sent again by net/http: at once, then after intervals that double, in seconds.
func h2Refused() Case {
	c := h2Case(50, "h2 REFUSED_STREAM", code(1050), func(s *stream) bool {
		s.reset(http2.ErrCodeRefusedStream)
		return true
	})
	c.Hits = 2
	c.Stalls = true
	c.Here = code(1638)
	return c
}

// h2Repeated refuses every other request and answers the rest. A client may repeat a request that the server has not
// looked at, and net/http does so silently.
func h2Repeated(row int, name string, refuse func(*stream) bool) Case {
	c := h2Case(row, name, []Outcome{{Status: 200, Proto: "HTTP/2.0"}}, func(s *stream) bool {
		if s.nth%2 == 1 {
			return refuse(s)
		}
		s.reply("200")
		s.data("good", true)
		return true
	})
	c.Hits = 2
	return c
}
