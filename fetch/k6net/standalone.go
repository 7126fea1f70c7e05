package k6net

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"
	"golang.org/x/time/rate"
)

// Standalone returns the state of a VU outside of a test: what k6 makes of its options for the network, and nothing
// that runs a script. debug is the value of GODEBUG, which can turn HTTP/2 off. Its samples go nowhere, and must not
// be sent.
func Standalone(opts lib.Options, logger logrus.FieldLogger, debug string) (*lib.State, error) {
	const dialTimeout, keepAlive = 30 * time.Second, 30 * time.Second // k6's
	dialer := &netext.Dialer{
		Dialer:           net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive},
		Resolver:         netext.NewResolver(net.LookupIP, ttl(opts.DNS), selection(opts.DNS), policy(opts.DNS)),
		Blacklist:        opts.BlacklistIPs,
		BlockedHostnames: opts.BlockedHostnames.Trie,
		Hosts:            opts.Hosts.Trie,
	}
	if opts.LocalIPs.Valid {
		dialer.LocalAddr = &net.TCPAddr{IP: opts.LocalIPs.Pool.GetIP(0)}
	}
	tlsConfig, err := tlsConfigOf(&opts)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: tlsConfig, DialContext: dialer.DialContext,
		DisableCompression: true, DisableKeepAlives: opts.NoConnectionReuse.Bool,
		MaxIdleConns: int(opts.Batch.Int64), MaxIdleConnsPerHost: int(opts.BatchPerHost.Int64),
	}
	if slices.Contains(strings.Split(debug, ","), "http2client=0") {
		transport.TLSNextProto = make(map[string]func(string, *tls.Conn) http.RoundTripper)
	} else {
		transport.ForceAttemptHTTP2 = true
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	if opts.SystemTags == nil {
		opts.SystemTags = &metrics.DefaultSystemTagSet
	}
	registry := metrics.NewRegistry()
	state := &lib.State{
		Options: opts, Logger: logger, Dialer: dialer, Transport: transport, TLSConfig: tlsConfig, CookieJar: jar,
		BuiltinMetrics: metrics.RegisterBuiltinMetrics(registry), Tags: lib.NewVUStateTags(registry.RootTagSet()),
		BufferPool: lib.NewBufferPool(),
	}
	if rps := opts.RPS; rps.Valid && rps.Int64 > 0 {
		state.RPSLimit = rate.NewLimiter(rate.Limit(rps.Int64), 1)
	}
	return state, nil
}

// tlsConfigOf returns the configuration that k6 makes of its options.
func tlsConfigOf(opts *lib.Options) (*tls.Config, error) {
	config := &tls.Config{
		InsecureSkipVerify: opts.InsecureSkipTLSVerify.Bool, // #nosec G402 -- k6's option
		Renegotiation:      tls.RenegotiateFreelyAsClient,
	}
	if opts.TLSCipherSuites != nil {
		config.CipherSuites = *opts.TLSCipherSuites
	}
	if v := opts.TLSVersion; v != nil {
		config.MinVersion, config.MaxVersion = uint16(v.Min), uint16(v.Max) // #nosec G115 -- k6's numbers of versions
	}
	byName := make(map[string]*tls.Certificate)
	for _, auth := range opts.TLSAuth {
		certificate, err := auth.Certificate()
		if err != nil {
			return nil, err
		}
		config.Certificates = append(config.Certificates, *certificate)
		for _, name := range auth.Domains {
			byName[name] = certificate
		}
	}
	if len(byName) > 0 {
		config.NameToCertificate = byName //nolint:staticcheck // as k6 does
	}
	return config, nil
}

// IsTTL reports whether k6 takes a text as the ttl of its option dns.
func IsTTL(text string) bool {
	if text == "inf" {
		return true
	}
	d, err := types.ParseExtendedDuration(text)
	return err == nil && d >= 0
}
