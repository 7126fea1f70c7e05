package report_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// table reads CSV as maps from columns to cells.
func table(t *testing.T, about *report.Subject) (rows []map[string]string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(write(t, "csv", about))).ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		row := make(map[string]string)
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

func TestCSVOfAVisitHasItsResources(t *testing.T) {
	t.Parallel()
	run := visits(t, 2)[1]
	rows := table(t, report.OfRun("page", run))
	require.Len(t, rows, run.Count)
	for i, row := range rows {
		r := run.Results.At(i)
		about := r.Resource()
		require.Equal(t, about.Type, row["type"])
		require.Equal(t, about.Priority, row["priority"])
		require.Equal(t, about.Element, row["element"])
		require.Equal(t, map[bool]string{true: "true", false: "false"}[about.Blocking], row["blocking"])
		require.Equal(t, map[bool]string{true: "true", false: "false"}[r.FromCache], row["from_cache"])
		if i == 0 {
			require.Empty(t, row["initiator"], "nothing refers to the page")
		}
	}
	require.Equal(t, "1", rows[12]["initiator"], "the place of a stylesheet")
	for _, row := range table(t, report.OfRun("concurrent", realRun(t))) {
		require.NotContains(t, row, "type", "other runs have no such columns")
	}
}

func TestCSVOfATestHasItsPages(t *testing.T) {
	t.Parallel()
	about := reporttest.Visits()
	for i, row := range table(t, about) {
		n := about.Names[i]
		if n.Name != "home" && n.Name != "product" {
			require.Empty(t, row["visits"]+row["page_load_p95"], n.Name)
			continue
		}
		require.Equal(t, map[string]string{"home": "60", "product": "20"}[n.Name], row["visits"])
		require.NotEmpty(t, row["page_blocking_p50"])
	}
	require.NotContains(t, table(t, reporttest.Shop())[0], "visits")
}

func TestTextOfATestHasItsPages(t *testing.T) {
	t.Parallel()
	text := write(t, "text", reporttest.Visits())
	require.Regexp(t, `(?m)^  page +p50 +p95 +max$`, text)
	require.Regexp(t, `(?m)^  home: 60 visits; 600 from cache, 80 validated\n    document .* \*+\n    blocking .* \*+\n    load .* \*+\n  product: 20 visits; `, text)
	for _, name := range []string{"shop", "budgets"} {
		require.NotContains(t, write(t, "text", sources()[name]), " visit")
	}
}

func TestMarkdownHasPagesAndTypes(t *testing.T) {
	t.Parallel()
	text := write(t, "markdown", reporttest.Visits())
	require.Regexp(t, "(?m)^\\| `home` \\| 60 \\| 0 \\| \\d+ ms \\|", text)
	require.Regexp(t, `(?m)^\| type \| count \| failed \| from cache \| requests \| bytes \|$`, text)
	require.Regexp(t, `(?m)^\| font \| 160 \| 0 \| 120 \| 40 \| 2.8 MB \|$`, text)
	require.NotContains(t, write(t, "markdown", reporttest.Shop()), "### Pages")
}

// JUnit has no place for times but those of test cases, so it says them. TAP has them with the document.
func TestJUnitAndTAPSayTheTimesOfPages(t *testing.T) {
	t.Parallel()
	about := reporttest.Visits()
	require.Regexp(t, `<system-out>23 of 1,500 URLs failed&#xA;home: 60 visits; .*; load p50 \d+ ms, p95 \d+ ms&#xA;product: `,
		write(t, "junit", about))
	require.Regexp(t, `(?m)^ok \d+ - home\n  ---\n(  .*\n)+  page:\n    visits: 60\n    whole: 60\n    document_ms: [\d.]+\n`,
		write(t, "tap", about))
	for _, format := range []string{"junit", "tap"} {
		require.NotContains(t, write(t, format, reporttest.Shop()), "visits")
	}
}

// A page of which no visit was whole has no times in any format.
func TestPagesWithoutTimes(t *testing.T) {
	t.Parallel()
	about := report.OfRun("page", visitOf(t, "images/gone.png", time.Hour))
	about.Runs = nil // as that of a test
	require.Contains(t, write(t, "text", about), ": 1 visit, 1 not whole\n\n")
	require.Contains(t, write(t, "junit", about), ": 1 visit, 1 not whole</system-out>")
	require.Contains(t, write(t, "markdown", about), " | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |\n")
	var d report.Document
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	require.Equal(t, []int{1, 0}, []int{d.Pages[0].Visits, d.Pages[0].Whole})
}

// A baseline has nothing of what came from a cache, whichever way it is written: no request was made for it.
func TestBaselinesLeaveOutWhatCameFromACache(t *testing.T) {
	t.Parallel()
	about := reporttest.Returning()
	for _, format := range []string{"json", "baseline"} {
		then, err := baseline.Read([]byte(write(t, format, about)))
		require.NoError(t, err, format)
		for _, n := range then.Names {
			require.Equal(t, n.Count-n.NotRun, n.Times[0].Count, "%s: %s", format, n.Name)
			if n.Name == "cdn.example font" {
				require.Zero(t, n.Count, format)
			}
		}
		require.Len(t, then.Names, len(about.Names)+2, "and the times of the page")
	}
	for _, wrong := range []string{`"fromCache":-1,`, `"fromCache":"2",`, `"fromCache":1.5,`} {
		text := strings.Replace(write(t, "json", about), `"fromCache":2,`, wrong, 3)
		_, err := baseline.Read([]byte(text))
		require.Error(t, err, wrong)
	}
}

// The times of pages are compared as those of names are, by either kind of baseline.
func TestPagesAreComparedWithABaseline(t *testing.T) {
	t.Parallel()
	about, then := reporttest.SlowerPage()
	for name, then := range map[string]*baseline.Report{"json": then, "lines": asLines(t, then)} {
		against := about.ComparedWith(then, baseline.Defaults()).Against
		for page, want := range map[string]baseline.Verdict{
			"page_blocking of home": baseline.Slower, "page_load of home": baseline.Slower,
			"page_blocking of product": baseline.Same, "page_load of product": baseline.Same,
		} {
			j := against.Of(page)
			require.Equal(t, want, j.Verdict, "%s: %s", name, page)
			require.Nil(t, j.Grown, "a page has no phases")
		}
	}
	opts := report.Options{Baseline: then}
	junit, err := report.Write("junit", about, opts)
	require.NoError(t, err)
	require.Regexp(t, `<testcase name="page_load of home" [^>]*>\s*<failure type="slower" message="slower than in the baseline: `, junit)
	require.Regexp(t, `<testcase name="page_load of product" [^>]*></testcase>`, junit)
	tap, err := report.Write("tap", about, opts)
	require.NoError(t, err)
	require.Regexp(t, `(?m)^not ok \d+ - page_load of home\n  ---\n  baseline:\n    verdict: slower\n`, tap)
	require.NotContains(t, write(t, "tap", about), "page_load of", "without a baseline, there is nothing to test")
}

// asLines reads what a baseline of names says.
func asLines(t *testing.T, of *baseline.Report) *baseline.Report {
	t.Helper()
	text, err := baseline.Write(of.Title, of.Names)
	require.NoError(t, err)
	read, err := baseline.Read([]byte(text))
	require.NoError(t, err)
	return read
}

func TestPagesOfABaselineAreChecked(t *testing.T) {
	t.Parallel()
	good := write(t, "json", reporttest.Visits())
	for _, c := range []struct{ from, to, err string }{
		{`"pages":[{"name":"home"`, `"pages":[{"title":"home"`, "pages[0].name is missing"},
		{`"visits":60`, `"visits":"60"`, "pages.visits must not be of type string"},
		{`"visits":60`, `"visits":-1`, "pages[0].visits must be a whole number of at least 0"},
		{`"whole":60`, `"whole":61`, "pages[0].whole must not be more than visits"},
		{`"whole":60`, `"whole":59`, "pages[0].times.blocking.count must be that of whole visits"},
		{`"load":{"count"`, `"loads":{"count"`, "pages[0].times.load is missing"},
	} {
		require.Contains(t, good, c.from)
		_, err := baseline.Read([]byte(strings.Replace(good, c.from, c.to, 1)))
		require.EqualError(t, err, c.err)
	}
}

// Results of a visit have a line of JSON as others have, with what they are to the page.
func TestLinesOfAVisit(t *testing.T) {
	t.Parallel()
	run := visits(t, 2)[1]
	hits := 0
	for i, r := range run.Results.All() {
		line, err := report.ResultLine("page", r)
		require.NoError(t, err)
		var d struct {
			Type     string
			Resource struct {
				Type, Priority      string
				FromCache, Blocking bool
				Initiator           *struct {
					Index        int
					Element, URL string
				}
			}
		}
		require.NoError(t, json.Unmarshal(line, &d))
		require.Equal(t, "result", d.Type, "that of the line")
		about := r.Resource()
		require.Equal(t, []string{about.Type, about.Priority}, []string{d.Resource.Type, d.Resource.Priority})
		require.Equal(t, i > 0, d.Resource.Initiator != nil)
		if d.Resource.FromCache {
			hits++
		}
	}
	require.Equal(t, run.Page.Hits, hits)
	r := realRun(t).Results.At(0)
	line, err := report.ResultLine("concurrent", r)
	require.NoError(t, err)
	require.NotContains(t, string(line), `"resource"`)
	require.Equal(t, fetch.StateDone, r.State)
}
