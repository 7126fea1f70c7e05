package faults

import (
	"net/http"
	"strconv"
	"strings"
)

const mega = 1 << 20

// headCases are the faults in what an HTTP/1 server sends before the body.
func headCases() []Case {
	const ok = "HTTP/1.1 200 OK\r\n"
	const rest = "Content-Length: 4\r\n\r\nbody"
	return []Case{
		{Row: 21, Name: "1 MB header", Hits: 1, K6: page(200), serve: bigHeader(1)},
		{Row: 22, Name: "12 MB header", Hits: 1, K6: code(1000), serve: bigHeader(12)},
		{Row: 29, Name: "bad status line", Hits: 1, K6: code(1000), serve: reply("HTTP/1.1 abc OK\r\n" + rest)},
		{Row: 30, Name: "not HTTP at all", Hits: 1, K6: code(1000), serve: reply("SSH-2.0-OpenSSH_9.9\r\n")},
		{
			Row: 31, Name: "HTTP/9.9", Hits: 1,
			K6:    []Outcome{{Status: 200, Proto: "HTTP/9.9"}},
			Here:  []Outcome{{Code: 1000}, {Status: 200}},
			serve: reply("HTTP/9.9 200 OK\r\n" + rest),
		},
		{Row: 32, Name: "status 999", Hits: 1, K6: page(999), serve: reply("HTTP/1.1 999 Odd\r\n" + rest)},
		{
			Row: 33, Name: "status 042", Hits: 1,
			K6:    []Outcome{{Status: 42}},
			Here:  []Outcome{{Code: 1000}, {Status: 42}},
			serve: reply("HTTP/1.1 042 Odd\r\n" + rest),
		},
		{Row: 34, Name: "header without a colon", Hits: 1, K6: code(1000), serve: reply(ok + "Colon\r\n" + rest)},
		{
			Row: 35, Name: "conflicting Content-Length", Hits: 1, K6: code(1000),
			serve: reply(ok + "Content-Length: 5\r\n" + rest),
		},
		{
			Row: 36, Name: "negative Content-Length", Hits: 1, K6: code(1000),
			serve: reply(ok + "Content-Length: -4\r\n\r\nbody"),
		},
		{
			Row: 37, Name: "Content-Length and Transfer-Encoding", Hits: 1, K6: page(200),
			serve: reply(ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
		},
		{Row: 38, Name: "100 first", Hits: 1, K6: page(200), serve: reply(continues(1) + ok + rest)},
		{Row: 38, Name: "twenty 100s first", Hits: 1, K6: page(200), serve: reply(continues(20) + ok + rest)},
		{
			Row: 38, Name: "103 first", Hits: 1, K6: page(200),
			serve: reply("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + ok + rest),
		},
		{
			Row: 39, Name: "HTTP/1.0, body ended by close", Hits: 1,
			K6:    []Outcome{{Status: 200, Proto: "HTTP/1.0"}},
			serve: reply("HTTP/1.0 200 OK\r\n\r\nbody"),
		},
		{Row: 41, Name: "404", Hits: 1, K6: page(404), serve: statusOnly(http.StatusNotFound)},
		{Row: 41, Name: "503", Hits: 1, K6: page(503), serve: statusOnly(http.StatusServiceUnavailable)},
		{
			Row: 56, Name: "unasked-for 101", Hits: 1,
			K6:    []Outcome{{Throws: true}},
			Here:  []Outcome{{Code: 1000}, {Status: 101, Code: 1000}},
			serve: reply("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: odd\r\n\r\n"),
		},
	}
}

// bigHeader answers with a header of so many megabytes.
func bigHeader(megabytes int) func(*conn) {
	return func(c *conn) {
		if _, ok := c.request(); ok {
			c.writeBigHeader(megabytes)
		}
	}
}

// writeBigHeader sends the header in pieces, so that the server never holds all of it.
func (c *conn) writeBigHeader(megabytes int) {
	c.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Big: ")
	piece := strings.Repeat("x", mega)
	for range megabytes {
		c.write(piece)
	}
	c.write("\r\n\r\nbody")
}

// statusOnly answers with the status and no body.
func statusOnly(status int) func(*conn) {
	line := strconv.Itoa(status) + " " + http.StatusText(status)
	return reply("HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n")
}

// continues is so many interim replies.
func continues(n int) string { return strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", n) }
