// Command write writes simulated reports into a folder, in all formats, for tests that are not in Go.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

func main() {
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// sample is a report to be written.
type sample struct {
	about   *report.Subject
	options report.Options
}

func write(folder string) error {
	extensions := map[string]string{
		"text": "txt", "html": "html", "json": "json", "markdown": "md", "csv": "csv", "junit": "xml", "tap": "tap",
		"har": "har", "baseline": "jsonl",
	}
	const large = 10_000
	samples := map[string]sample{
		"demo": {about: reporttest.Demo()}, "shop": {about: reporttest.Shop()}, "nasty": {about: reporttest.Nasty()},
		"empty": {about: reporttest.Empty()}, "large": {about: reporttest.Large(large)},
		"versions": {about: reporttest.Versions()}, "uneven": {about: reporttest.Uneven()},
		"paced":  {about: reporttest.Paced()},
		"visits": {about: reporttest.Visits()}, "first-visit": {about: reporttest.FirstVisit()},
		"returning": {about: reporttest.Returning()}, "visited": {about: reporttest.Visited()},
		"nasty-visit": {about: reporttest.NastyVisit()},
		"expected":    {about: reporttest.Expected()},
		"budgets":     {about: reporttest.Budgets()}, "failing": {about: reporttest.Failing()},
		"load": {about: reporttest.Load(), options: report.Options{Title: "Shop, 60 VUs", K6: reporttest.Judged()}},
	}
	for name, of := range reporttest.Compared() {
		about, then := of()
		samples[name] = sample{about, report.Options{Baseline: then}}
	}
	if err := writeLines(folder, samples["visited"].about); err != nil {
		return err
	}
	for name, s := range samples {
		for _, format := range report.Formats() {
			text, err := report.Write(format, s.about, s.options)
			if err != nil {
				return err
			}
			path := filepath.Join(folder, name+"."+extensions[format])
			// #nosec G703 -- where it is told to
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLines writes the lines of JSON that the results of a run have as they end, and the last one.
func writeLines(folder string, about *report.Subject) error {
	var all []byte
	for _, r := range about.Runs[0].Results.All() {
		line, err := report.ResultLine(about.Runs[0].Mode, r)
		if err != nil {
			return err
		}
		all = append(all, line...)
	}
	line, err := report.EndLine(about, report.Options{}, false, 0)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "visited.lines")
	return os.WriteFile(path, append(all, line...), 0o600) // #nosec G703 -- where it is told to
}
