package conns

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// Info is what results say about a connection.
type Info struct {
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
func WithCertificate(info *certificate.Info) *Info {
	c := &Info{}
	c.described.Store(info)
	return c
}

// CertificateEnd returns until when the server's certificate is valid. It reports false without TLS, and for a nil
// connection.
func (c *Info) CertificateEnd() (notAfter time.Time, known bool) {
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
func (c *Info) CertificateInfo() *certificate.Info {
	if c == nil {
		return nil
	}
	if info := c.described.Load(); info != nil || c.Certificate == nil {
		return info
	}
	c.described.CompareAndSwap(nil, certificate.Of(c.Certificate))
	return c.described.Load()
}

// None is the connection of a request that had none.
//
//nolint:gochecknoglobals // never changed
var None = &Info{}

// NewInfo is what results say about a connection.
func NewInfo(remote net.Addr, state *tls.ConnectionState) *Info {
	info := &Info{Remote: remote}
	if remote != nil {
		if host, port, err := net.SplitHostPort(remote.String()); err == nil {
			info.RemoteIP = host
			info.RemotePort, _ = strconv.Atoi(port)
		}
	}
	if state != nil {
		info.TLSVersion, info.TLSCipherSuite, info.OCSPResponse = state.Version, state.CipherSuite, state.OCSPResponse
		if len(state.PeerCertificates) > 0 {
			info.Certificate = state.PeerCertificates[0]
		}
	}
	return info
}

// Described is a connection with what results say about it.
type Described struct {
	Guarded

	Info *Info
}

// InfoOf returns what results say about a connection.
func InfoOf(conn net.Conn) *Info {
	if c, ok := conn.(*Described); ok {
		return c.Info
	}
	return None
}
