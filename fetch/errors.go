package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// Codes of failures, as k6 numbers them: https://grafana.com/docs/k6/latest/javascript-api/error-codes/.
const (
	CodeGeneric          = 1000
	CodeNonTCP           = 1010
	CodeInvalidURL       = 1020
	CodeTimeout          = 1050
	CodeDNS              = 1100
	CodeNoSuchHost       = 1101
	CodeBlockedIP        = 1110
	CodeBlockedHost      = 1111
	CodeTCP              = 1200
	CodeBrokenPipe       = 1201
	CodeUnknownErrno     = 1202
	CodeDial             = 1210
	CodeDialTimeout      = 1211
	CodeDialRefused      = 1212
	CodeDialErrno        = 1213
	CodeReset            = 1220
	CodeTLSHeader        = 1301
	CodeX509Authority    = 1310
	CodeX509Hostname     = 1311
	CodeHTTPStatus       = 1000 // plus the status, from 400 on
	CodeHTTP2GoAway      = 1610
	CodeHTTP2Stream      = 1630
	CodeHTTP2Refused     = 1638
	CodeHTTP2Connection  = 1650
	CodeContentDecode    = 1701
	lastHTTP2ErrorNumber = 13
)

// errDeadline is the cause of what the deadline of a run cuts off.
var errDeadline = &codedError{code: CodeTimeout, text: "run deadline exceeded", timeout: true}

// codedError is a failure that the engine itself finds and names.
type codedError struct {
	code    int
	text    string
	timeout bool
	err     error
}

func (e *codedError) Error() string { return e.text }
func (e *codedError) Unwrap() error { return e.err }
func (e *codedError) Timeout() bool { return e.timeout }

// errTimeout is what a request that took too long ends with.
func errTimeout(err error) error {
	return &codedError{code: CodeTimeout, text: "request timeout", err: err}
}

// errRefused is what a request ends with that HTTP/2 refused, and repeated until its time was up.
func errRefused(err error) error {
	_, text, _ := codeHTTP2(CodeHTTP2Stream, http2StreamText, "REFUSED_STREAM")
	return &codedError{code: CodeHTTP2Refused, text: text, err: err}
}

// Classifier names failures that only the surroundings know of, such as a dialer's own. It returns false for others.
type Classifier func(err error) (code int, text string, ok bool)

// classify returns k6's code and a text for a failure. The text is bounded: it becomes the value of a metric's tag, so
// it holds no times, ports, addresses or anything a server sent.
func classify(err error, own Classifier) (int, string) {
	for e := err; ; {
		switch coded := e.(type) { //nolint:errorlint // the chain is walked here
		case *codedError:
			return coded.code, coded.text
		case *crash.Error:
			return CodeGeneric, crash.Text
		}
		if own != nil {
			if code, text, ok := own(e); ok {
				return code, text
			}
		}
		if code, text, ok := classifyOne(e, own); ok {
			return code, text
		}
		inner := errors.Unwrap(e)
		if inner == nil {
			if code, text, ok := classifyHTTP2(e.Error()); ok {
				return code, text
			}
			return CodeGeneric, boundedText(e.Error())
		}
		e = inner
	}
}

// classifyOne looks at one error of a chain and not at what it wraps, outermost first, as k6 does.
func classifyOne(err error, own Classifier) (int, string, bool) {
	switch e := err.(type) { //nolint:errorlint // the chain is walked by the caller, and the order decides
	case *net.DNSError:
		if e.Err == "no such host" {
			return CodeNoSuchHost, "lookup: no such host", true
		}
		return CodeDNS, "lookup: " + boundedText(e.Err), true
	case *net.OpError:
		code, text := classifyOp(e, own)
		return code, text, true
	case x509.UnknownAuthorityError:
		return CodeX509Authority, "x509: unknown authority", true
	case x509.HostnameError:
		return CodeX509Hostname, "x509: certificate doesn't match hostname", true
	case x509.CertificateInvalidError:
		// k6 has 1000 for it, and the time of day in the text.
		return CodeX509Authority, certificateText(e), true
	case tls.RecordHeaderError:
		return CodeTLSHeader, boundedText(e.Error()), true
	default:
		return 0, "", false
	}
}

// certificateText says what is wrong with a certificate, without the dates in question.
func certificateText(e x509.CertificateInvalidError) string {
	if e.Reason == x509.Expired {
		return "x509: certificate has expired or is not yet valid"
	}
	e.Cert, e.Detail = nil, ""
	return boundedText(e.Error())
}

func classifyOp(e *net.OpError, own Classifier) (int, string) {
	if e.Net != "tcp" && e.Net != "tcp4" && e.Net != "tcp6" {
		return CodeNonTCP, opText(e)
	}
	if e.Op == "dial" {
		return classifyDial(e, own)
	}
	switch {
	case errors.Is(e.Err, syscall.ECONNRESET):
		return CodeReset, e.Op + ": connection reset by peer"
	case errors.Is(e.Err, syscall.EPIPE):
		return CodeBrokenPipe, e.Op + ": broken pipe"
	}
	if errno := syscall.Errno(0); errors.As(e.Err, &errno) && !isSyscallError(e.Err) {
		return CodeUnknownErrno,
			fmt.Sprintf("%s: unknown errno `%d` on %s with message `%s`", e.Op, int(errno), runtime.GOOS, errno.Error())
	}
	return CodeTCP, opText(e)
}

func classifyDial(e *net.OpError, own Classifier) (int, string) {
	if isSyscallError(e.Err) {
		switch errno := syscall.Errno(0); {
		case errors.Is(e.Err, syscall.ECONNRESET):
			return CodeReset, "dial: connection reset by peer"
		case errors.Is(e.Err, syscall.ECONNREFUSED):
			return CodeDialRefused, "dial: connection refused"
		case errors.As(e.Err, &errno):
			return CodeDialErrno, fmt.Sprintf("dial: unknown errno %d error with msg `%s`", int(errno), errno.Error())
		}
	}
	if e.Timeout() {
		return CodeDialTimeout, "dial: i/o timeout"
	}
	if inner := e.Err; inner != nil {
		if code, text := classify(inner, own); code != CodeGeneric {
			return code, text
		}
	}
	return CodeDial, opText(e)
}

func isSyscallError(err error) bool {
	_, ok := err.(*os.SyscallError) //nolint:errorlint // net wraps it directly, and k6 tells codes apart by it
	return ok
}

// opText is the text of a failed operation without the addresses it was between.
func opText(e *net.OpError) string {
	if e.Err == nil {
		return e.Op
	}
	if bad, ok := asError[*net.AddrError](e.Err); ok {
		return e.Op + ": " + bad.Err
	}
	return e.Op + ": " + boundedText(e.Err.Error())
}

const http2StreamText = "http2: stream error with http2 ErrCode "

// classifyHTTP2 knows HTTP/2 failures by their texts: net/http keeps their types to itself.
func classifyHTTP2(msg string) (int, string, bool) {
	switch {
	case strings.HasPrefix(msg, "stream error: "):
		if _, rest, ok := strings.Cut(msg, "; "); ok {
			name, _, _ := strings.Cut(rest, ";")
			return codeHTTP2(CodeHTTP2Stream, http2StreamText, name)
		}
	case strings.HasPrefix(msg, "connection error: "):
		name := strings.TrimPrefix(msg, "connection error: ")
		return codeHTTP2(CodeHTTP2Connection, "http2: connection error with http2 ErrCode ", name)
	case strings.HasPrefix(msg, "http2: server sent GOAWAY"):
		if _, rest, ok := strings.Cut(msg, "ErrCode="); ok {
			name, _, _ := strings.Cut(rest, ",")
			return codeHTTP2(CodeHTTP2GoAway, "http2: received GoAway with http2 ErrCode ", name)
		}
	}
	return 0, "", false
}

// http2ErrorNames are the error codes of RFC 9113, section 7, in their order.
//
//nolint:gochecknoglobals // a table of the standard
var http2ErrorNames = [lastHTTP2ErrorNumber + 1]string{
	"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
}

// codeHTTP2 returns the code of a named HTTP/2 error: the first of its family for an error the standard does not know.
func codeHTTP2(family int, text, name string) (int, string, bool) {
	name = strings.TrimSpace(name)
	for number, known := range http2ErrorNames {
		if name == known {
			return family + 1 + number, text + name, true
		}
	}
	if hex, ok := strings.CutPrefix(name, "unknown error code 0x"); ok {
		if _, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return family, text + "unknown", true
		}
	}
	return 0, "", false
}

// timedOut tells that a failure is a time limit that ran out.
func timedOut(err error) bool {
	var netErr net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &netErr) && netErr.Timeout()
}

// permanent tells that a failure would be the same another time: nothing that waiting heals.
func permanent(code int) bool {
	switch code {
	case CodeInvalidURL, CodeBlockedIP, CodeBlockedHost, CodeTLSHeader, CodeX509Authority, CodeX509Hostname,
		CodeContentDecode:
		return true
	default:
		return false
	}
}

// asError finds the first error of type T in a chain.
func asError[T error](err error) (T, bool) {
	var target T
	ok := errors.As(err, &target)
	return target, ok
}

// checkProxy fails as net/http does where a proxy makes no tunnel: with the meaning of the status, but not in the words
// of the proxy.
func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	if text := http.StatusText(resp.StatusCode); text != "" {
		return errors.New(text)
	}
	return errors.New("unknown status code")
}
