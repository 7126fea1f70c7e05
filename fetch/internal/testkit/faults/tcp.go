package faults

import (
	"net"
	"testing"
)

// tcpCases are the faults below HTTP: connections that are refused, reset, closed or silent.
func tcpCases() []Case {
	return []Case{
		{Row: 1, Name: "connection refused", target: (*Server).Refusing, K6: code(1212)},
		{
			Row: 6, Name: "RST before the reply", Hits: 1, K6: code(1220),
			serve: replyThen("", (*conn).reset),
		},
		{
			Row: 7, Name: "RST on a reused connection", Warm: true, Hits: 2, K6: code(1220),
			serve: resetAllButWarm,
		},
		{
			Row: 7, Name: "RST on a reused connection, a new one works", Warm: true, Hits: 2, K6: page(200),
			serve: resetSecond,
		},
		{Row: 8, Name: "FIN before the reply", Hits: 1, K6: code(1000), serve: reply("")},
		{
			Row: 9, Name: "RST in the headers", Hits: 1, K6: code(1000), Here: code(1220, 1000),
			serve: replyThen("HTTP/1.1 200 OK\r\nContent-Le", (*conn).reset),
		},
		{
			Row: 10, Name: "RST in the body", Hits: 1, K6: code(1220),
			serve: replyThen("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf", (*conn).reset),
		},
		{
			Row: 14, Name: "headers stall", Hits: 1, Stalls: true, K6: code(1050),
			serve: replyThen("", (*conn).stall),
		},
		{
			Row: 14, Name: "headers stall half way", Hits: 1, Stalls: true, K6: code(1050),
			serve: replyThen("HTTP/1.1 200 OK\r\nContent-Le", (*conn).stall),
		},
		{
			Row: 15, Name: "headers drip", Hits: 1, Stalls: true, K6: code(1050),
			serve: replyThen("HTTP/1.1 200 OK\r\n", func(c *conn) { c.drip("X-Drip: drip\r\n") }),
		},
		{
			Row: 16, Name: "body stalls", Hits: 1, Stalls: true, K6: code(1050),
			serve: replyThen("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf", (*conn).stall),
		},
		{
			Row: 17, Name: "body drips", Hits: 1, Stalls: true, K6: code(1050),
			serve: replyThen("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", func(c *conn) { c.drip("drip") }),
		},
	}
}

// Refusing is the URL of a port where nobody listens.
func (s *Server) Refusing() string { return "http://" + s.closed + "/" }

// Stall is the URL of a page that never answers.
func (s *Server) Stall() string { return "http://" + s.addr("headers stall") + "/" }

// startRefusing uses a port for the client's end of a connection, so that nobody else gets it and listens there.
func (s *Server) startRefusing(tb testing.TB) {
	tb.Helper()
	held, err := net.Dial("tcp4", s.addr(goodPage))
	if err != nil {
		tb.Fatal(err)
	}
	s.track(held)
	s.closed = held.LocalAddr().String()
}

// resetAllButWarm answers only the page that warms the connection up.
func resetAllButWarm(c *conn) {
	for {
		r, ok := c.request()
		if !ok {
			return
		}
		if r.URL.Path != warmPath {
			c.reset()
			return
		}
		c.answer("warm")
	}
}

// resetSecond answers only the first request of each connection.
func resetSecond(c *conn) {
	if _, ok := c.request(); !ok {
		return
	}
	c.answer("first")
	if _, ok := c.request(); ok {
		c.reset()
	}
}
