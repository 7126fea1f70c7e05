package collect

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Detail is what a report shows of a single result besides its figures. Secrets are masked in it, and its size is
// bounded.
type Detail struct {
	Proto string
	// Remote is the address that answered, with its port.
	Remote string
	// TLS is the version and the cipher suite, empty without TLS.
	TLSVersion, CipherSuite string
	Certificate             *Certificate
	// Sent is the header of the first request, Received that of the last response, by name.
	Sent, Received []Field
	// Redirects are the hops before the last.
	Redirects []Redirect
	// BodySize is how many bytes the request's body had.
	BodySize int64
}

// Field is a line of a header.
type Field struct{ Name, Value string }

// Redirect is one hop on the way to the last response.
type Redirect struct {
	URL     string
	Status  int
	Timings transport.Timings
}

// Certificate is who a server said that it is.
type Certificate struct {
	Subject, Issuer     string
	NotBefore, NotAfter time.Time
	DNSNames            []string
}
