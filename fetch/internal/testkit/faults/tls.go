package faults

import "crypto/tls"

// tlsCases are the faults of the handshake, and of mistaking TLS for plain text or the reverse.
func tlsCases() []Case {
	trusted := Needs{Roots: true}
	return []Case{
		{
			Row: 42, Name: "TLS, self-signed", Needs: trusted, K6: code(1310), serve: answerAll,
			secure: func(a *Authority) *tls.Config { return a.Serving(a.SelfSigned) },
		},
		{
			Row: 43, Name: "TLS, expired", Needs: trusted, K6: code(1000), Here: code(1310), serve: answerAll,
			secure: func(a *Authority) *tls.Config { return a.Serving(a.Expired) },
		},
		{
			Row: 44, Name: "TLS, wrong host", Needs: trusted, K6: code(1311), serve: answerAll,
			secure: func(a *Authority) *tls.Config { return a.Serving(a.Elsewhere) },
		},
		{
			Row: 45, Name: "TLS 1.0 server", Needs: trusted, K6: code(1010), serve: answerAll,
			secure: func(a *Authority) *tls.Config {
				config := a.Serving(a.Good)
				config.MinVersion = tls.VersionTLS10
				config.MaxVersion = tls.VersionTLS10
				return config
			},
		},
		{
			Row: 46, Name: "client certificate required, TLS 1.3", Needs: trusted, K6: code(1010), serve: answerAll,
			secure: func(a *Authority) *tls.Config { return a.Demanding(tls.VersionTLS13) },
		},
		{
			Row: 46, Name: "client certificate required, TLS 1.2", Needs: trusted, K6: code(1010), serve: answerAll,
			secure: func(a *Authority) *tls.Config { return a.Demanding(tls.VersionTLS12) },
		},
		{
			Row: 47, Name: "plain to a TLS port", scheme: "http", K6: code(1000), serve: answerAll,
			secure: func(a *Authority) *tls.Config { return a.Serving(a.Good) },
		},
		{
			Row: 47, Name: "TLS to a plain port", scheme: "https", K6: code(1301),
			serve: func(c *conn) { c.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") },
		},
		{
			Row: 47, Name: "TLS to a port that is not HTTP", scheme: "https", K6: code(1301),
			serve: func(c *conn) { c.write("SSH-2.0-OpenSSH_9.9\r\n") },
		},
		{
			Row: 48, Name: "TLS handshake stalls", scheme: "https", Stalls: true, K6: code(1050),
			serve: (*conn).stall,
		},
	}
}

// Serving is the configuration of a server with the certificate.
func (a *Authority) Serving(cert tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
}

// Demanding is the configuration of a server that requires a client certificate, in that version of TLS.
func (a *Authority) Demanding(version uint16) *tls.Config {
	config := a.Serving(a.Good)
	config.ClientAuth = tls.RequireAndVerifyClientCert
	config.ClientCAs = a.Roots
	config.MinVersion = version
	config.MaxVersion = version
	return config
}
