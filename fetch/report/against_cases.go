package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// addSlower makes a test case fail if its name got slower. A case that failed anyway says that, too.
func (c *junitCase) addSlower(j *baseline.Judgement, suite *junitSuite) {
	if !isSlower(j) {
		return
	}
	text := slowerText(j)
	if c.Failure != nil {
		c.Failure.Text += "\n" + text
		return
	}
	suite.Failures++
	c.Failure = &junitFailure{Type: string(baseline.Slower), Message: text, Text: text}
}

// tapAgainst adds to the diagnostics of a test point.
func tapAgainst(out *strings.Builder, j *baseline.Judgement) {
	if j == nil {
		return
	}
	fmt.Fprintf(out, "  baseline:\n    verdict: %s\n", j.Verdict)
	if isSlower(j) {
		fmt.Fprintf(out, "    message: %s\n", quoted(slowerText(j)))
	}
	if j.Then != nil {
		t := &j.Then.Times[collect.Elapsed]
		fmt.Fprintf(out, "    p50_ms: %s\n    p95_ms: %s\n", decimal(ms(t.P50)), decimal(ms(t.P95)))
	}
	if j.Tested {
		fmt.Fprintf(out, "    p: %s\n", decimal(j.Corrected))
	}
}

// againstColumns are those that a table of names has besides if there is a baseline.
func againstColumns(s *Source) []string {
	if s.against == nil {
		return nil
	}
	return []string{"baseline_p50", "change", "p", "baseline_verdict"}
}

func againstCells(s *Source, n *collect.Name) []string {
	if s.against == nil {
		return nil
	}
	cells := make([]string, len(againstColumns(s)))
	j := s.judgement(n)
	if j == nil {
		return cells
	}
	cells[3] = string(j.Verdict)
	if j.Then == nil {
		return cells
	}
	then, now := j.Then.Times[collect.Elapsed].P50, j.Now.Times[collect.Elapsed].P50
	cells[0] = decimal(ms(then))
	if change := baseline.Change(then, now); !math.IsInf(change, 0) {
		cells[1] = decimal(change)
	}
	if j.Tested {
		cells[2] = decimal(j.Corrected)
	}
	return cells
}
