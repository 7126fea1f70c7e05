package site

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/quic-go/quic-go/http3"
)

// ServeSecurely serves over TLS on a free port of loopback, until stop is called: HTTP/1.1 and HTTP/2 over TCP, and
// HTTP/3 over UDP, which it offers by Alt-Svc. Nobody has signed the certificate.
func ServeSecurely(handler http.Handler) (base string, stop func(), err error) {
	certificate, err := newCertificate()
	if err != nil {
		return "", nil, err
	}

	tcp, udp, err := listenTwice()
	if err != nil {
		return "", nil, err
	}

	config := &tls.Config{
		Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12,
	}
	quic := &http3.Server{Handler: handler, TLSConfig: http3.ConfigureTLSConfig(config)}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = quic.SetQUICHeaders(w.Header()) // fails only until it listens
			handler.ServeHTTP(w, r)
		}),
		TLSConfig: config, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0), // of clients that mind the certificate
	}

	var serving sync.WaitGroup

	// They always return an error, which matters only if listenTwice was wrong.
	serving.Go(func() { _ = quic.Serve(udp) })
	serving.Go(func() { _ = server.ServeTLS(tcp, "", "") })

	return "https://" + tcp.Addr().String(), func() {
		_ = quic.Close()
		_ = udp.Close()
		_ = server.Close()
		serving.Wait()
	}, nil
}

// listenTwice listens on the same port with TCP and UDP.
func listenTwice() (tcp net.Listener, udp net.PacketConn, err error) {
	const tries = 20

	var config net.ListenConfig

	ctx := context.Background()

	for range tries {
		if tcp, err = config.Listen(ctx, "tcp4", "127.0.0.1:0"); err != nil {
			return nil, nil, err
		}

		if udp, err = config.ListenPacket(ctx, "udp4", tcp.Addr().String()); err == nil {
			return tcp, udp, nil
		}

		err = errors.Join(err, tcp.Close())
	}

	return nil, nil, err
}

// newCertificate makes a certificate for loopback that lasts a month.
func newCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}

	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 1, 0),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}

	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)

	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
