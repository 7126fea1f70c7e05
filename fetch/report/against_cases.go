package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// tapAgainst adds to the diagnostics of a test point.
func tapAgainst(out *strings.Builder, j *baseline.Judgement) {
	if j == nil {
		return
	}
	fmt.Fprintf(out, "  baseline:\n    verdict: %s\n", j.Verdict)
	if isWorse(j) {
		fmt.Fprintf(out, "    message: %s\n", quoted(worseText(j)))
	}
	if j.Then != nil {
		t := &j.Then.Times[aggregate.Elapsed]
		fmt.Fprintf(out, "    failed: %d\n    p50_ms: %s\n    p95_ms: %s\n",
			j.Then.Failed, decimal(ms(t.P50)), decimal(ms(t.P95)))
	}
	if j.Tested {
		fmt.Fprintf(out, "    p: %s\n", decimal(j.Corrected))
	}
	if j.Failures != nil {
		fmt.Fprintf(out, "    failed_p: %s\n", decimal(j.Failures.Corrected))
	}
}

// againstColumns are those that a table of names has besides if there is a baseline.
func againstColumns(s *Subject) []string {
	if s.against == nil {
		return nil
	}
	return []string{
		"baseline_p50", "change", "p", "baseline_failed", "failed_p", "baseline_bytes", "bytes_change", "bytes_p",
		"baseline_verdict",
	}
}

func againstCells(s *Subject, n *aggregate.Name) []string {
	if s.against == nil {
		return nil
	}
	j := s.judgement(n)
	if j == nil || j.Then == nil {
		cells := make([]string, len(againstColumns(s)))
		if j != nil {
			cells[len(cells)-1] = string(j.Verdict)
		}
		return cells
	}
	changed := func(then, now time.Duration) string {
		if change := baseline.Change(then, now); !math.IsInf(change, 0) {
			return decimal(change)
		}
		return ""
	}
	given := func(is bool, text func() string) string {
		if !is {
			return ""
		}
		return text()
	}
	then, now := j.Then.Times[aggregate.Elapsed].P50, j.Now.Times[aggregate.Elapsed].P50
	before, after := j.Then.Sizes, j.Now.Sizes
	return []string{
		decimal(ms(then)), changed(then, now), given(j.Tested, func() string { return decimal(j.Corrected) }),
		strconv.Itoa(j.Then.Failed), given(j.Failures != nil, func() string { return decimal(j.Failures.Corrected) }),
		given(before.Count > 0, func() string { return strconv.FormatInt(inBytes(before.P50), 10) }),
		given(before.Count > 0 && after.Count > 0, func() string { return changed(before.P50, after.P50) }),
		given(j.Sizes != nil, func() string { return decimal(j.Sizes.Corrected) }), string(j.Verdict),
	}
}
