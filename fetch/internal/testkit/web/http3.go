package web

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// Versions is a server of HTTP/1.1, HTTP/2 and HTTP/3 at one port, with a certificate that nobody has signed. It offers
// HTTP/3 only at /alt-svc.
type Versions struct {
	*httptest.Server

	quic *http3.Server
	udp  net.PacketConn
	done chan struct{}
}

// StartVersions starts a server. change may change its TLS configuration.
func (w *Server) StartVersions(change func(*tls.Config)) (*Versions, error) {
	tcp, udp, err := sharedPort()
	if err != nil {
		return nil, err
	}
	v := &Versions{Server: httptest.NewUnstartedServer(w.Config.Handler), udp: udp, done: make(chan struct{})}
	_ = v.Listener.Close()
	v.Listener = tcp
	v.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}} // #nosec G402 -- of a test
	v.EnableHTTP2 = true
	v.Config.ErrorLog, v.Config.ConnContext = silent(), w.Config.ConnContext
	change(v.TLS)
	v.StartTLS()
	v.quic = &http3.Server{
		Handler: w.Config.Handler, TLSConfig: http3.ConfigureTLSConfig(v.TLS),
		ConnContext: func(ctx context.Context, _ *quic.Conn) context.Context { return w.Config.ConnContext(ctx, nil) },
	}
	go func() {
		defer close(v.done)
		_ = v.quic.Serve(udp)
	}()
	return v, nil
}

// sharedPort listens at the same port with TCP and UDP. Another process may have the latter.
func sharedPort() (tcp net.Listener, udp net.PacketConn, err error) {
	const tries = 20
	for range tries {
		if tcp, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, nil, err
		}
		if udp, err = net.ListenPacket("udp", tcp.Addr().String()); err == nil {
			return tcp, udp, nil
		}
		err = errors.Join(err, tcp.Close())
	}
	return nil, nil, err
}

// Close closes the server.
func (v *Versions) Close() {
	v.CloseQUIC()
	v.Server.Close()
}

// CloseQUIC ends HTTP/3, and leaves the rest.
func (v *Versions) CloseQUIC() {
	_ = v.quic.Close()
	_ = v.udp.Close()
	<-v.done
}

// altSvc offers HTTP/3 at the port of the request, or at that of /alt-svc?port=1. /alt-svc?clear takes it back.
func altSvc(rw http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	_, port, _ := net.SplitHostPort(r.Host)
	if query.Has("port") {
		port = query.Get("port")
	}
	value := "h3=" + strconv.Quote(":"+port)
	if query.Has("clear") {
		value = "clear"
	}
	rw.Header().Set("Alt-Svc", value)
}
