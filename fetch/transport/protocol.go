package transport

import (
	"crypto/tls"
	"errors"
	"net"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// protocol is what a request is encoded for, and sent over.
type protocol uint8

const (
	overHTTP1 protocol = iota
	overHTTP2
	overHTTP3

	protocols = iota
)

// appendField appends a field to an encoded request.
func (p protocol) appendField(request []byte, name, value string) []byte {
	switch p {
	case overHTTP2:
		return http2.AppendField(request, name, value)
	case overHTTP3:
		return http3.AppendField(request, name, value)
	default:
		return http1.AppendField(request, name, value)
	}
}

// name is what http.Response.Proto calls a protocol that has field blocks, and major is its number.
func (p protocol) name() string {
	if p == overHTTP3 {
		return http3.Proto
	}
	return http2.Proto
}

func (p protocol) major() int { return int(p) + 1 }

// encoders encode the heads of requests for the protocols that have field blocks. Each is made when it is needed.
type encoders [protocols]*mux.Encoder

func (e *encoders) of(p protocol) *mux.Encoder {
	if e[p] == nil {
		if p == overHTTP3 {
			e[p] = http3.NewEncoder()
		} else {
			e[p] = http2.NewEncoder()
		}
	}
	return e[p]
}

// protocolFor returns the protocol that a server is to be spoken to with: the one that was asked for, or one that the
// server is known to speak.
func (c *Client) protocolFor(o origin) protocol {
	switch o.version {
	case Version1:
		return overHTTP1
	case Version2:
		return overHTTP2
	case Version3:
		return overHTTP3
	default:
		if o.altSvc && c.offers(&o) {
			return overHTTP3
		}
		return c.overTCP(o)
	}
}

// overTCP returns the protocol that a server is known to speak over TCP.
func (c *Client) overTCP(o origin) protocol {
	if o.secure && c.alpn.HTTP2(o.key) {
		return overHTTP2
	}
	return overHTTP1
}

// instead returns the protocol to go on with if a server does not speak one.
func (c *Client) instead(of protocol, o origin) protocol {
	switch of {
	case overHTTP1:
		return overHTTP2
	case overHTTP2:
		return overHTTP1
	default:
		return c.overTCP(o)
	}
}

// What the versions of HTTP are called in ALPN (RFC 7301, section 6; RFC 9113, section 3.1).
const (
	protoHTTP1 = "http/1.1"
	protoHTTP2 = "h2"
)

// tlsFor returns the TLS configuration that offers a version. An empty host leaves the name of the server open.
func (c *Client) tlsFor(v Version, host string) *tls.Config {
	cfg := c.tlsConfig.Clone()
	if cfg.ServerName == "" {
		cfg.ServerName = host
	}
	switch v {
	case Version1:
		cfg.NextProtos = []string{protoHTTP1}
	case Version2:
		cfg.NextProtos = []string{protoHTTP2}
		requireHTTP2(cfg)
	default:
	}
	return cfg
}

// requireHTTP2 ends a handshake in which the server has not chosen HTTP/2, before anything is sent over the connection.
func requireHTTP2(cfg *tls.Config) {
	verify := cfg.VerifyConnection
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		if verify != nil {
			if err := verify(state); err != nil {
				return err
			}
		}
		if state.NegotiatedProtocol != protoHTTP2 {
			return failure.ErrNoHTTP2
		}
		return nil
	}
}

// unspoken replaces errors that mean that a server does not speak the version asked for.
func (a *attempt) unspoken(err error) error {
	if a.spec.Version != Version2 {
		return err
	}
	refused, ok := failure.As[*net.OpError](err)
	if ok && refused.Op == "remote error" && refused.Err.Error() == noALPN || errors.Is(err, http2.ErrHTTP1) {
		return failure.ErrNoHTTP2
	}
	return err
}

// noALPN is the text of the alert of a server that speaks nothing that was offered (RFC 7301, section 3.2). The type of
// crypto/tls is not exported.
const noALPN = "tls: no application protocol"
