package report

import (
	"encoding/csv"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// writeCSV writes a line for each result of a run, or for each name of what was collected, as RFC 4180 has it, times in
// milliseconds.
func writeCSV(s *Subject, _ Options) (string, error) {
	var out strings.Builder
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if len(s.Runs) > 0 {
		csvK6(w, s, writeResults(w, s))
	} else {
		csvK6(w, s, writeNames(w, s))
	}
	w.Flush()
	return out.String(), w.Error()
}

// maxColumns is the capacity for the columns of a header.
const maxColumns = 70

// writeResults writes a line for each result, and returns the header.
func writeResults(w *csv.Writer, s *Subject) []string {
	header := append(make([]string, 0, maxColumns),
		"mode", "index", "key", "name", "method", "url", "state", "status", "error_code", "error", "attempts", "requests",
		"bytes", "reused",
	)
	for phase := range aggregate.Phases {
		header = append(header, phase.String())
	}
	header = append(header, "over_budget")
	paced := slices.ContainsFunc(s.Runs, isPaced)
	if paced {
		header = append(header, "due")
	}
	header = append(append(header, resourceColumns(s)...), k6Columns(s)...)
	_ = w.Write(header) // Flush reports the error
	for _, run := range s.Runs {
		for i, r := range run.Results.All() {
			line := append(make([]string, 0, len(header)),
				run.Mode, strconv.Itoa(i), cell(r.Key()), cell(r.Name()), cell(r.Method()), cell(r.URL()),
				r.State.String(), strconv.Itoa(r.Status), strconv.Itoa(r.ErrorCode), cell(r.Error),
				strconv.Itoa(r.Attempts), strconv.Itoa(r.Requests), strconv.FormatInt(r.Bytes, 10), strconv.FormatBool(r.Reused),
			)
			for _, d := range aggregate.TimesOf(r) {
				line = append(line, phrase.Decimal(phrase.Millis(d)))
			}
			line = append(line, cell(phrase.BrokenChecks(r)))
			if paced {
				line = append(line, phrase.Decimal(phrase.Millis(r.Due)))
			}
			line = append(line, resourceCells(s, r)...)
			_ = w.Write(append(line, k6Cells(s, "result")...))
		}
	}
	return header
}

func isPaced(run aggregate.FullRun) bool { return run.Results.Paced() }

// writeNames writes a line for each name, and returns the header.
func writeNames(w *csv.Writer, s *Subject) []string {
	header := append(make([]string, 0, maxColumns), "name", "count", "ok", "failed", "not_run", "requests", "bytes")
	for phase := range aggregate.Phases {
		for _, what := range []string{"_p50", "_p95", "_p99", "_max"} {
			header = append(header, phase.String()+what)
		}
	}
	header = append(header, "over_budget")
	header = append(append(append(header, pageColumns(s)...), againstColumns(s)...), k6Columns(s)...)
	_ = w.Write(header)
	for _, n := range s.Names {
		line := append(make([]string, 0, len(header)),
			cell(n.Name), strconv.Itoa(n.Count), strconv.Itoa(n.Ok), strconv.Itoa(n.Failed), strconv.Itoa(n.NotRun),
			strconv.Itoa(n.Requests), strconv.FormatInt(n.Bytes, 10),
		)
		for phase := range n.Times {
			line = append(line, percentileCells(&n.Times[phase])...)
		}
		line = append(append(line, strconv.Itoa(n.OverBudget)), pageCells(s, n)...)
		_ = w.Write(append(append(line, againstCells(s, n)...), k6Cells(s, "name")...))
	}
	return header
}

// againstColumns are those that a table of names has besides if there is a baseline.
func againstColumns(s *Subject) []string {
	if s.Against == nil {
		return nil
	}
	return []string{
		"baseline_p50", "change", "p", "baseline_failed", "failed_p", "baseline_bytes", "bytes_change", "bytes_p",
		"baseline_verdict",
	}
}

func againstCells(s *Subject, n *aggregate.Name) []string {
	if s.Against == nil {
		return nil
	}
	j := s.Judgement(n)
	if j == nil || j.Then == nil {
		cells := make([]string, len(againstColumns(s)))
		if j != nil {
			cells[len(cells)-1] = string(j.Verdict)
		}
		return cells
	}
	changed := func(then, now time.Duration) string {
		if change := baseline.Change(then, now); !math.IsInf(change, 0) {
			return phrase.Decimal(change)
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
		phrase.Decimal(phrase.Millis(then)), changed(then, now),
		given(j.Tested, func() string { return phrase.Decimal(j.Corrected) }),
		strconv.Itoa(j.Then.Failed), given(j.Failures != nil, func() string { return phrase.Decimal(j.Failures.Corrected) }),
		given(before.Count > 0, func() string { return strconv.FormatInt(phrase.InBytes(before.P50), 10) }),
		given(before.Count > 0 && after.Count > 0, func() string { return changed(before.P50, after.P50) }),
		given(j.Sizes != nil, func() string { return phrase.Decimal(j.Sizes.Corrected) }), string(j.Verdict),
	}
}

// resourceColumns are those that results have besides where some are of pages.
func resourceColumns(s *Subject) []string {
	if len(s.Types) == 0 {
		return nil
	}
	return []string{"type", "initiator", "element", "priority", "blocking", "from_cache"}
}

func resourceCells(s *Subject, r *fetch.Result) []string {
	about := r.Resource()
	if about == nil {
		return make([]string, len(resourceColumns(s)))
	}
	initiator := ""
	if about.Initiator >= 0 {
		initiator = strconv.Itoa(about.Initiator)
	}
	return []string{
		about.Type, initiator, cell(about.Element), about.Priority, strconv.FormatBool(about.Blocking),
		strconv.FormatBool(r.FromCache),
	}
}

// pageColumns are those that names have besides where pages were visited: how many results came from a cache, and the
// visits of the page whose document has the name.
func pageColumns(s *Subject) []string {
	if len(s.Pages) == 0 {
		return nil
	}
	columns := []string{"from_cache", "visits", "visits_whole"}
	for m := range aggregate.Moments {
		for _, what := range []string{"_p50", "_p95", "_p99", "_max"} {
			columns = append(columns, "page_"+m.String()+what)
		}
	}
	return columns
}

func pageCells(s *Subject, n *aggregate.Name) []string {
	cells := make([]string, len(pageColumns(s)))
	if len(cells) == 0 {
		return nil
	}
	cells[0] = strconv.Itoa(n.Hits)
	p := s.PageOf(n)
	if p == nil {
		return cells
	}
	filled := []string{cells[0], strconv.Itoa(p.Visits), strconv.Itoa(p.Whole)}
	for m := range p.Times {
		filled = append(filled, percentileCells(&p.Times[m])...)
	}
	return filled
}

// percentileCells are those of a time.
func percentileCells(h *aggregate.Histogram) []string {
	cells := make([]string, 0, 4) //nolint:mnd // as follows
	for _, p := range []float64{phrase.Median, phrase.NearlyAll, phrase.Outliers} {
		cells = append(cells, phrase.Decimal(phrase.Millis(h.Percentile(p))))
	}
	return append(cells, phrase.Decimal(phrase.Millis(h.Max())))
}

// k6Columns are those that a table has where lines of thresholds and checks follow those of names or results.
func k6Columns(s *Subject) []string {
	if s.K6 == nil {
		return nil
	}
	return []string{"kind", "outcome"}
}

// k6Cells are those of a name or a result.
func k6Cells(s *Subject, kind string) []string {
	if s.K6 == nil {
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
	for _, t := range s.K6Thresholds() {
		passes, fails := 1, 0
		if !t.Ok {
			passes, fails = 0, 1
		}
		line("threshold", phrase.ThresholdText(t), passes, fails, phrase.ThresholdOutcome(t))
	}
	for _, c := range s.K6Checks() {
		line("check", c.Path(), c.Passes, c.Fails, phrase.CheckOutcome(c))
	}
}

// cell makes a text safe for a spreadsheet: one that would be a formula gets an apostrophe in front.
func cell(s string) string {
	s = phrase.Clean(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\ufffd"))
	if strings.ContainsRune("=+-@|＝＋－＠", first) {
		return "'" + s
	}
	return s
}
