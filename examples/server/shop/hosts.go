package shop

import (
	"net"
	"net/http"
)

// cdn returns the origin of the CDN for who asks for the shop under a name: the other name of loopback. Whoever comes
// by a third name has one host only.
func cdn(r *http.Request) string {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, ""
	}
	switch host {
	case "127.0.0.1":
		host = "localhost"
	case "localhost":
		host = "127.0.0.1"
	default:
		return origin(r, r.Host)
	}
	if port != "" {
		host = net.JoinHostPort(host, port)
	}
	return origin(r, host)
}

func origin(r *http.Request, host string) string {
	if r.TLS != nil {
		return "https://" + host
	}
	return "http://" + host
}
