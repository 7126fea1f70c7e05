package command

import (
	"context"
	"slices"

	"golang.org/x/term"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/command/view"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// viewConfig says what the view shows. If the output can no longer be written to, the run is canceled.
func (s *session) viewConfig(cancel context.CancelCauseFunc) view.Config {
	out := s.gs.Stdout
	cfg := view.Config{
		Out: out, JSON: s.json, Failed: cancel,
		Colors: out.IsTTY && !s.gs.Flags.NoColor,
		Quiet:  s.gs.Flags.Quiet || s.reportsToOutput(),
	}
	if out.IsTTY {
		cfg.Size = s.width
	}
	return cfg
}

// reportsToOutput reports whether a report goes to standard output, which then has nothing else.
func (p *plan) reportsToOutput() bool {
	return slices.ContainsFunc(p.reports, func(r reportFile) bool { return r.path == "" })
}

// width is how many columns the terminal has.
func (p *plan) width() int {
	const usual = 80 // for terminals that do not know
	columns, _, err := term.GetSize(p.gs.Stdout.RawOutFd)
	if err != nil || columns <= 0 {
		return usual
	}
	return columns
}

// isLive reports whether the view shows how far the run is.
func (p *plan) isLive() bool {
	return p.gs.Stdout.IsTTY && !p.gs.Flags.Quiet && !p.json && !p.reportsToOutput()
}

// watch returns the function that is told how far a run is: by the view, or by lines in the log as those of scripts.
func (s *session) watch() func(func() fetch.Progress) func() {
	switch {
	case s.gs.Flags.Quiet:
		return nil
	case !s.isLive():
		return s.board.Watch(func(line string) { s.state.Logger.Info(line) })
	case s.mode != work.Compare:
		return s.view.Watch("")
	default:
		return s.view.Watch("comparing")
	}
}

// textOptions are those of a text that goes to standard output.
func (p *plan) textOptions() report.Options {
	const widest = 200
	opts := p.about
	if p.gs.Stdout.IsTTY {
		opts.Colors, opts.Width = !p.gs.Flags.NoColor, min(p.width(), widest)
	}
	return opts
}

// mostLines is how many lines of results are shown together, and remembered.
const mostLines = 50

// ending shows what came of it all.
func (s *session) ending(outcome work.Outcome, about *report.Subject, cut bool) error {
	switch c := outcome.Comparison; {
	case s.reportsToOutput():
		return nil
	case s.json:
		if c != nil && !s.gs.Flags.Quiet {
			if err := s.comparedLines(c); err != nil {
				return err
			}
		}
		line, err := report.EndLine(about, s.about, cut, s.leftOut())
		s.view.Print(string(line))
		return err
	case c != nil:
		text, err := report.Write("text", report.OfComparison(c.Median()), s.textOptions())
		s.view.Print(text)
		return err
	default:
		many := s.gs.Flags.Quiet || about.Count > mostLines
		s.view.Print(report.Ending(about, s.textOptions(), many))
		return nil
	}
}

// leftOut is how many invalid entries of lists were left out.
func (s *session) leftOut() int {
	n := s.skipped
	for _, f := range s.feeds {
		n += int(f.skipped.Load())
	}
	return n
}

// comparedLines writes the results of a comparison as lines of JSON.
func (s *session) comparedLines(c *work.Comparison) error {
	for i := range c.Rounds {
		round := &c.Rounds[i]
		for _, place := range round.Order {
			for _, r := range round.Runs[place].Results.All() {
				line, err := report.ResultLine(string(c.Modes[place]), r)
				if err != nil {
					return err
				}
				s.view.Print(string(line))
			}
		}
	}
	return nil
}

// conclude shows what came of it all, writes the reports, and returns the error that the command exits with.
func (s *session) conclude(outcome work.Outcome, cut bool) error {
	about := report.OfSummary(s.collector.Summary())
	if s.about.Baseline != nil {
		about = about.ComparedWith(s.about.Baseline, s.about.Against) // once, for all reports
	}
	if n := s.leftOut(); n > 0 {
		s.state.Logger.Warnf("invalid entries were left out: %d", n)
	}
	if err := s.ending(outcome, about, cut); err != nil {
		return err
	}
	if err := s.writeReports(about); err != nil {
		return err
	}
	if !about.Passed() {
		return failed(phrase.Verdict(about))
	}
	for _, f := range s.feeds {
		if f.cut.Load() {
			return failed("the list was not read to its end")
		}
	}
	return nil
}
