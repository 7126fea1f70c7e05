package faults

import (
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Name is a name for which the DNS server answers as requested. The name itself says how. So the server has no state,
// and any number of tests can use it at once.
type Name struct {
	Label      string        // makes names distinct; letters and digits
	Delay      time.Duration // before the answer, in whole milliseconds
	IPv4, IPv6 bool          // the addresses of loopback that it has; without either it exists, but has no address
	Missing    bool          // does not exist
	// Truncated makes the answer over UDP empty and immediate, so that the client asks again over TCP. The delay is that
	// of TCP.
	Truncated bool
}

// slowPrefix is how the names begin: slow-200-46-label.faults.test.
const slowPrefix = "slow-"

// Host is the name as part of a URL.
func (n Name) Host() string {
	var flags strings.Builder
	for _, flag := range []struct {
		letter string
		set    bool
	}{{"4", n.IPv4}, {"6", n.IPv6}, {"m", n.Missing}, {"t", n.Truncated}} {
		if flag.set {
			_, _ = flags.WriteString(flag.letter)
		}
	}
	return fmt.Sprintf("%s%d-%s-%s.faults.test", slowPrefix, n.Delay.Milliseconds(), flags.String(), n.Label)
}

// parseName parses a name from Host, and returns false for every other name. It ignores search domains that a client
// appends.
func parseName(host string) (Name, bool) {
	if !strings.HasPrefix(host, slowPrefix) {
		return Name{}, false
	}
	parts := strings.SplitN(strings.TrimPrefix(host, slowPrefix), "-", 3)
	if len(parts) != 3 {
		return Name{}, false
	}
	ms, err := strconv.Atoi(parts[0])
	if err != nil {
		return Name{}, false
	}
	flags := parts[1]
	return Name{
		Label: parts[2], Delay: time.Duration(ms) * time.Millisecond,
		IPv4: strings.Contains(flags, "4"), IPv6: strings.Contains(flags, "6"),
		Missing: strings.Contains(flags, "m"), Truncated: strings.Contains(flags, "t"),
	}, true
}

// answer adds the name's records of the requested type.
func (n Name) answer(reply *dnsmessage.Message, question dnsmessage.Question) {
	head := dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class}
	switch {
	case n.Missing:
		reply.RCode = dnsmessage.RCodeNameError
	case question.Type == dnsmessage.TypeA && n.IPv4:
		reply.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
	case question.Type == dnsmessage.TypeAAAA && n.IPv6:
		reply.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AAAAResource{AAAA: [16]byte{15: 1}}}}
	}
}

// TLS is the configuration of a server with a certificate from Roots, valid for every name and address of loopback.
func (s *Server) TLS() *tls.Config { return s.authority.Serving(s.authority.Good) }

// RefusingPort is a port of 127.0.0.1 where nobody listens.
func (s *Server) RefusingPort() string {
	_, port, _ := net.SplitHostPort(s.closed) // an address always has a port
	return port
}
