package command

import (
	"github.com/spf13/cobra"
	"go.k6.io/k6/v2/cmd/state"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// differenceFlags are the flags of the command that compares reports.
func differenceFlags() []*flag {
	var own []*flag
	for _, f := range flags() {
		switch f.name {
		case "significance", "tolerance", "json":
			own = append(own, f)
		}
	}
	return own
}

// newDifference returns the command that compares two reports.
func newDifference(gs *state.GlobalState) *cobra.Command {
	cmd := &cobra.Command{
		Use: "compare old new", Short: "Say what got slower between two reports",
		Long:    differenceHelp,
		Example: differenceExamples,
		Args: func(_ *cobra.Command, args []string) error {
			const both = 2
			if len(args) != both {
				return usagef("compare takes two reports, the old one and the new one; got %d", len(args))
			}
			return nil
		},
	}
	flags := define(cmd, differenceFlags())
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		p := &plan{gs: gs, about: report.Options{Against: baseline.Defaults()}}
		if err := p.readFlags(flags); err != nil {
			return err
		}
		return p.difference(args[0], args[1])
	}
	return cmd
}

// difference prints how a report differs from an older one.
func (p *plan) difference(older, newer string) error {
	if older == standardInput && newer == older {
		return usagef("standard input can be read only once: both reports are -")
	}
	then, err := p.readReport(older)
	if err != nil {
		return err
	}
	now, err := p.readReport(newer)
	if err != nil {
		return err
	}
	c := then.Compare(now.Names, p.about.Against)
	text := report.Difference(c, p.textOptions())
	if p.json {
		line, err := report.DifferenceLine(c)
		if err != nil {
			return err
		}
		text = string(line)
	}
	if _, err := p.gs.Stdout.Write([]byte(text)); err != nil {
		return err
	}
	if phrase.AreWorse(c) {
		return failed(phrase.GotWorse(c))
	}
	return nil
}
