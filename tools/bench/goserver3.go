package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/quic-go/quic-go/http3"
)

// server3 is a server of HTTP/3 in a process of its own. It speaks HTTP/2 at the same address. nginx has HTTP/3 only
// since 1.25, and many builds leave it out.
type server3 struct {
	cmd *exec.Cmd
	url string
}

// startServer3 starts the server at an address. Before says what to run it with, if anything.
func (b *bench) startServer3(addr string, before ...string) (*server3, error) {
	args := append(before, os.Args[0], "-serve3", addr, b.dir)
	s := &server3{cmd: exec.Command(args[0], args[1:]...), url: "https://" + addr} // #nosec G204 G702 -- this program
	s.cmd.Stderr = os.Stderr
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // as the other server
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := out.Read(make([]byte, len(listening))); err != nil {
		s.stop()
		return nil, fmt.Errorf("the server of HTTP/3 does not start: %w", err)
	}
	return s, nil
}

func (s *server3) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(5*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	_ = s.cmd.Wait()
}

// listening is what the server prints when it does.
const listening = "listening\n"

// serve3 is that server. It answers each path with a small page until it is stopped.
func serve3(addr, dir string) error {
	quietQUIC()
	page := bytes.Repeat([]byte("x"), smallPage)
	size := strconv.Itoa(len(page))
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", size)
		_, _ = w.Write(page)
	})
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		return err
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}
	tcp, err := listenTCP(addr)
	if err != nil {
		return err
	}
	udp, err := net.ListenPacket("udp", addr)
	if err != nil {
		return errors.Join(err, tcp.Close())
	}
	over2 := &http.Server{Handler: handler, TLSConfig: cfg} // #nosec G112 -- its clients are known
	over3 := &http3.Server{Handler: handler, TLSConfig: http3.ConfigureTLSConfig(cfg)}
	failed := make(chan error)
	go func() { failed <- over2.ServeTLS(tcp, "", "") }()
	go func() { failed <- over3.Serve(udp) }()
	fmt.Print(listening)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	select {
	case <-stop:
		return nil
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	}
}

// quietQUIC keeps quic-go from printing that the system allows smaller buffers than it likes.
func quietQUIC() { _ = os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true") }

// freePort returns an address of this machine at which nothing listens, neither over TCP nor over UDP.
func freePort() (string, error) {
	for range 100 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		addr := listener.Addr().String()
		packets, err := net.ListenPacket("udp", addr)
		_ = listener.Close()
		if err == nil {
			return addr, packets.Close()
		}
	}
	return "", errors.New("no port is free for TCP and for UDP")
}
