package report

import (
	"strconv"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// brief are reasons of failure in a few words, by their codes.
//
//nolint:gochecknoglobals // a constant table
var brief = map[int]string{
	fetch.CodeInvalidURL: "invalid URL", fetch.CodeTimeout: "timeout", fetch.CodeDNS: "DNS",
	fetch.CodeNoSuchHost: "no such host", fetch.CodeBlockedIP: "blocked address", fetch.CodeBlockedHost: "blocked host",
	fetch.CodeBrokenPipe: "broken pipe", fetch.CodeDial: "no connection", fetch.CodeDialTimeout: "connection timeout",
	fetch.CodeDialRefused: "connection refused", fetch.CodeReset: "connection reset",
	fetch.CodeX509Authority: "unknown certificate authority", fetch.CodeX509Hostname: "certificate of another host",
	fetch.CodeContentDecode: "undecodable body",
}

// briefly says why something failed: its status, or what its code stands for.
func briefly(c collect.Cause) string {
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
