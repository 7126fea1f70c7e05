package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// brief are reasons of failure in a few words, by their codes.
//
//nolint:gochecknoglobals // a constant table
var brief = map[int]string{
	failure.CodeInvalidURL: "invalid URL", failure.CodeTimeout: "timeout", failure.CodeDNS: "DNS",
	failure.CodeNoSuchHost: "no such host", failure.CodeBlockedIP: "blocked address",
	failure.CodeBlockedHost: "blocked host", failure.CodeBrokenPipe: "broken pipe", failure.CodeDial: "no connection",
	failure.CodeDialTimeout: "connection timeout",
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

// reason says in a few words why something failed.
func reason(c aggregate.Cause) string {
	switch {
	case c.Error != "":
		return clean(c.Error)
	case c.Status != 0:
		return fmt.Sprintf("unexpected status %d", c.Status)
	default:
		return "failed"
	}
}

// causeCount is a reason of failure and how often it was one.
type causeCount struct {
	aggregate.Cause

	count int
}

// kind names the sort of failure: k6's code of the error.
func (c *causeCount) kind() string { return fmt.Sprintf("error_code %d", c.Code) }

// causes are the reasons of a name's failures, the most frequent first.
func causes(n *aggregate.Name) []causeCount {
	list := make([]causeCount, 0, len(n.Causes))
	for _, cause := range slices.SortedFunc(maps.Keys(n.Causes), func(a, b aggregate.Cause) int {
		if n.Causes[a] != n.Causes[b] {
			return n.Causes[b] - n.Causes[a]
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}) {
		list = append(list, causeCount{cause, n.Causes[cause]})
	}
	return list
}

// causeLines say what failed of a name: how many in the first line, and then why, if there is more than one reason.
func causeLines(n *aggregate.Name) []string {
	all := causes(n)
	first := fmt.Sprintf("%s of %s failed", number(n.Failed), number(n.Count))
	if len(all) == 1 {
		return []string{first + ": " + reason(all[0].Cause)}
	}
	lines := []string{first}
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", number(c.count), reason(c.Cause), c.kind()))
	}
	return lines
}
