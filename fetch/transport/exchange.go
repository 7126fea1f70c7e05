package transport

import (
	"crypto/x509"
	"net"
	"time"
)

// Exchange is one HTTP request and what became of it. An attempt makes one, or several: redirects and answers to
// challenges.
type Exchange struct {
	// Method and URL are those of this request; the URL's user info is masked.
	Method, URL string
	// Status, Proto and Conn are those of the response; Status is 0 when the exchange failed.
	Status int
	Proto  string
	Conn   *ConnInfo
	// ErrorCode and Error say what went wrong: k6's code, and a text that is fit for the value of a tag.
	ErrorCode int
	Error     string
	// Judged says that Expected means something: that somebody said which statuses are a success.
	Judged, Expected bool
	Reused           bool
	Timings          Timings
	// End is when the body had been read, or the exchange had failed.
	End time.Time
}

// Timings are the phases of one HTTP request. A phase that was not reached is 0.
type Timings struct {
	Blocked        time.Duration // waiting for a connection, its making included
	LookingUp      time.Duration // resolving the name of the host
	Connecting     time.Duration // connecting to the host
	TLSHandshaking time.Duration // TLS handshake
	Sending        time.Duration // writing the request
	Waiting        time.Duration // from the last byte sent to the first byte received
	Receiving      time.Duration // from the first byte received to the end of the body
}

// Duration is the time of the request without making the connection: sending, waiting and receiving.
func (t *Timings) Duration() time.Duration { return t.Sending + t.Waiting + t.Receiving }

// ConnInfo is what a request went over.
type ConnInfo struct {
	Remote         net.Addr
	RemoteIP       string
	RemotePort     int
	TLSVersion     uint16
	TLSCipherSuite uint16
	OCSPResponse   []byte
	// Certificate is the server's own, nil without TLS. It must not be changed: connections share it.
	Certificate *x509.Certificate
}
