package transport

import (
	"crypto/x509"
	"net"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// Exchange is one HTTP request and its response. An attempt makes one, or several with redirects and challenges.
type Exchange struct {
	// Method and URL are those of this request. User info in the URL is masked.
	Method, URL string
	// Status, Proto and Conn are those of the response. Status is 0 if the exchange failed.
	Status int
	Proto  string
	Conn   *ConnInfo
	// ErrorCode is k6's code for the failure. Error is its text, fit for the value of a tag.
	ErrorCode int
	Error     string
	// Expected reports whether the status is a success. It is only valid if Judged, which reports whether the spec has an
	// Expected function.
	Judged, Expected bool
	Reused           bool
	Timings          Timings
	// TraceID is the id of the trace that the request has sent, empty if it has sent none.
	TraceID string
	// End is when the body had been read, or when the exchange failed.
	End time.Time
}

// Timings are the phases of one HTTP request. A phase that was not reached is 0.
type Timings struct {
	Blocked        time.Duration // waiting for a connection, including making it
	LookingUp      time.Duration // resolving the host name
	Connecting     time.Duration // connecting to the host
	TLSHandshaking time.Duration // TLS handshake
	Sending        time.Duration // writing the request
	Waiting        time.Duration // from the last byte sent to the first byte received
	Receiving      time.Duration // from the first byte received to the end of the body
}

// Duration is the time of the request without making the connection: the sum of sending, waiting and receiving.
func (t *Timings) Duration() time.Duration { return t.Sending + t.Waiting + t.Receiving }

// ConnInfo is what results say about a connection.
type ConnInfo struct {
	Remote         net.Addr
	RemoteIP       string
	RemotePort     int
	TLSVersion     uint16
	TLSCipherSuite uint16
	OCSPResponse   []byte
	// Certificate is the server's own, nil without TLS. It must not be changed, because results share it.
	Certificate *x509.Certificate

	described atomic.Pointer[certificate.Info]
}

// WithCertificate returns a connection of which only the certificate is known.
func WithCertificate(info *certificate.Info) *ConnInfo {
	c := &ConnInfo{}
	c.described.Store(info)
	return c
}

// CertificateEnd returns until when the server's certificate is valid. It reports false without TLS, and for a nil
// connection.
func (c *ConnInfo) CertificateEnd() (notAfter time.Time, known bool) {
	if c != nil && c.Certificate != nil {
		return c.Certificate.NotAfter, true
	}
	info := c.CertificateInfo()
	if info == nil {
		return time.Time{}, false
	}
	return info.NotAfter, true
}

// CertificateInfo describes the server's certificate. It returns nil without TLS, and for a nil connection. The first
// call makes the description, and the results of the connection share it.
func (c *ConnInfo) CertificateInfo() *certificate.Info {
	if c == nil {
		return nil
	}
	if info := c.described.Load(); info != nil || c.Certificate == nil {
		return info
	}
	c.described.CompareAndSwap(nil, certificate.Of(c.Certificate))
	return c.described.Load()
}
