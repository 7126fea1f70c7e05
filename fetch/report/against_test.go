package report_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// compared is a report in all formats that is compared with a baseline, and what its JSON says of that.
type compared struct {
	texts    map[string]string
	document struct {
		Verdict  string
		Passed   bool
		Names    []struct{ Failed, OverBudget int }
		Baseline struct {
			Slower, Faster, Same, TooFew, New, Missing int
			Names                                      []struct {
				Name, Verdict string
				Test          *struct{ P float64 }
				Failures      *struct{ P float64 }
				Sizes         *struct{ P float64 }
			}
		}
	}
}

// comparedSamples are written once.
//
//nolint:gochecknoglobals // a constant
var comparedSamples = sync.OnceValues(func() (map[string]*compared, error) {
	all := make(map[string]*compared)
	for name, of := range reporttest.Compared() {
		about, then := of()
		c := &compared{texts: make(map[string]string)}
		for _, format := range report.Formats() {
			text, err := report.Write(format, about, report.Options{Baseline: then})
			if err != nil {
				return nil, err
			}
			c.texts[format] = text
		}
		if err := json.Unmarshal([]byte(c.texts["json"]), &c.document); err != nil {
			return nil, err
		}
		all[name] = c
	}
	return all, nil
})

func TestSlowerIsAFailure(t *testing.T) {
	t.Parallel()
	all, err := comparedSamples()
	require.NoError(t, err)
	slower, still := all["slower"], all["still"]
	require.False(t, slower.document.Passed)
	require.True(t, strings.HasSuffix(slower.document.Verdict, ", and 4 names got slower"), slower.document.Verdict)
	b := slower.document.Baseline
	require.Equal(t, []int{4, 1, 125, 2, 1, 1}, []int{b.Slower, b.Faster, b.Same, b.TooFew, b.New, b.Missing})
	require.Contains(t, slower.texts["html"], `<header class="top failed">`)
	require.Contains(t, slower.texts["html"], `<div class="tile bad"><dt>slower</dt><dd>4</dd></div>`)

	require.True(t, still.document.Passed)
	require.Equal(t, "All 20 URLs were answered", still.document.Verdict)
	require.Equal(t, 2, still.document.Baseline.Same)
	require.Contains(t, still.texts["html"], `<header class="top passed">`)
	require.Contains(t, still.texts["html"], `<div class="tile"><dt>slower</dt><dd>0</dd></div>`)
	require.Contains(t, still.texts["markdown"], "✅ **All 20 URLs were answered**")
	require.True(t, strings.HasSuffix(still.texts["text"], "\n\nagainst Last night, 14 March 2026, 09:26 UTC\n  2 same\n"))

	nasty := all["nasty-slower"]
	require.True(t, strings.HasPrefix(nasty.document.Verdict, "All 360 URLs were answered, but 29 names got slower"),
		nasty.document.Verdict)
}

func TestTestCasesFailThatGotSlower(t *testing.T) {
	t.Parallel()
	all, err := comparedSamples()
	require.NoError(t, err)
	for name, c := range all {
		var suites struct {
			Suite struct {
				Failures int `xml:"failures,attr"`
				Cases    []struct {
					Name    string `xml:"name,attr"`
					Failure *struct {
						Type string `xml:"type,attr"`
						Text string `xml:",chardata"`
					} `xml:"failure"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		require.NoError(t, xml.Unmarshal([]byte(c.texts["junit"]), &suites))
		points := regexp.MustCompile(`(?m)^(not )?ok \d+ - `).FindAllStringSubmatch(c.texts["tap"], -1)
		rows, err := csv.NewReader(strings.NewReader(c.texts["csv"])).ReadAll()
		require.NoError(t, err)
		failures := 0
		for i, n := range c.document.Names {
			j := c.document.Baseline.Names[i]
			slower, failure := j.Verdict == "slower", suites.Suite.Cases[i].Failure
			fails := slower || n.Failed > 0 || n.OverBudget > 0
			require.Equal(t, fails, failure != nil, "%s: %s", name, j.Name)
			if failure != nil {
				failures++
				require.Equal(t, slower && n.Failed+n.OverBudget == 0, failure.Type == "slower", j.Name)
				require.Equal(t, slower, strings.Contains(failure.Text, "slower than in the baseline: p50 "), j.Name)
				require.Equal(t, n.Failed > 0, strings.Contains(failure.Text, " failed: "), j.Name)
			}
			require.Equal(t, fails, points[i][1] != "", j.Name)
			require.NotRegexp(t, "^[=+\\-@]", rows[i+1][0])
			last := rows[i+1][len(rows[i+1])-9:]
			require.Equal(t, j.Verdict, last[8])
			require.Equal(t, j.Verdict == "new", last[0] == "", j.Name)
			require.Equal(t, j.Verdict == "new", last[3] == "", j.Name)
			require.Equal(t, j.Test == nil, last[2] == "", j.Name)
			require.Equal(t, j.Failures == nil, last[4] == "", j.Name)
			require.Equal(t, j.Sizes == nil, last[7] == "", j.Name)
		}
		for _, own := range suites.Suite.Cases[len(c.document.Names):] { // budgets of runs
			if own.Failure != nil {
				failures++
			}
		}
		require.Equal(t, failures, suites.Suite.Failures, name)
		require.Equal(t, []string{
			"baseline_p50", "change", "p", "baseline_failed", "failed_p", "baseline_bytes", "bytes_change", "bytes_p",
			"baseline_verdict",
		}, rows[0][len(rows[0])-9:])
	}
}

func TestWhatIsSaidOfABaselineFits(t *testing.T) {
	t.Parallel()
	bar := regexp.MustCompile(`(^|[^\\])\|`)
	all, err := comparedSamples()
	require.NoError(t, err)
	for name, c := range all {
		for format, text := range c.texts {
			require.True(t, utf8.ValidString(text), "%s %s", name, format)
			require.NotContains(t, text, "\x1b", "%s %s", name, format)
		}
		_, table, _ := strings.Cut(c.texts["markdown"], "### Against the baseline")
		for line := range strings.SplitSeq(table, "\n") {
			if strings.HasPrefix(line, "| name |") {
				break
			}
			if strings.HasPrefix(line, "|") {
				line = strings.ReplaceAll(line, "| | |", "| . | |")
				require.Len(t, bar.FindAllString(strings.ReplaceAll(line, "||", "| |"), -1), 8, "%s: %s", name, line)
			}
		}
		require.Equal(t, 2, strings.Count(c.texts["html"], "<script"), name)
	}
	text := all["slower"].texts["text"]
	require.Contains(t, text, "\n  name                  then       now    change        p  verdict\n")
	require.Regexp(t, `(?m)^  cart +117 ms +3\d\d ms +\+2\d\d % +<0.0001  slower\n    waiting grew most: 2\d\d ms instead of `, text)
	require.Regexp(t, `(?m)^  old +\d+ ms +–  +missing$`, text)
	require.Regexp(t, `(?m)^  checkout +– +\d+ ms  +new$`, text)
	require.Contains(t, text, "\n  Too few: 9 results of each name, in both reports, would do for all of them.\n")
}

func TestWithoutABaselineNothingIsSaidOfOne(t *testing.T) {
	t.Parallel()
	for _, format := range report.Formats() {
		if format != "html" && format != "baseline" { // the style knows of it
			require.NotContains(t, write(t, format, reporttest.Shop()), "baseline", format)
		}
	}
	require.NotContains(t, write(t, "html", reporttest.Shop()), "h-baseline")
}

func TestARunIsComparedBelowItsBars(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	about := report.OfRun("concurrent", run)
	then, err := baseline.Read([]byte(write(t, "json", about)))
	require.NoError(t, err)
	text, err := report.Write("text", about, report.Options{Baseline: then})
	require.NoError(t, err)
	bars, below, found := strings.Cut(text, "\nagainst A | <b>title</b> # =1, ")
	require.True(t, found, text)
	require.Equal(t, report.Run("concurrent", run), bars)
	require.Contains(t, below, "\n  none of 4 names could be compared: 4 too few\n  Too few: 6 results of each name, in both reports, would do for all of them.\n")
	ways := bothWays(run, run)
	both, err := report.Write("text", report.OfComparison(ways), report.Options{Baseline: then})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(both, report.Comparison(ways)+"\nagainst "), both)
	results, err := report.Write("csv", about, report.Options{Baseline: then})
	require.NoError(t, err)
	require.Equal(t, write(t, "csv", about), results, "a line for each result has nothing to compare")
}

// Of the names that there was no place for, nothing is said but how many.
func TestNamesWithoutFiguresOfTheirOwnAreCounted(t *testing.T) {
	t.Parallel()
	run := realRun(t)
	few := aggregate.DefaultLimits()
	few.Names = 2
	about := report.OfSummary(aggregate.OfRun("concurrent", run, few))
	require.True(t, about.Names[2].Rest)
	all, err := baseline.Read([]byte(write(t, "json", report.OfRun("concurrent", run))))
	require.NoError(t, err)
	for format, says := range map[string]string{
		"text":     "\n  none of 5 names could be compared: 2 too few, 3 not compared\n",
		"markdown": ": **none of 5 names could be compared: 2 too few, 3 not compared**\n", "json": `"notCompared":3,`,
		"junit": ", and none of 5 names could be compared with the baseline", "tap": ", and none of 5 names could be compared", "html": "<p class=\"quiet\">3 names not compared: ",
	} {
		text, err := report.Write(format, about, report.Options{Baseline: all})
		require.NoError(t, err)
		require.Contains(t, text, says, format)
		if format == "text" || format == "markdown" || format == "html" {
			require.Contains(t, text, "3 names not compared: names that stand for several,", format)
		}
	}
	for _, format := range []string{"junit", "tap", "csv"} {
		text, err := report.Write(format, about, report.Options{Baseline: all})
		require.NoError(t, err)
		require.NotContains(t, text, "slower", format)
	}
}

// What fails at once is faster than what answers, and no better.
func TestFasterByFailingIsFailing(t *testing.T) {
	t.Parallel()
	about, then := reporttest.Refusing()
	const why = "20 of 20 failed, instead of 0 of 20"
	for format, says := range map[string]string{
		"text":     "\x1b[31m  home                   0 %     100 %            <0.0001  failing",
		"markdown": "| ❌ failing | `home` | 0 % | 100 % |",
		"html":     "1 name fails more often",
		"junit":    "&#xA;fails more often than in the baseline: " + why + ", p &lt; 0.0001</failure>",
		"tap":      "    verdict: failing\n    message: \"fails more often than in the baseline: " + why,
		"json":     `"verdict":"20 of 20 URLs failed, and 1 name fails more often"`,
	} {
		text, err := report.Write(format, about, report.Options{Baseline: then, Colors: true})
		require.NoError(t, err)
		require.Contains(t, text, says, format)
		if format != "json" {
			require.Contains(t, text, why, format)
			require.NotContains(t, text, "✅ faster", format)
		}
		if format != "html" {
			require.NotRegexp(t, `\b1 faster|"faster":1`, text, format)
		}
	}
}

// The report of a name that is well again, and of one whose answers grew, says so, and passes.
func TestHealedAndGrownNamesAreTold(t *testing.T) {
	t.Parallel()
	about, then := reporttest.Healed()
	for format, says := range map[string][]string{
		"text": {
			"All 80 URLs were answered in ", "\n  1 grew, 1 healed, 1 shrank, 1 same\n",
			"  home                 100 %       0 %            <0.0001  healed\n",
			"\n    0 of 20 failed, instead of 20 of 20\n", "  10.0 kB   40.0 kB    +300 %  <0.0001  grew\n", "  shrank\n",
		},
		"markdown": {"| ✅ healed | `home` |", "| grew | `page` |"},
		"json":     {`"passed":true`, `"healed":1,`, `"grew":1,`, `"shrank":1,`, `"sizes":{"verdict":"grew","p":`},
		"csv":      {",grew\r\n", ",healed\r\n"},
		"tap":      {"verdict: healed\n"},
		"html":     {"healed"},
	} {
		text, err := report.Write(format, about, report.Options{Baseline: then})
		require.NoError(t, err)
		for _, says := range says {
			require.Contains(t, text, says, format)
		}
		require.NotContains(t, text, "not ok", format)
	}
}

// A report in which little could be compared says so before it says that nothing got slower.
func TestLittleThatCouldBeComparedIsSaidFirst(t *testing.T) {
	t.Parallel()
	about, then := reporttest.Uncompared()
	const of = "588 of 600 names could not be compared"
	for format, says := range map[string]string{
		"text":     "\n  " + of + ": 588 too few, 12 same\n",
		"markdown": ", **but " + of + " with the baseline**",
		"json":     `"summary":"` + of + `: 588 too few, 12 same"`,
		"html":     of + ".",
		"junit":    "but " + of + " with the baseline</system-out>",
		"tap":      "but " + of + " with the baseline\n",
	} {
		text, err := report.Write(format, about, report.Options{Baseline: then})
		require.NoError(t, err)
		require.Contains(t, text, says, format)
	}
}

// A baseline says the same as the JSON report of the same test.
func TestABaselineComparesAsTheJSONReportDoes(t *testing.T) {
	t.Parallel()
	now, _ := reporttest.Slower()
	for name, about := range sources() {
		formats := []string{"json", "baseline"}
		said := make([]string, 0, len(formats))
		for _, format := range formats {
			then, err := baseline.Read([]byte(write(t, format, about)))
			require.NoError(t, err, "%s %s", name, format)
			require.Equal(t, "A | <b>title</b> # =1", then.Title)
			require.Equal(t, format == "baseline", then.Begun.IsZero())
			text, err := report.Write("csv", now, report.Options{Baseline: then})
			require.NoError(t, err)
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			require.NoError(t, err)
			verdicts := make([]string, len(rows))
			for i, row := range rows {
				verdicts[i] = row[0] + " " + row[len(row)-1]
			}
			said = append(said, strings.Join(verdicts, "\n"))
		}
		require.Equal(t, said[0], said[1], name)
	}
	about, then := reporttest.Slower()
	text, err := report.Write("baseline", about, report.Options{Baseline: then})
	require.NoError(t, err)
	require.NotContains(t, text, "slower", "it is about this test alone")
}
