package web

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
)

// Site has all servers that the scripts of a suite fetch from.
type Site struct {
	Web, Other *Server
	Proxied    atomic.Int64 // requests that came to the proxy

	tls, maps, proxy *httptest.Server
	// Those that speak HTTP/2 as well: over TLS, where they speak HTTP/3 too, and without for clients that know.
	tls2   *Versions
	plain2 *httptest.Server
}

// StartSite starts the servers.
func StartSite() *Site {
	s := &Site{Web: Start(), Other: Start(), maps: httptest.NewServer(maps())}
	s.tls = httptest.NewUnstartedServer(s.Web.Config.Handler)
	s.tls.Config.ErrorLog = silent()
	s.tls.StartTLS()
	var err error
	if s.tls2, err = s.Web.StartVersions(func(*tls.Config) {}); err != nil {
		panic(err) // as httptest does
	}
	s.plain2 = httptest.NewUnstartedServer(s.Web.Config.Handler)
	s.plain2.Config.Protocols = new(http.Protocols)
	s.plain2.Config.Protocols.SetHTTP1(true)
	s.plain2.Config.Protocols.SetUnencryptedHTTP2(true)
	s.plain2.Start()
	s.proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Proxied.Add(1)
		_, _ = io.WriteString(w, "by proxy: "+r.URL.Host) // #nosec G705 -- no browser asks
	}))
	return s
}

// silent is a log for what clients of tests do on purpose.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }

// Close closes the servers.
func (s *Site) Close() {
	s.Web.Close()
	s.Other.Close()
	s.tls.Close()
	s.tls2.Close()
	s.plain2.Close()
	s.maps.Close()
	s.proxy.Close()
}

// Proxy is the URL of a proxy, which answers for every host.
func (s *Site) Proxy() string { return s.proxy.URL }

// Env is where scripts find the servers, as "KEY=value".
func (s *Site) Env() []string {
	return []string{
		"BASE=" + s.Web.URL, "BASE2=" + s.Other.URL, "TLS=" + s.tls.URL,
		"TLS2=" + s.tls2.URL, "PLAIN2=" + s.plain2.URL,
		"MAPS=" + strings.TrimPrefix(s.maps.URL, "http://"), "PROXY=" + s.proxy.URL,
	}
}
