package failure

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"syscall"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
)

// Classifier names failures that only the caller knows, such as those of its dialer. It returns false for others.
type Classifier func(err error) (code int, text string, ok bool)

// Classify returns k6's code and a text for a failure. The text becomes the value of a tag. So it is bounded, and has
// no times, ports, addresses or anything that a server sent.
func Classify(err error, own Classifier) (int, string) {
	for e := err; ; {
		switch coded := e.(type) { //nolint:errorlint // the chain is walked here
		case *Error:
			return coded.Code, coded.Text
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
			return CodeGeneric, Bounded(e.Error())
		}
		e = inner
	}
}

// classifyOne looks at one error of a chain, not at the errors that it wraps. The caller starts with the outermost, as
// k6 does.
func classifyOne(err error, own Classifier) (int, string, bool) {
	switch e := err.(type) { //nolint:errorlint // the caller walks the chain, and the order matters
	case *net.DNSError:
		if e.Err == "no such host" {
			return CodeNoSuchHost, "lookup: no such host", true
		}
		return CodeDNS, "lookup: " + Bounded(e.Err), true
	case *net.OpError:
		code, text := classifyOp(e, own)
		return code, text, true
	case x509.UnknownAuthorityError:
		return CodeX509Authority, "x509: unknown authority", true
	case x509.HostnameError:
		return CodeX509Hostname, "x509: certificate doesn't match hostname", true
	case x509.CertificateInvalidError:
		// k6 has code 1000 for it, and the time of day in the text.
		return CodeX509Authority, certificateText(e), true
	case tls.RecordHeaderError:
		return CodeTLSHeader, Bounded(e.Error()), true
	}
	if code, text, ok := classifyHTTP2(err); ok {
		return code, text, true
	}
	return classifyHTTP3(err)
}

// certificateText says what is wrong with a certificate, without its dates.
func certificateText(e x509.CertificateInvalidError) string {
	if e.Reason == x509.Expired {
		return "x509: certificate has expired or is not yet valid"
	}
	e.Cert, e.Detail = nil, ""
	return Bounded(e.Error())
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
		if code, text := Classify(inner, own); code != CodeGeneric {
			return code, text
		}
	}
	return CodeDial, opText(e)
}

func isSyscallError(err error) bool {
	_, ok := err.(*os.SyscallError) //nolint:errorlint // net wraps it directly, and k6 distinguishes codes by it
	return ok
}

// opText is the text of a failed operation without its addresses.
func opText(e *net.OpError) string {
	if e.Err == nil {
		return e.Op
	}
	if bad, ok := As[*net.AddrError](e.Err); ok {
		return e.Op + ": " + bad.Err
	}
	return e.Op + ": " + Bounded(e.Err.Error())
}
