package altsvc

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

const (
	// MaxServices is how many services Parse returns at most. Those that follow are ignored.
	MaxServices = 16
	// DefaultMaxAge is how long a service is fresh without an ma parameter (RFC 7838, section 3.1).
	DefaultMaxAge = 24 * time.Hour

	longest     = (1 << 31) * time.Second // greater ages are this one, see RFC 9111, section 1.2.2
	maxProtocol = 255                     // bytes of a name, see RFC 7301, section 3.1
	maxHost     = 255
	maxPort     = 1<<16 - 1
	ows         = " \t"
)

// Service is an alternative service (RFC 7838, section 3).
type Service struct {
	// Protocol is the ALPN name, without percent-encoding: "h3".
	Protocol string
	// Host is a DNS name in lower case, or an IP address without brackets. Empty means the origin's host.
	Host string
	// Port is 1 to 65535.
	Port int
	// MaxAge is how long the service is fresh, counted from when the response was generated. It has whole seconds.
	MaxAge time.Duration
	// Persist is whether the service outlives a change of the client's network.
	Persist bool
}

// String returns the service as the field has it: h3=":443"; ma=86400.
func (s Service) String() string {
	var b strings.Builder
	for i := range len(s.Protocol) {
		if c := s.Protocol[i]; isToken(c) && c != '%' {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	b.WriteString(`="`)
	if strings.Contains(s.Host, ":") {
		b.WriteString("[" + s.Host + "]")
	} else {
		b.WriteString(s.Host)
	}
	b.WriteString(":" + strconv.Itoa(s.Port) + `"; ma=` + strconv.FormatInt(int64(s.MaxAge/time.Second), 10))
	if s.Persist {
		b.WriteString("; persist=1")
	}
	return b.String()
}

// same reports whether two services are one place, whatever their ages.
func same(a, b *Service) bool {
	return a.Port == b.Port && a.Protocol == b.Protocol && a.Host == b.Host
}

// Parse reads the lines of an Alt-Svc field, in the order of preference. An invalid entry is skipped up to the next
// comma outside quotes. A quote without an end invalidates the rest of its line.
//
// If it clears, the origin withdraws all its alternatives. It displaces the entries next to it, see section 3. A field
// without a valid entry returns nothing.
func Parse(values []string) (services []Service, clears bool) {
	for _, line := range values {
		for r := (reader{line}); r.skip(ows+",") && r.rest != ""; {
			start := r.rest
			service, ok := r.entry()
			if ok && r.endsEntry() {
				if len(services) < MaxServices {
					services = append(services, service)
				}
				continue
			}
			r.rest = start
			if r.skipEntry() == "clear" { // case-sensitive
				clears = true
			}
		}
	}
	if clears {
		return nil, true
	}
	return services, false
}

// reader reads a line from its beginning. A function that returns false may have read a part.
type reader struct{ rest string }

// skip skips any of some characters. It returns true.
func (r *reader) skip(chars string) bool {
	r.rest = strings.TrimLeft(r.rest, chars)
	return true
}

func (r *reader) literal(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reader) endsEntry() bool {
	r.skip(ows)
	return r.rest == "" || r.rest[0] == ','
}

// skipEntry skips an entry and returns its text, without white space at its end.
func (r *reader) skipEntry() string {
	quoted, i := false, 0
	for ; i < len(r.rest) && (quoted || r.rest[i] != ','); i++ {
		switch {
		case r.rest[i] == '"':
			quoted = !quoted
		case r.rest[i] == '\\' && quoted:
			i++
		}
	}
	i = min(i, len(r.rest))
	text := r.rest[:i]
	r.rest = r.rest[i:]
	return strings.TrimRight(text, ows)
}

// entry reads an alt-value.
func (r *reader) entry() (s Service, ok bool) {
	id := r.token()
	if s.Protocol, ok = decoded(id); !ok || !r.literal('=') {
		return s, false
	}
	authority, ok := r.quotedString()
	if !ok {
		return s, false
	}
	if s.Host, s.Port, ok = splitAuthority(authority); !ok {
		return s, false
	}
	return s, r.parameters(&s)
}

// parameters reads what follows an alternative. Unknown parameters are ignored, and so is a persist other than 1. The
// first ma counts, and a malformed one invalidates the entry.
func (r *reader) parameters(s *Service) bool {
	s.MaxAge = DefaultMaxAge
	for aged := false; !r.endsEntry(); {
		if !r.literal(';') {
			return false
		}
		r.skip(ows)
		name := r.token()
		if name == "" || !r.literal('=') {
			return false
		}
		value, ok := r.value()
		if !ok {
			return false
		}
		switch {
		case strings.EqualFold(name, "ma") && !aged:
			if s.MaxAge, aged = deltaSeconds(value); !aged {
				return false
			}
		case strings.EqualFold(name, "persist") && value == "1":
			s.Persist = true
		}
	}
	return true
}

func (r *reader) token() string {
	i := 0
	for i < len(r.rest) && isToken(r.rest[i]) {
		i++
	}
	text := r.rest[:i]
	r.rest = r.rest[i:]
	return text
}

func (r *reader) value() (string, bool) {
	if strings.HasPrefix(r.rest, `"`) {
		return r.quotedString()
	}
	text := r.token()
	return text, text != ""
}

// quotedString reads a quoted-string (RFC 9110, section 5.6.4).
func (r *reader) quotedString() (string, bool) {
	if !r.literal('"') {
		return "", false
	}
	var unescaped []byte
	start := 0
	for i := 0; i < len(r.rest); i++ {
		c := r.rest[i]
		if c == '"' {
			text := r.rest[start:i]
			if unescaped != nil {
				text = string(append(unescaped, text...))
			}
			r.rest = r.rest[i+1:]
			return text, true
		}
		if c == '\\' && i+1 < len(r.rest) {
			unescaped = append(unescaped, r.rest[start:i]...)
			i++
			start, c = i, r.rest[i]
		}
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", false
		}
	}
	return "", false
}

func isToken(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

const upperHex = "0123456789ABCDEF"

// decoded decodes a protocol-id. There is one way to encode a name: in upper case, and only where a token needs it.
func decoded(id string) (string, bool) {
	if strings.IndexByte(id, '%') < 0 {
		return id, id != "" && len(id) <= maxProtocol
	}
	name := make([]byte, 0, min(len(id), maxProtocol))
	for i := 0; i < len(id); i++ {
		c := id[i]
		if c == '%' {
			if i+2 >= len(id) {
				return "", false
			}
			high, low := strings.IndexByte(upperHex, id[i+1]), strings.IndexByte(upperHex, id[i+2])
			if high < 0 || low < 0 {
				return "", false
			}
			i += 2
			c = byte(high<<4 | low) //nolint:gosec // two digits
			if isToken(c) && c != '%' {
				return "", false
			}
		}
		if len(name) == maxProtocol {
			return "", false
		}
		name = append(name, c)
	}
	return string(name), true
}

// splitAuthority reads an alt-authority: a host, which may be absent, and a port. A host that DNS cannot have, such as
// one with percent-encoding, is invalid, though the grammar of URIs allows it.
func splitAuthority(s string) (host string, port int, ok bool) {
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 || colon == len(s)-1 {
		return "", 0, false
	}
	for _, c := range []byte(s[colon+1:]) {
		if c < '0' || c > '9' {
			return "", 0, false
		}
		if port = port*10 + int(c-'0'); port > maxPort {
			return "", 0, false
		}
	}
	host, ok = validHost(s[:colon])
	return host, port, ok && port > 0
}

func validHost(s string) (string, bool) {
	if len(s) > maxHost {
		return "", false
	}
	if strings.HasPrefix(s, "[") {
		addr, err := netip.ParseAddr(strings.TrimSuffix(s[1:], "]"))
		if err != nil || !strings.HasSuffix(s, "]") || !addr.Is6() || addr.Zone() != "" {
			return "", false
		}
		return addr.String(), true
	}
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && strings.IndexByte("-._~", c) < 0 {
			return "", false
		}
	}
	return strings.ToLower(s), true
}

// deltaSeconds reads a number of seconds (RFC 9111, section 1.2.2).
func deltaSeconds(s string) (time.Duration, bool) {
	seconds := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		seconds = min(seconds*10+int64(s[i]-'0'), int64(longest/time.Second))
	}
	return time.Duration(seconds) * time.Second, s != ""
}
