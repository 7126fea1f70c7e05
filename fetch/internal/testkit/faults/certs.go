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

// authority is a certificate authority of this server only, with the certificates that it has signed.
type authority struct {
	roots *x509.CertPool
	pem   []byte

	good       tls.Certificate // for loopback, localhost and *.faults.test
	expired    tls.Certificate // the same, but expired yesterday
	elsewhere  tls.Certificate // for another name
	selfSigned tls.Certificate // for 127.0.0.1, from an unknown issuer
}

// Roots is the pool to trust if a case Needs it.
func (s *Server) Roots() *x509.CertPool { return s.authority.roots }

// CAFile is the path of a PEM file with the certificate of Roots, for SSL_CERT_FILE of another process.
func (s *Server) CAFile() string { return s.caFile }

// startAuthority makes all certificates.
func (s *Server) startAuthority(tb testing.TB) {
	tb.Helper()
	a, err := newAuthority()
	if err != nil {
		tb.Fatal(err)
	}
	s.authority = a
	s.caFile = filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(s.caFile, a.pem, 0o600); err != nil {
		tb.Fatal(err)
	}
}

func newAuthority() (*authority, error) {
	template := leaf("faults CA")
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign
	ca, err := issue(template, nil)
	if err != nil {
		return nil, err
	}
	a := &authority{
		roots: x509.NewCertPool(),
		pem:   pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Certificate[0]}),
	}
	a.roots.AddCert(ca.Leaf)

	expired := leaf("expired")
	expired.NotAfter = time.Now().Add(-24 * time.Hour)
	elsewhere := leaf("elsewhere")
	elsewhere.IPAddresses, elsewhere.DNSNames = nil, []string{"elsewhere.test"}

	for _, c := range []struct {
		to       *tls.Certificate
		template *x509.Certificate
		signer   *tls.Certificate
	}{
		{&a.good, leaf("good"), ca},
		{&a.expired, expired, ca},
		{&a.elsewhere, elsewhere, ca},
		{&a.selfSigned, leaf("self-signed"), nil},
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
