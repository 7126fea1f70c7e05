package report

import (
	"encoding/csv"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
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

// maxColumns is room for those that there are.
const maxColumns = 50

// writeResults writes a line for each result, and returns the header.
func writeResults(w *csv.Writer, s *Subject) []string {
	header := append(make([]string, 0, maxColumns),
		"mode", "index", "key", "name", "method", "url", "state", "status", "error_code", "error", "attempts", "requests",
		"bytes", "reused",
	)
	for phase := range aggregate.Phases {
		header = append(header, phase.String())
	}
	header = append(append(header, "over_budget"), k6Columns(s)...)
	_ = w.Write(header) // Flush reports the error
	for _, run := range s.Runs {
		for i, r := range run.Results.All() {
			line := append(make([]string, 0, len(header)),
				run.Mode, strconv.Itoa(i), cell(r.Key()), cell(r.Name()), cell(methodOf(r)), cell(r.URL()),
				r.State.String(), strconv.Itoa(r.Status), strconv.Itoa(r.ErrorCode), cell(r.Error),
				strconv.Itoa(r.Attempts), strconv.Itoa(r.Requests), strconv.FormatInt(r.Bytes, 10), strconv.FormatBool(r.Reused),
			)
			for _, d := range aggregate.TimesOf(r) {
				line = append(line, decimal(ms(d)))
			}
			line = append(line, cell(brokenChecks(r)))
			_ = w.Write(append(line, k6Cells(s, "result")...))
		}
	}
	return header
}

// writeNames writes a line for each name, and returns the header.
func writeNames(w *csv.Writer, s *Subject) []string {
	header := append(make([]string, 0, maxColumns), "name", "count", "ok", "failed", "not_run", "requests", "bytes")
	for phase := range aggregate.Phases {
		for _, what := range []string{"_p50", "_p95", "_p99", "_max"} {
			header = append(header, phase.String()+what)
		}
	}
	header = append(header, "over_budget")
	header = append(append(header, againstColumns(s)...), k6Columns(s)...)
	_ = w.Write(header)
	for _, n := range s.Names {
		line := append(make([]string, 0, len(header)),
			cell(n.Name), strconv.Itoa(n.Count), strconv.Itoa(n.Ok), strconv.Itoa(n.Failed), strconv.Itoa(n.NotRun),
			strconv.Itoa(n.Requests), strconv.FormatInt(n.Bytes, 10),
		)
		for phase := range n.Times {
			h := &n.Times[phase]
			for _, p := range []float64{median, nearlyAll, outliers} {
				line = append(line, decimal(ms(h.Percentile(p))))
			}
			line = append(line, decimal(ms(h.Max())))
		}
		line = append(line, strconv.Itoa(n.OverBudget))
		_ = w.Write(append(append(line, againstCells(s, n)...), k6Cells(s, "name")...))
	}
	return header
}

// cell makes a text safe for a spreadsheet: one that would be a formula gets an apostrophe in front.
func cell(s string) string {
	s = clean(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\ufffd"))
	if strings.ContainsRune("=+-@|＝＋－＠", first) {
		return "'" + s
	}
	return s
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func methodOf(r *fetch.Result) string {
	if s := r.Target.Spec; s != nil && s.Method != "" {
		return s.Method
	}
	return "GET"
}
