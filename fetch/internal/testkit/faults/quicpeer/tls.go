package quicpeer

import (
	"crypto/tls"
	"errors"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
)

// tlsCases are the faults of the handshake.
func tlsCases() []Case {
	shaking := func(name string, want int, secure func(a *faults.Authority) *tls.Config) Case {
		c := answering(name, code(want), func(r *request) { r.answer(ok, "good") }).hits(0)
		c.script.secure = secure
		return c
	}
	return []Case{
		shaking("TLS, self-signed", 1310, func(a *faults.Authority) *tls.Config { return a.Serving(a.SelfSigned) }),
		shaking("TLS, expired", 1310, func(a *faults.Authority) *tls.Config { return a.Serving(a.Expired) }),
		shaking("TLS, wrong host", 1311, func(a *faults.Authority) *tls.Config { return a.Serving(a.Elsewhere) }),
		shaking("TLS, client certificate required", 1830, func(a *faults.Authority) *tls.Config {
			return a.Demanding(tls.VersionTLS13)
		}),
		shaking("TLS, internal error", 1830, func(a *faults.Authority) *tls.Config {
			config := a.Serving(a.Good)
			config.GetCertificate, config.Certificates = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
				return nil, errors.New(Secret) //nolint:err113 // nobody sees it
			}, nil
			return config
		}),
		shaking("TLS, another protocol", 1800, func(a *faults.Authority) *tls.Config {
			config := a.Serving(a.Good)
			config.NextProtos = []string{"hq-interop"}
			return config
		}),
		shaking("TLS, no protocol", 1800, func(a *faults.Authority) *tls.Config {
			config := a.Serving(a.Good)
			config.NextProtos = []string{}
			return config
		}),
	}
}
