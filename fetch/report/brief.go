package report

import (
	"strconv"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// brief are reasons of failure in a few words, by their codes.
//
//nolint:gochecknoglobals // a constant table
var brief = map[int]string{
	failure.CodeInvalidURL: "invalid URL", failure.CodeTimeout: "timeout", failure.CodeDNS: "DNS",
	failure.CodeNoSuchHost: "no such host", failure.CodeBlockedIP: "blocked address",
	failure.CodeBlockedHost: "blocked host", failure.CodeBrokenPipe: "broken pipe",
	failure.CodeDial: "no connection", failure.CodeDialTimeout: "connection timeout",
	failure.CodeDialRefused: "connection refused", failure.CodeReset: "connection reset",
	failure.CodeX509Authority: "unknown certificate authority", failure.CodeX509Hostname: "certificate of another host",
	failure.CodeContentDecode: "undecodable body",
}

// briefly says why something failed: its status, or what its code stands for.
func briefly(c aggregate.Cause) string {
	if text := brief[c.Code]; text != "" {
		return text
	}
	if c.Status != 0 {
		return strconv.Itoa(c.Status)
	}
	const longest = 40
	text := []rune(reason(c))
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}
