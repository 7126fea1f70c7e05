// Package report writes reports about runs, comparisons and whole tests. Each format has a file of its own, or several
// that begin with its name. What formats have in common is in package phrase, and the HTML page
// in package page.
package report

import (
	"fmt"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// Subject is what a report is about. OfRun, OfComparison and OfSummary make one.
type Subject = phrase.Subject

// OfRun is a report about one run.
func OfRun(mode string, run *fetch.Run) *Subject { return phrase.OfRun(mode, run) }

// OfComparison is a report about a run for each way.
func OfComparison(ways []aggregate.FullRun) *Subject { return phrase.OfComparison(ways) }

// OfSummary is a report about what was collected.
func OfSummary(s *aggregate.Summary) *Subject { return phrase.OfSummary(s) }

// Options say how a report is written.
type Options struct {
	// Title is what the report is called. There is always one.
	Title string
	// Colors marks good and bad in a text, for a terminal.
	Colors bool
	// Baseline is an earlier report to compare with, nil if there is none. Against says what counts as a difference.
	Baseline *baseline.Report
	Against  baseline.Options
	// K6 is what k6 says of the test, nil if it is not known. The verdict of the report is then that of its thresholds.
	K6 *k6summary.Summary
	// Width is how many columns a text may take, 0 for the usual 80. Less than 40 is taken as 40, more than 500 as 500.
	Width int
}

// compared returns the subject with what differs from the baseline, if there is one. A subject that has been compared
// stays as it is.
func (o Options) compared(s *Subject) *Subject {
	if o.Baseline == nil || s.Against != nil {
		return s
	}
	return s.ComparedWith(o.Baseline, o.Against)
}

// DefaultTitle is what a report is called that has no title.
const DefaultTitle = "Fetch report"

// writers are the formats.
//
//nolint:gochecknoglobals // a constant table
var writers = map[string]func(*Subject, Options) (string, error){
	"text":     withK6(writeText),
	"json":     writeJSON,
	"markdown": writeMarkdown,
	"csv":      writeCSV,
	"junit":    writeJUnit,
	"tap":      writeTAP,
	"har":      writeHAR,
	"html":     func(s *Subject, opts Options) (string, error) { return page.Write(s, opts.Title) },
	"baseline": func(s *Subject, opts Options) (string, error) {
		return baseline.Write(phrase.Clean(opts.Title), phrase.Compared(s))
	},
}

// Formats are the names of the formats.
func Formats() []string {
	return []string{"text", "html", "json", "markdown", "csv", "junit", "tap", "har", "baseline"}
}

// Write returns a report in one of the formats.
func Write(format string, about *Subject, opts Options) (string, error) {
	write, ok := writers[format]
	if !ok {
		return "", fmt.Errorf("there is no report format %q", format)
	}
	if opts.Title == "" {
		opts.Title = DefaultTitle
	}
	about = opts.compared(about)
	if opts.K6 != nil {
		about = about.JudgedBy(opts.K6)
	}
	return write(about.Dated(time.Now()), opts)
}
