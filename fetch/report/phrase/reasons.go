package phrase

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

// Briefly says why something failed: its status, or what its code stands for.
func Briefly(c aggregate.Cause) string {
	if text := brief[c.Code]; text != "" {
		return text
	}
	if c.Status != 0 && !IsJudged(c) {
		return strconv.Itoa(c.Status)
	}
	const longest = 40
	text := []rune(Reason(c))
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}

// IsJudged reports whether something failed although its request succeeded: because of what was expected of the
// response, or because a browser would keep it from its page.
func IsJudged(c aggregate.Cause) bool { return c.Code == 0 && c.Error != "" }

// Reason says in a few words why something failed.
func Reason(c aggregate.Cause) string {
	switch {
	case c.Error != "":
		return Clean(c.Error)
	case c.Status != 0:
		return fmt.Sprintf("unexpected status %d", c.Status)
	default:
		return "failed"
	}
}

// CauseCount is a reason of failure and how often it was one.
type CauseCount struct {
	aggregate.Cause

	Count int
}

// kind names the sort of failure: k6's code of the error.
func (c *CauseCount) kind() string { return fmt.Sprintf("error_code %d", c.Code) }

// Causes are the reasons of a name's failures, the most frequent first.
func Causes(n *aggregate.Name) []CauseCount {
	list := make([]CauseCount, 0, len(n.Causes))
	for _, cause := range slices.SortedFunc(maps.Keys(n.Causes), func(a, b aggregate.Cause) int {
		if n.Causes[a] != n.Causes[b] {
			return n.Causes[b] - n.Causes[a]
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}) {
		list = append(list, CauseCount{cause, n.Causes[cause]})
	}
	return list
}

// causeLines say what failed of a name: how many in the first line, and then why, if there is more than one reason.
func causeLines(n *aggregate.Name) []string {
	all := Causes(n)
	first := fmt.Sprintf("%s of %s failed", Number(n.Failed), Number(n.Count))
	if len(all) == 1 {
		return []string{first + ": " + Reason(all[0].Cause)}
	}
	lines := []string{first}
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", Number(c.Count), Reason(c.Cause), c.kind()))
	}
	return lines
}
