package faults

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority is a certificate authority of this server only, with the certificates that it has signed.
type Authority struct {
	Roots *x509.CertPool
	PEM   []byte

	Good       tls.Certificate // for loopback, localhost and *.faults.test
	Expired    tls.Certificate // the same, but expired yesterday
	Elsewhere  tls.Certificate // for another name
	SelfSigned tls.Certificate // for 127.0.0.1, from an unknown issuer
}

// Roots is the pool to trust if a case Needs it.
func (s *Server) Roots() *x509.CertPool { return s.authority.Roots }

// CAFile is the path of a PEM file with the certificate of Roots, for SSL_CERT_FILE of another process.
func (s *Server) CAFile() string { return s.caFile }

// startAuthority makes the authority, and the file of CAFile.
func (s *Server) startAuthority(tb testing.TB) {
	tb.Helper()
	a, err := NewAuthority()
	if err != nil {
		tb.Fatal(err)
	}
	s.authority = a
	s.caFile = filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(s.caFile, a.PEM, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// NewAuthority makes all certificates.
func NewAuthority() (*Authority, error) {
	template := leaf("faults CA")
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign
	ca, err := issue(template, nil)
	if err != nil {
		return nil, err
	}
	a := &Authority{
		Roots: x509.NewCertPool(),
		PEM:   pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Certificate[0]}),
	}
	a.Roots.AddCert(ca.Leaf)

	expired := leaf("expired")
	expired.NotAfter = time.Now().Add(-24 * time.Hour)
	elsewhere := leaf("elsewhere")
	elsewhere.IPAddresses, elsewhere.DNSNames = nil, []string{"elsewhere.test"}

	for _, c := range []struct {
		to       *tls.Certificate
		template *x509.Certificate
		signer   *tls.Certificate
	}{
		{&a.Good, leaf("good"), ca},
		{&a.Expired, expired, ca},
		{&a.Elsewhere, elsewhere, ca},
		{&a.SelfSigned, leaf("self-signed"), nil},
	} {
		cert, err := issue(c.template, c.signer)
		if err != nil {
			return nil, err
		}
		*c.to = *cert
	}
	return a, nil
}

// leaf is the template of a valid certificate for a server on loopback.
func leaf(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-48 * time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		DNSNames:     []string{"localhost", "*.faults.test"},
	}
}

// issue makes a certificate and its key. Without a signer the certificate is self-signed.
func issue(template *x509.Certificate, signer *tls.Certificate) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	parent, signingKey := template, any(key)
	if signer != nil {
		parent, signingKey = signer.Leaf, signer.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signingKey)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: cert}, nil
}
