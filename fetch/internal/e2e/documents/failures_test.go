package documents_test

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// faultOf is which of the testkit's faults brings about an error in docs/troubleshooting.md. Those without a fault have
// a cause of their own in causeOf.
//
//nolint:gochecknoglobals // a constant table
var faultOf = map[string]string{
	"dial: connection refused":       "connection refused",
	"lookup: no such host":           "name does not exist",
	"hostname is blocked":            "blocked hostname",
	"ip is blacklisted":              "blacklisted IP",
	"request timeout":                "headers stall",
	"read: connection reset by peer": "RST before the reply",
	"EOF":                            "FIN before the reply",
	"unexpected EOF":                 "Content-Length longer than the body",
	"x509: unknown authority":        "TLS, self-signed",
	"x509: certificate has expired or is not yet valid":                       "TLS, expired",
	"x509: certificate doesn't match hostname":                                "TLS, wrong host",
	"remote error: tls: certificate required":                                 "client certificate required, TLS 1.3",
	"tls: first record does not look like a TLS handshake":                    "TLS to a plain port",
	`unsupported protocol scheme "ftp"`:                                       "ftp URL",
	"error decompressing response body (gzip: invalid header)":                "bad gzip",
	"net/http: server response headers exceeded 10485760 bytes; aborted":      "12 MB header",
	"unsupported response status: 101 Switching Protocols":                    "unasked-for 101",
	"invalid URL: invalid URL escape":                                         "unparseable URL",
	"dial: unknown errno 99 error with msg `cannot assign requested address`": "local IP that cannot be bound",
}

// causeOf brings about the other errors of docs/troubleshooting.md.
//
//nolint:gochecknoglobals // a constant table
var causeOf = map[string]func(t *testing.T) *fetch.Result{
	"server does not speak HTTP/2": func(t *testing.T) *fetch.Result {
		t.Helper()
		return fetched(t, newPage(t, true), func(s *fetch.Spec) { s.Version = transport.Version2 })
	},
	"quic: connection refused": func(t *testing.T) *fetch.Result {
		t.Helper()
		return fetched(t, newPage(t, true), overHTTP3)
	},
	"quic: handshake timeout": func(t *testing.T) *fetch.Result {
		t.Helper()
		code, text := failure.Classify(http3.ErrHandshake, nil)
		return &fetch.Result{Error: text, ErrorCode: code}
	},
	"HTTP/3 is not possible without TLS": func(t *testing.T) *fetch.Result {
		t.Helper()
		return fetched(t, newPage(t, false), overHTTP3)
	},
	"HTTP/3 is not possible through a proxy": func(t *testing.T) *fetch.Result {
		t.Helper()
		proxy, err := url.Parse(newPage(t, false))
		require.NoError(t, err)
		cfg := fetch.Config{Config: transport.Config{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}}
		return one(t, cfg, "https://a.example/", overHTTP3)
	},
	"HTTP/3 is not possible without TLS 1.3, which the versions of TLS leave out": func(t *testing.T) *fetch.Result {
		t.Helper()
		old := &tls.Config{MaxVersion: tls.VersionTLS12} // #nosec G402 -- a test is of it
		cfg := fetch.Config{Config: transport.Config{Transport: &http.Transport{TLSClientConfig: old}}}
		return one(t, cfg, newPage(t, true), overHTTP3)
	},
	"server does not speak HTTP/3": func(t *testing.T) *fetch.Result {
		t.Helper()
		return fetched(t, newQUICOnly(t), overHTTP3)
	},
	"response body is larger than maxBodySize of 10 bytes": func(t *testing.T) *fetch.Result {
		t.Helper()
		return fetched(t, newPage(t, false), func(s *fetch.Spec) { s.MaxBodySize = 10 })
	},
	"dial: unknown errno 24 error with msg `too many open files`": func(t *testing.T) *fetch.Result {
		t.Helper()
		code, text := failure.Classify(&net.OpError{
			Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE),
		}, nil)
		return &fetch.Result{Error: text, ErrorCode: code}
	},
	"dial: i/o timeout": func(t *testing.T) *fetch.Result {
		t.Helper()
		code, text := failure.Classify(failure.DialTimeout(nil), nil)
		return &fetch.Result{Error: text, ErrorCode: code}
	},
	"run deadline exceeded": func(t *testing.T) *fetch.Result {
		t.Helper()
		code, text := failure.Classify(failure.ErrDeadline, nil)
		return &fetch.Result{Error: text, ErrorCode: code}
	},
}

func overHTTP3(s *fetch.Spec) { s.Version = transport.Version3 }

// newQUICOnly speaks QUIC, and no HTTP.
func newQUICOnly(t *testing.T) (url string) {
	t.Helper()
	like := httptest.NewTLSServer(nil) // for its certificate
	like.Close()
	cfg := like.TLS.Clone()
	cfg.NextProtos = []string{"another"}
	l, err := quic.ListenAddr("127.0.0.1:0", cfg, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return "https://" + l.Addr().String() + "/"
}

// The tables of codes have those that failures of HTTP/3 get.
func TestTroubleshootingHasTheCodesOfHTTP3(t *testing.T) {
	t.Parallel()
	documented := tables(t)
	row := func(err error, place int, cells []string, text string) {
		t.Helper()
		code, got := failure.Classify(err, nil)
		require.Equal(t, cells[place], strconv.Itoa(code))
		require.Equal(t, strings.Replace(text, "%s", strings.Trim(cells[0], "`"), 1), got)
	}
	own := []error{
		failure.ErrNoHTTP3, &http3.SocketError{Err: syscall.ECONNREFUSED}, http3.ErrHandshake, http3.ErrIdle,
		http3.ErrStatelessReset, http3.ErrVersion, &http3.SocketError{Err: errors.New("socket failed")}, http3.ErrGoAway,
		http3.TransportError{Code: quic.NoViablePathError + 1},
		http3.AlertError{Alert: 40},
	}
	rows := documented["http3-codes"].rows
	require.Len(t, rows, len(own))
	for i, cells := range rows {
		row(own[i], 0, cells, strings.Trim(cells[1], "`"))
	}
	rows = documented["quic-codes"].rows
	require.Len(t, rows, int(quic.NoViablePathError)+1)
	for i, cells := range rows {
		row(http3.TransportError{Code: quic.TransportErrorCode(i)}, 1, cells, "quic: transport error with code %s") // #nosec G115 -- few
	}
	rows = documented["h3-codes"].rows
	const ofQPACK = 3
	require.Len(t, rows, http3.Numbers+ofQPACK)
	for i, cells := range rows {
		code := http3.First + http3.Code(i) // #nosec G115 -- few
		if i >= http3.Numbers {
			code = http3.FirstOfQPACK + http3.Code(i-http3.Numbers) // #nosec G115 -- few
		}
		row(&http3.StreamError{Code: code}, 1, cells, "http3: stream error with code %s")
		row(http3.ConnError(code), 2, cells, "http3: connection error with code %s")
	}
	unknown, _ := failure.Classify(&http3.StreamError{}, nil)
	require.Equal(t, failure.CodeHTTP3Stream, unknown)
	unknown, _ = failure.Classify(http3.ConnError(0), nil)
	require.Equal(t, failure.CodeHTTP3Connection, unknown)
}

// newPage serves a page of some bytes over HTTP/1.1.
func newPage(t *testing.T, secure bool) (url string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 100))
	}))
	srv.Start()
	if secure {
		srv.Close()
		srv = httptest.NewTLSServer(srv.Config.Handler)
	}
	t.Cleanup(srv.Close)
	return srv.URL
}

// Each error of the page comes about as it is printed there, with its code.
func TestTroubleshootingNamesFailuresAsTheyArePrinted(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	byName := map[string]faults.Case{}
	for _, c := range faults.Table() {
		byName[c.Name] = c
	}
	rows := tables(t)["failures"].rows
	require.Len(t, rows, len(faultOf)+len(causeOf), "an error without a cause, or a cause without its error")
	for _, cells := range rows {
		text := strings.TrimSpace(strings.Trim(cells[0], "`"))
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var r *fetch.Result
			if cause, ok := causeOf[text]; ok {
				r = cause(t)
			} else {
				c, ok := byName[faultOf[text]]
				require.True(t, ok)
				r = faulty(t, s, c)
			}
			require.Equal(t, cells[1], strconv.Itoa(r.ErrorCode))
			if runtime.GOOS != "linux" && strings.Contains(text, " errno ") {
				text, _, _ = strings.Cut(text, "errno ") // numbers and messages are the system's
				require.Contains(t, r.Error, text)
				return
			}
			require.Equal(t, text, r.Error)
		})
	}
}

// faulty fetches a fault of the testkit.
func faulty(t *testing.T, s *faults.Server, c faults.Case) *fetch.Result {
	t.Helper()
	network := k6net.Network{Resolver: s.Resolver()}
	return one(t, fetch.Config{Config: network.Config(k6http.New(t, s, c.Needs).State)}, c.URL(s), func(spec *fetch.Spec) {
		if c.Needs.Body {
			spec.ResponseType = transport.ResponseText
		}
		if c.Stalls {
			spec.Timeout = faults.Timeout
		}
	})
}

// fetched fetches a page without k6's network.
func fetched(t *testing.T, url string, change func(*fetch.Spec)) *fetch.Result {
	t.Helper()
	return one(t, fetch.Config{}, url, change)
}

func one(t *testing.T, cfg fetch.Config, url string, change func(*fetch.Spec)) *fetch.Result {
	t.Helper()
	client := fetch.NewClient(cfg)
	defer client.Shutdown()
	spec := &fetch.Spec{Spec: transport.Spec{
		Redirects: 10, Timeout: time.Minute, ResponseType: transport.ResponseNone,
		Expected: func(status int) bool { return status >= 200 && status < 400 },
	}}
	change(spec)
	run := client.Run(t.Context(), fetch.Targets([]fetch.Target{{URL: url, Spec: spec}}), fetch.Options{Concurrency: 1}, unobserved{})
	return run.Results.At(0)
}

type unobserved struct{}

func (unobserved) Exchanged(*fetch.Target, *transport.Exchange) {}
func (unobserved) Finished(*fetch.Result, time.Time)            {}
