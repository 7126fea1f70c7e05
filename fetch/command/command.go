// Package command is `k6 x fetch`: what scripts do with this module, in one command and without a script. It reads
// flags as values of a script, and runs what a script runs.
package command

import (
	"strings"

	"github.com/spf13/cobra"
	"go.k6.io/k6/v2/cmd/state"
)

// Name is the name of the command.
const Name = "fetch"

// New returns the command.
func New(gs *state.GlobalState) *cobra.Command {
	cmd := &cobra.Command{
		Use: Name + " [flags] URL...", Short: "Fetch URLs and report their times", Long: help, Example: examples,
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
	}
	given := define(cmd, flags())
	cmd.RunE = func(cmd *cobra.Command, urls []string) error {
		p, err := newPlan(gs, version(cmd), urls, given)
		if err != nil {
			return err
		}
		if p.script {
			return p.printScript()
		}
		return p.run()
	}
	cmd.AddCommand(newDifference(gs))
	return cmd
}

// version is k6's version: the first word of what its root command says.
func version(cmd *cobra.Command) string {
	number, _, _ := strings.Cut(cmd.Root().Version, " ")
	return number
}

const help = `Fetch URLs through a pool, and show a line for each as it ends, and the total.

It does what concurrent(), sequential(), compare() and page() of k6/x/fetch do, with the same options, metrics excepted.

Exit status:
  0    all URLs were answered, and no budget was broken
  99   a URL failed or was not run, a budget was broken, or something got slower
  104  a flag or a file is invalid
  105  interrupted`

const examples = `  # Fetch pages together
  k6 x fetch https://a.example https://b.example

  # One at a time and together, compared
  k6 x fetch --compare https://a.example https://b.example

  # A page with all that it needs
  k6 x fetch --page https://a.example

  # All URLs of a site, with a report for a pipeline
  k6 x fetch --sitemap https://a.example/sitemap.xml --report junit=report.xml --budget 'elapsed<500ms'

  # URLs as they come
  generate-urls | k6 x fetch --input -

  # What got slower since
  k6 x fetch --input urls.txt --baseline old.json --report json=new.json

  # The script that does the same
  k6 x fetch --input urls.txt --concurrency 50 --script > load.js`

const differenceHelp = `Compare two reports of the format json or baseline, and say what got slower.

Exit status: 0, or 99 if anything got slower or fails more often.`

const differenceExamples = `  k6 x fetch compare old.json new.json`
