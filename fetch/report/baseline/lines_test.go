//nolint:goconst,testifylint // a table of cases, and lines that are compared as they are written
package baseline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

func linesOf(tb testing.TB, about *report.Subject) string {
	tb.Helper()
	text, err := report.Write("baseline", about, report.Options{Title: "main"})
	require.NoError(tb, err)
	return text
}

// The format is part of what repositories keep: it must not change without its version.
func TestLinesAreAsTheyWere(t *testing.T) {
	t.Parallel()
	one := outcome{ok: 3, failed: 1, notRun: 2, okMS: 570, failsMS: 12, bytes: 45_210}
	text, err := baseline.Write("main <b>", []baseline.Name{
		one.name("https://a.example/?q=1&r=<2>"), outcome{notRun: 1}.name("never"), outcome{}.name("a"),
	})
	require.NoError(t, err)
	require.Equal(t, `{"baseline":1,"title":"main <b>"}
{"name":"a","count":0,"failed":0,"notRun":0}
{"name":"https://a.example/?q=1&r=<2>","count":6,"failed":1,"notRun":2,`+
		`"elapsed":{"mean":430.6,"p50":570,"p95":570.2,"buckets":[605,1,965,3]},`+
		`"bytes":{"mean":45210,"p50":45210,"p95":45210,"buckets":[728,3]}}
{"name":"never","count":1,"failed":0,"notRun":1}
`, text)
	r, err := baseline.Read([]byte(text))
	require.NoError(t, err)
	require.Equal(t, "main <b>", r.Title)
	require.True(t, r.Begun.IsZero())
	require.Equal(t, []int{6, 1, 2}, []int{r.Names[1].Count, r.Names[1].Failed, r.Names[1].NotRun})
	require.Equal(t, baseline.Figures{
		Count: 4, Mean: 430_600 * time.Microsecond, P50: 570 * time.Millisecond, P95: 570_200 * time.Microsecond,
	}, r.Names[1].Times[aggregate.Elapsed])
	require.Equal(t, 3, r.Names[1].Sizes.Count)
}

// What is written is read, compares with itself as equal, and is written the same again.
func TestLinesAreReadBack(t *testing.T) {
	t.Parallel()
	for name, about := range map[string]*report.Subject{
		"demo": reporttest.Demo(), "shop": reporttest.Shop(), "nasty": reporttest.Nasty(), "empty": reporttest.Empty(),
		"large": reporttest.Large(300),
	} {
		text := linesOf(t, about)
		require.True(t, strings.HasSuffix(text, "\n"), name)
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		require.True(t, slices.IsSorted(lines), "%s: in the order of their bytes", name)
		require.Len(t, lines, 1+len(about.Names), name)
		now := make([]baseline.Name, len(about.Names))
		for i, n := range about.Names {
			now[i] = baseline.Of(n, fmt.Sprintf("name %d", i)) // what is called alike cannot be compared
		}
		written, err := baseline.Write("main", now)
		require.NoError(t, err)
		r, err := baseline.Read([]byte(written))
		require.NoError(t, err, name)
		again, err := baseline.Write(r.Title, r.Names)
		require.NoError(t, err)
		require.Equal(t, written, again, name)
		c := r.Compare(now, baseline.Options{Significance: 0.01})
		require.Equal(t, len(now), c.Count(baseline.Same)+c.Count(baseline.TooFew)+c.NotCompared, name)
		for _, j := range c.Names {
			if j.Tested {
				require.InDelta(t, 1, j.P, 1e-9, "%s: %q", name, j.Name)
			}
		}
		for _, as := range []string{
			"\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n"), text + "\n\n", strings.TrimSuffix(text, "\n"),
		} {
			_, err := baseline.Read([]byte(as))
			require.NoError(t, err, name)
		}
	}
}

// A thousand names, each with seventy results, are a file of a few hundred kilobytes.
func TestLinesAreShort(t *testing.T) {
	t.Parallel()
	names := make([]baseline.Name, 1000)
	for i := range names {
		names[i] = sample(fmt.Sprintf("https://www.example.com/articles/%d/some-title-of-it", i), 70,
			exponential(uint64(i), 200*time.Millisecond))
	}
	text, err := baseline.Write("main", names)
	require.NoError(t, err)
	require.Less(t, len(text), 800_000)
}

func TestReadSaysWhichLineIsWrong(t *testing.T) {
	t.Parallel()
	const good = `{"baseline":1,"title":"main"}
{"name":"a","count":3,"failed":1,"notRun":0,"elapsed":{"mean":570,"p50":570,"p95":571,"buckets":[974,2,975,1]},` +
		`"phases":{"waiting":300},"bytes":{"mean":10,"p50":10,"p95":10,"buckets":[40,2]}}
{"name":"b","count":1,"failed":0,"notRun":1}
`
	_, err := baseline.Read([]byte(good))
	require.NoError(t, err)
	for _, c := range []struct{ from, to, err string }{
		{`"baseline":1`, `"baseline":2`, "line 1: baseline is 2, which is later than the 1 that this extension reads"},
		{`"baseline":1`, `"baseline":0`, "line 1: baseline must be 1"},
		{`"baseline":1`, `"baseline":null`, "line 1: baseline is missing"},
		{`"title":"main"`, `"Titel":"main"`, "line 1: title is missing"},
		{`"title":"main"`, `"title":5`, "line 1: title must not be of type number"},
		{`{"baseline":1,"title":"main"}` + "\n", "<<<<<<< HEAD\n", "it cannot be read (invalid character '<' looking for beginning of value)"},
		{`{"name":"b"`, "<<<<<<< HEAD\n" + `{"name":"b"`, "line 3: it cannot be read (invalid character '<' looking"},
		{`{"name":"b"`, `{"name":"b"` + "\n", "line 3: it cannot be read (unexpected end of JSON input)"},
		{`{"name":"b"`, "\n\n5\n" + `{"name":"b"`, "line 5: it is a JSON number, not an object"},
		{`{"name":"b"`, `{"label":"b"`, "line 3: name is missing"},
		{`{"name":"b"`, `{"name":7`, "line 3: name must not be of type number"},
		{`"b","count":1`, `"b"`, "line 3: count is missing"},
		{`"b","count":1`, `"b","count":-1`, "line 3: count must be a whole number of at least 0"},
		{`"notRun":1`, `"notRun":2`, "line 3: failed and notRun must not be more than count together"},
		{`"notRun":1`, `"notRun":0`, "line 3: elapsed is missing"},
		{`"elapsed"`, `"time"`, "line 2: elapsed is missing"},
		{`"mean":570,`, ``, "line 2: elapsed.mean is missing"},
		{`"p95":571`, `"p95":-1`, "line 2: elapsed.p95 must be a time in milliseconds"},
		{`"p95":571`, `"p95":1e300`, "line 2: elapsed.p95 must be a time in milliseconds"},
		{`"mean":10`, `"mean":-10`, "line 2: bytes.mean must be a number of bytes"},
		{`,"buckets":[40,2]`, ``, "line 2: bytes.buckets is missing"},
		{`[40,2]`, `[40]`, "line 2: bytes.buckets must be pairs of a bucket and a number of values"},
		{`[40,2]`, `[40,3]`, "line 2: bytes.buckets have 3 values, where there must be 2"},
		{`[974,2,975,1]`, `[974,2,974,1]`, "line 2: elapsed.buckets[2] must be above the bucket before"},
		{`[974,2,975,1]`, `[974,2,9999,1]`, "line 2: elapsed.buckets[2] is not a bucket that this extension makes"},
		{`[974,2,975,1]`, `[0.5,2,975,1]`, "line 2: elapsed.buckets[0] is not a bucket that this extension makes"},
		{`[974,2,975,1]`, `[974,0.5,975,1]`, "line 2: elapsed.buckets[1] must be a whole number of values"},
		{`[974,2,975,1]`, `"974"`, "line 2: elapsed.buckets must not be of type string"},
		{`"waiting":300`, `"waiting":-300`, "line 2: phases.waiting must be a time in milliseconds"},
	} {
		require.Contains(t, good, c.from)
		_, err := baseline.Read([]byte(strings.Replace(good, c.from, c.to, 1)))
		require.ErrorContains(t, err, c.err)
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add([]byte(linesOf(f, reporttest.Demo())))
	f.Add([]byte(linesOf(f, reporttest.Empty())))
	f.Add([]byte("{\"baseline\":1,\"title\":\"\"}\r\n{\"name\":\"a\",\"rest\":true,\"count\":0,\"failed\":0,\"notRun\":0}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := baseline.Read(data)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		c := r.Compare(r.Names, baseline.Defaults())
		for _, v := range baseline.Verdicts() {
			if v != baseline.Same && v != baseline.TooFew {
				require.Zero(t, c.Count(v), "%s: %v", v, c.Names)
			}
		}
		text, err := baseline.Write(r.Title, r.Names)
		require.NoError(t, err)
		again, err := baseline.Read([]byte(text))
		require.NoError(t, err, text)
		twice, err := baseline.Write(again.Title, again.Names)
		require.NoError(t, err)
		require.Equal(t, text, twice)
	})
}
