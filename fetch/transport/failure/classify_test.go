package failure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	op := func(op, network string, err error) error { return &net.OpError{Op: op, Net: network, Err: err} }
	call := func(errno syscall.Errno) error { return os.NewSyscallError("call", errno) }
	for _, test := range []struct {
		err  error
		code int
		text string
	}{
		{io.EOF, 1000, "EOF"},
		{fmt.Errorf("outer: %w", io.ErrUnexpectedEOF), 1000, "unexpected EOF"},
		{TookTooLong(context.DeadlineExceeded), 1050, "request timeout"},
		{fmt.Errorf("outer: %w", ErrDeadline), 1050, "run deadline exceeded"},
		{&net.DNSError{Err: "no such host", Name: "secret.test"}, 1101, "lookup: no such host"},
		{op("dial", "tcp", &net.DNSError{Err: "no such host", Name: "secret.test"}), 1101, "lookup: no such host"},
		{&net.DNSError{Err: "read udp 10.0.0.1:53->10.0.0.2:53: i/o timeout"}, 1100, "lookup: read udp: i/o timeout"},
		{op("dial", "tcp", call(syscall.ECONNREFUSED)), 1212, "dial: connection refused"},
		{op("dial", "tcp", call(syscall.EMFILE)), 1213, "dial: unknown errno 24 error with msg `too many open files`"},
		{op("dial", "tcp", call(syscall.ECONNRESET)), 1220, "dial: connection reset by peer"},
		{op("dial", "tcp", os.ErrDeadlineExceeded), 1211, "dial: i/o timeout"},
		{op("dial", "tcp", &net.AddrError{Err: "invalid port", Addr: "99999"}), 1210, "dial: invalid port"},
		{op("dial", "udp", errors.New("odd")), 1010, "dial: odd"},
		{op("read", "tcp", call(syscall.ECONNRESET)), 1220, "read: connection reset by peer"},
		{op("write", "tcp", call(syscall.EPIPE)), 1201, "write: broken pipe"},
		{op("remote error", "", errors.New("tls: bad certificate")), 1010, "remote error: tls: bad certificate"},
		{x509.UnknownAuthorityError{}, 1310, "x509: unknown authority"},
		{x509.HostnameError{Certificate: &x509.Certificate{}, Host: "secret"}, 1311, "x509: certificate doesn't match hostname"},
		{
			x509.CertificateInvalidError{Reason: x509.Expired, Detail: "current time 2026-01-01T00:00:00Z is after"},
			1310, "x509: certificate has expired or is not yet valid",
		},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, 1310, "x509: unknown authority"},
		{&http2.StreamError{ID: 7, Code: 2, Why: "received from peer"}, 1633, "http2: stream error with http2 ErrCode INTERNAL_ERROR"},
		{fmt.Errorf("outer: %w", &http2.StreamError{ID: 7, Code: 7}), 1638, "http2: stream error with http2 ErrCode REFUSED_STREAM"},
		{&http2.StreamError{ID: 7, Code: 0xff}, 1630, "http2: stream error with http2 ErrCode unknown"},
		{http2.ConnError(1), 1652, "http2: connection error with http2 ErrCode PROTOCOL_ERROR"},
		{
			&http2.GoAwayError{Last: 1, Code: 11},
			1622, "http2: received GoAway with http2 ErrCode ENHANCE_YOUR_CALM",
		},
		{errors.New("stream error: stream ID 7; SECRET"), 1000, "stream error: SECRET"},
		{errors.New(`bad "quoted \" text" here`), 1000, "bad here"},
		{errors.New(""), 1000, "unknown error"},
	} {
		code, text := Classify(test.err, nil)
		require.Equal(t, test.code, code, test.err)
		require.Equal(t, test.text, text)
	}
}

func TestClassifyAsksTheSurroundingsFirst(t *testing.T) {
	t.Parallel()
	odd := errors.New("odd")
	own := func(err error) (int, string, bool) { return 1111, "hostname is blocked", err == odd } //nolint:errorlint // as its users do
	for _, err := range []error{odd, fmt.Errorf("x: %w", odd), &net.OpError{Op: "dial", Net: "tcp", Err: odd}} {
		code, text := Classify(err, own)
		require.Equal(t, 1111, code)
		require.Equal(t, "hostname is blocked", text)
	}
}

func TestInvalidURLsSayWhatIsWrongAndNotWhere(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"http://me:secret%zz@host/": "invalid URL: invalid URL escape",
		"http://host:secret/":       "invalid URL: invalid port after host",
		"http://[::1":               "invalid URL: missing ']' in host",
		"http://a b/":               `invalid URL: invalid character " " in host name`,
		"http://me:s@a b/":          "invalid URL: invalid character in host name",
		"http://host/\x7f":          "invalid URL: net/url: invalid control character in URL",
	} {
		_, err := url.Parse(raw)
		code, text := Classify(InvalidURL(raw, err), nil)
		require.Equal(t, CodeInvalidURL, code, raw)
		require.Equal(t, want, text, raw)
	}
}
