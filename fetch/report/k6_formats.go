package report

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// withK6 puts k6's own summary above a text: it prints none where there is a handleSummary.
func withK6(write func(*Subject, Options) (string, error)) func(*Subject, Options) (string, error) {
	return func(s *Subject, opts Options) (string, error) {
		text, err := write(s, opts)
		if err == nil && s.k6 != nil {
			text = "\n" + s.k6.Text(layoutOf(opts).paint) + "\n" + text
		}
		return text, err
	}
}

// k6Record is what k6 says of the test, in JSON.
type k6Record struct {
	Passed     bool              `json:"passed"`
	Thresholds []thresholdRecord `json:"thresholds"`
	Checks     []checkRecord     `json:"checks"`
}

type (
	thresholdRecord struct {
		Metric     string `json:"metric"`
		Expression string `json:"expression"`
		Ok         bool   `json:"ok"`
		Value      string `json:"value"`
	}
	checkRecord struct {
		Group  string `json:"group"`
		Name   string `json:"name"`
		Passes int    `json:"passes"`
		Fails  int    `json:"fails"`
	}
)

// k6RecordOf is nil where the report was handed nothing of k6's.
func k6RecordOf(s *Subject) *k6Record {
	if s.k6 == nil {
		return nil
	}
	r := &k6Record{Passed: s.k6.Passed(), Thresholds: []thresholdRecord{}, Checks: []checkRecord{}}
	for _, t := range s.k6.Thresholds {
		r.Thresholds = append(r.Thresholds, thresholdRecord{clean(t.Metric), clean(t.Expression), t.Ok, clean(t.Value)})
	}
	for _, c := range s.k6.Checks {
		r.Checks = append(r.Checks, checkRecord{clean(c.Group), clean(c.Name), c.Passes, c.Fails})
	}
	return r
}

// addK6 adds a test case for each threshold and each check.
func (s *junitSuite) addK6(about *Subject) {
	for _, t := range about.k6Thresholds() {
		s.addCase("thresholds", thresholdText(t), "threshold", t.Ok, thresholdOutcome(t))
	}
	for _, c := range about.k6Checks() {
		s.addCase("checks", clean(c.Path()), "check", c.Ok(), checkOutcome(c))
	}
}

// addCase adds a test case of one kind, which takes no time.
func (s *junitSuite) addCase(class, name, kind string, ok bool, outcome string) {
	test := junitCase{Name: shown(name), Class: s.Name + " " + class, Time: "0.000"}
	if !ok {
		s.Failures++
		test.Failure = &junitFailure{Type: kind, Message: outcome, Text: outcome}
	}
	s.Tests++
	s.Cases = append(s.Cases, test)
}

// tapK6 writes a test point for each threshold and each check, the first of them with that number.
func tapK6(out *strings.Builder, s *Subject, first int) {
	point := func(ok bool, what, outcome string) {
		result := "ok"
		if !ok {
			result = "not ok"
		}
		fmt.Fprintf(out, "%s %d - %s\n  ---\n  outcome: %s\n  ...\n", result, first, tapText(what), quoted(outcome))
		first++
	}
	for _, t := range s.k6Thresholds() {
		point(t.Ok, "threshold: "+thresholdText(t), thresholdOutcome(t))
	}
	for _, c := range s.k6Checks() {
		point(c.Ok(), "check: "+shown(c.Path()), checkOutcome(c))
	}
}

// tapK6Points is how many test points tapK6 writes.
func tapK6Points(s *Subject) int { return len(s.k6Thresholds()) + len(s.k6Checks()) }

// mdK6 writes a table of thresholds and one of checks.
func mdK6(out *strings.Builder, s *Subject) {
	mark := func(ok bool) string {
		if ok {
			return "✅"
		}
		return "❌"
	}
	if thresholds := s.k6Thresholds(); len(thresholds) > 0 {
		out.WriteString("\n### Thresholds\n\n| | metric | threshold | value |\n|---|---|---|--:|\n")
		for _, t := range thresholds[:min(len(thresholds), maxMarkdown)] {
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", mark(t.Ok), mdCode(t.Metric), mdCode(t.Expression), mdText(t.Value))
		}
		if more := len(thresholds) - maxMarkdown; more > 0 {
			fmt.Fprintf(out, "\nand %s more thresholds\n", number(more))
		}
	}
	if checks := s.k6Checks(); len(checks) > 0 {
		out.WriteString("\n### Checks\n\n| | check | passed | failed |\n|---|---|--:|--:|\n")
		for _, c := range checks[:min(len(checks), maxMarkdown)] {
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", mark(c.Ok()), mdText(c.Path()), number(c.Passes), number(c.Fails))
		}
		if more := len(checks) - maxMarkdown; more > 0 {
			fmt.Fprintf(out, "\nand %s more checks\n", number(more))
		}
	}
}

// k6Columns are those that a table has where lines of thresholds and checks follow those of names or results.
func k6Columns(s *Subject) []string {
	if s.k6 == nil {
		return nil
	}
	return []string{"kind", "outcome"}
}

// k6Cells are those of a name or a result.
func k6Cells(s *Subject, kind string) []string {
	if s.k6 == nil {
		return nil
	}
	return []string{kind, ""}
}

// csvK6 writes a line for each threshold and each check, below those of names or results. Lines have the columns of the
// header: "kind" says what a line is about, and "outcome" what became of it.
func csvK6(w *csv.Writer, s *Subject, header []string) {
	line := func(kind, name string, passes, fails int, outcome string) {
		cells := make([]string, len(header))
		for i, column := range header {
			switch column {
			case "kind":
				cells[i] = kind
			case "name":
				cells[i] = cell(name)
			case "count":
				cells[i] = strconv.Itoa(passes + fails)
			case "ok":
				cells[i] = strconv.Itoa(passes)
			case "failed":
				cells[i] = strconv.Itoa(fails)
			case "outcome":
				cells[i] = cell(outcome)
			}
		}
		_ = w.Write(cells) // Flush reports the error
	}
	for _, t := range s.k6Thresholds() {
		passes, fails := 1, 0
		if !t.Ok {
			passes, fails = 0, 1
		}
		line("threshold", thresholdText(t), passes, fails, thresholdOutcome(t))
	}
	for _, c := range s.k6Checks() {
		line("check", c.Path(), c.Passes, c.Fails, checkOutcome(c))
	}
}
