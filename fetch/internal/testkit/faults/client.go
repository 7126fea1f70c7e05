package faults

import (
	"net"
	"time"
)

// clientCases are the faults that need no server, but a setting of the client or an odd URL.
func clientCases() []Case {
	return []Case{
		{
			Row: 2, Name: "name does not exist", Needs: Needs{DNS: true}, K6: code(1101),
			target: fixed("http://" + missingHost + "/"),
		},
		{
			Row: 3, Name: "blocked hostname", Needs: Needs{BlockHostnames: []string{BlockedHost}}, K6: code(1111),
			target: fixed("http://" + BlockedHost + "/"),
		},
		{
			Row: 4, Name: "blacklisted IP", Needs: Needs{BlacklistIPs: []string{"127.0.0.0/8"}}, K6: code(1110),
			target: (*Server).Good,
		},
		{Row: 5, Name: "port 99999", K6: code(1210), target: fixed("http://127.0.0.1:99999/")},
		{
			Row: 53, Name: "file descriptors run out", Hits: 1,
			Needs: Needs{FileDescriptors: 64, Targets: 200},
			K6:    []Outcome{{Code: 1213}, {Status: 200}},
			serve: answerLate,
		},
		{
			// The address is reserved for documentation, so no machine has it.
			Row: 54, Name: "local IP that cannot be bound", Needs: Needs{LocalIP: "203.0.113.1"}, K6: code(1213),
			target: (*Server).Good,
		},
		{Row: 55, Name: "ftp URL", K6: code(1000), Here: code(1000, 1020), target: fixed("ftp://127.0.0.1/")},
		{Row: 55, Name: "empty URL", K6: code(1000), Here: code(1000, 1020), target: fixed("")},
		{Row: 55, Name: "no host", K6: code(1000), Here: code(1000, 1020), target: fixed("http:///path")},
		{Row: 57, Name: "unparseable URL", K6: code(1020), target: fixed("http://%zz/")},
		{
			Row: 58, Name: "DNS server that never answers", Needs: Needs{DNS: true}, Stalls: true,
			K6: code(1050), Here: code(1050, 1100),
			target: fixed("http://" + silentHost + "/"),
		},
	}
}

// answerLate keeps the connection busy for so long that the client must open others.
func answerLate(c *conn) {
	if _, ok := c.request(); !ok {
		return
	}
	select {
	case <-c.server.ctx.Done():
	case <-time.After(Timeout):
		c.answer("late")
	}
}

// fixed is a URL that is the same for every server.
func fixed(url string) func(*Server) string { return func(*Server) string { return url } }

// Named is the URL of the page Good under the name, for a client that uses Resolver.
func (s *Server) Named(host string) string {
	_, port, _ := net.SplitHostPort(s.addr(goodPage)) // the address of a listener always has a port
	return "http://" + net.JoinHostPort(host, port) + "/"
}
