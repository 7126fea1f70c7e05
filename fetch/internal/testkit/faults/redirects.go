package faults

import (
	"net"
	"net/http"
)

// BlockedHost is a name to block with the option blockHostnames.
const BlockedHost = "blocked.faults.test"

// redirectCases are the faults in redirects.
func redirectCases() []Case {
	blocked := Needs{BlockHostnames: []string{BlockedHost}}
	return []Case{
		{Row: 23, Name: "redirect loop", Hits: 11, K6: page(http.StatusFound), serve: redirectLoop},
		{
			Row: 24, Name: "302 without Location", Hits: 1, K6: page(http.StatusFound),
			serve: statusOnly(http.StatusFound),
		},
		{Row: 25, Name: "bad Location", Hits: 1, K6: code(1000), serve: redirect("http://[::1/")},
		{Row: 26, Name: "redirect to file:", Hits: 1, K6: code(1000), serve: redirect("file:///etc/hosts")},
		{
			Row: 27, Name: "redirect to a blocked host", Hits: 1, Needs: blocked, K6: code(1111),
			serve: redirect("http://" + BlockedHost + "/"),
		},
		{
			Row: 28, Name: "redirect to a closed port", Hits: 1, K6: code(1212),
			serve: func(c *conn) { redirect(c.server.Refusing())(c) },
		},
	}
}

// CrossHost is a URL that redirects to another host. OtherHost records what the client reveals to that.
func (s *Server) CrossHost() string { return "http://" + s.addr(crossHost) + "/" }

// OtherHost lists the requests that came to the other host.
func (s *Server) OtherHost() []Request { return s.Requests(otherHost) }

// otherHost is the page on another host: the same machine by its name, while all other URLs have its address.
func (s *Server) otherHost() string {
	_, port, _ := net.SplitHostPort(s.addr(otherHost)) // the address of a listener always has a port
	return "http://" + net.JoinHostPort("localhost", port) + "/"
}

// redirectToOtherHost sends the client to another host.
func redirectToOtherHost(c *conn) { redirect(c.server.otherHost())(c) }

// redirect answers one request with a 302 to the location, unchanged.
func redirect(location string) func(*conn) {
	return reply("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n")
}

// redirectLoop redirects the client to the same URL for as long as it comes.
func redirectLoop(c *conn) {
	for {
		r, ok := c.request()
		if !ok {
			return
		}
		c.write("HTTP/1.1 302 Found\r\nLocation: " + r.URL.Path + "\r\nContent-Length: 0\r\n\r\n")
	}
}
