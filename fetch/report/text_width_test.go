package report_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

// A text is as wide as it may be, unless a name is wider: that has a line of its own, and is whole.
func TestTextFitsItsWidth(t *testing.T) {
	t.Parallel()
	all := sources()
	all["run"] = report.OfRun("concurrent", realRun(t))
	all["budgeted"] = report.OfRun("concurrent", budgetedRun(t))
	all["both"] = report.OfComparison(bothWays(realRun(t), realRun(t)))
	all["large"] = reporttest.Large(300)
	options := make(map[string]report.Options)
	for name, of := range reporttest.Compared() {
		about, then := of()
		all[name], options[name] = about, report.Options{Baseline: then}
	}
	for name, about := range all {
		names := make(map[string]bool)
		for _, n := range documentOf(t, about).Names {
			names[strings.TrimSpace(n.Name)] = true
		}
		for width, most := range map[int]int{0: 80, 20: 40, 50: 50, 65: 65, 130: 130, 600: 500} {
			if options[name].Baseline != nil && width%25 > 0 {
				continue // to compare takes its time
			}
			opts := options[name]
			opts.Width = width
			text, err := report.Write("text", about, opts)
			require.NoError(t, err)
			require.NotContains(t, text, "\x1b")
			require.NotContains(t, text, "…", "%s: nothing is cut", name)
			for line := range strings.SplitSeq(text, "\n") {
				long := func(word string) bool { return utf8.RuneCountInString(word) > most-16 } // a URL in an error
				if utf8.RuneCountInString(line) > most && !slices.ContainsFunc(strings.Fields(line), long) &&
					!strings.Contains(line, "日") { // wide letters take two
					require.Contains(t, names, strings.TrimSpace(line), "%s in %d columns", name, width)
				}
			}
			if len(names) <= 50 {
				for n := range names {
					require.Contains(t, text, n, "%s in %d columns", name, width)
				}
			}
		}
	}
	colored, err := report.Write("text", reporttest.Shop(), report.Options{Colors: true})
	require.NoError(t, err)
	require.Contains(t, colored, "\x1b[31m")
	plain := regexp.MustCompile(`\x1b\[\d+m`).ReplaceAllString(colored, "")
	require.Equal(t, write(t, "text", reporttest.Shop()), plain)
}

func TestTextOfACollection(t *testing.T) {
	t.Parallel()
	text := write(t, "text", reporttest.Shop())
	lines := strings.Split(text, "\n")
	require.Regexp(t, `^4 of 2,640 URLs failed, and 20 were not run in 4\d\.\d+ s$`, lines[0])
	require.Regexp(t, `^concurrent was \d\.\d times as fast as one at a time`, lines[1])
	require.Regexp(t, `^  name +count  failed +p50 +p95 +max$`, lines[3])
	require.Regexp(t, `^  cart +22 +3 .* \*+$`, lines[4], "what failed comes first")
	require.Contains(t, text, "3 × unexpected status 503: cart\n")
}
