//nolint:goconst // a table of cases
package baseline_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// written is a JSON report.
func written(tb testing.TB, about *report.Subject) string {
	tb.Helper()
	text, err := report.Write("json", about, report.Options{Title: "Last week"})
	require.NoError(tb, err)
	return text
}

func TestReadReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	require.Equal(t, report.SchemaVersion, baseline.Version)
	for name, about := range map[string]*report.Subject{
		"demo": reporttest.Demo(), "shop": reporttest.Shop(), "nasty": reporttest.Nasty(), "empty": reporttest.Empty(),
	} {
		for _, text := range []string{written(t, about), "\ufeff" + written(t, about)} {
			r, err := baseline.Read([]byte(text))
			require.NoError(t, err, name)
			require.Equal(t, "Last week", r.Title)
			if !about.Begun.IsZero() {
				require.True(t, about.Begun.Equal(r.Begun), name)
			}
			require.Len(t, r.Names, len(about.Names))
			for i, n := range about.Names {
				got := r.Names[i]
				require.Equal(t, []int{n.Count, n.Failed, n.NotRun}, []int{got.Count, got.Failed, got.NotRun})
				for phase := range n.Times {
					require.InDelta(t, float64(n.Times[phase].Mean()), float64(got.Times[phase].Mean), 500)
					require.InDelta(t, float64(n.Times[phase].Percentile(95)), float64(got.Times[phase].P95), 500)
				}
			}
		}
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	var others strings.Builder
	for phase := aggregate.Elapsed + 1; phase < aggregate.Phases; phase++ {
		fmt.Fprintf(&others, `,%q:{"count":2,"mean":1,"p50":1,"p95":1}`, phase)
	}
	good := `{"version":1,"title":"Last week","begun":"2026-03-14T09:26:53Z","names":[
		{"name":"news","count":2,"failed":0,"notRun":0,"times":{
			"elapsed":{"count":2,"mean":570,"p50":570,"p95":571,"buckets":[[562.037,570.425,2]]}` + others.String() + `}}]}`
	_, err := baseline.Read([]byte(good))
	require.NoError(t, err)
	for _, c := range []struct{ from, to, err string }{
		{good, ``, "it cannot be read (unexpected end of JSON input)"},
		{good, `name,count`, "it cannot be read (invalid character"},
		{good, good[:len(good)/2], "it cannot be read (unexpected end of JSON input)"},
		{good, good + good, "it cannot be read (invalid character '{' after top-level value)"},
		{good, `[]`, "it is a JSON array, not an object"},
		{good, `5`, "it is a JSON number, not an object"},
		{good, `null`, "version is missing"},
		{good, `{"metrics":{}}`, "version is missing"}, // k6's own summary
		{`"version":1`, `"version":2`, "version is 2, which is later than the 1 that this extension reads"},
		{`"times":{`, `"time":{`, "names[0].times.elapsed is missing"},
		{`"version":1`, `"version":0.5`, "version must be 1"},
		{`"version":1`, `"version":"1"`, "version must be 1"},
		{`"title"`, `"Titel"`, "title is missing"},
		{`"title":"Last week"`, `"title":5`, "title must not be of type number"},
		{`"begun"`, `"started"`, "begun is missing"},
		{`"begun":"2026`, `"begun":"20266`, "begun must be a date and a time"},
		{`"names"`, `"urls"`, "names is missing"},
		{`"names":[`, `"names":[null,`, "names[0].name is missing"},
		{`"name":"news","count"`, `"label":"news","count"`, "names[0].name is missing"},
		{`"name":"news","count":2`, `"name":"news"`, "names[0].count is missing"},
		{`"name":"news","count":2`, `"name":"news","count":-2`, "names[0].count must be a whole number of at least 0"},
		{`"name":"news","count":2`, `"name":"news","count":0.5`, "names[0].count must be a whole number"},
		{`"name":"news","count":2`, `"name":"news","count":1e300`, "names[0].count must be a whole number"},
		{`"name":"news","count":2`, `"name":"news","count":[]`, "names.count must not be of type array"},
		{`"blocked"`, `"hindered"`, "names[0].times.blocked is missing"},
		{`"elapsed":{"count":2,`, `"elapsed":{"count":3,`, "names[0].times.elapsed.buckets have 2 values, where count is 3"},
		{`"elapsed":{"count":2,`, `"elapsed":{`, "names[0].times.elapsed.count is missing"},
		{`"mean":570,`, ``, "names[0].times.elapsed.mean is missing"},
		{`"mean":570,`, `"mean":-570,`, "names[0].times.elapsed.mean must be a time in milliseconds"},
		{`"mean":570,`, `"mean":1e308,`, "names[0].times.elapsed.mean must be a time in milliseconds"},
		{`"p50":570,`, `"p50":{},`, "p50 must not be of type object"},
		{`"buckets":[[562.037,570.425,2]]`, `"bars":0`, "names[0].times.elapsed.buckets have 0 values, where count is 2"},
		{`[[562.037,570.425,2]]`, `[[562,570,2]]`, "names[0].times.elapsed.buckets[0] is not one that this extension makes"},
		{`[[562.037,570.425,2]]`, `[[1e300,-1e300,2]]`, "buckets[0] is not one that this extension makes"},
		{`[[562.037,570.425,2]]`, `[[562.037,570.425,-2]]`, "buckets[0] must have a whole number of values"},
		{`[[562.037,570.425,2]]`, `[[562.037,570.425,1],[0,0,1]]`, "buckets[1] must be above the one before"},
	} {
		require.Contains(t, good, c.from)
		_, err := baseline.Read([]byte(strings.Replace(good, c.from, c.to, 1)))
		require.ErrorContains(t, err, c.err)
	}
}

// part is what is read of a report with so many names.
func part(tb testing.TB, names int) map[string]any {
	tb.Helper()
	var d map[string]any
	require.NoError(tb, json.Unmarshal([]byte(written(tb, reporttest.Demo())), &d))
	d["names"] = d["names"].([]any)[:names]
	read := make(map[string]any)
	for _, field := range baseline.Fields() {
		read[field] = d[field]
	}
	return read
}

// Whatever stands wherever in a report, it is read or refused, and what is read can be compared.
func TestReadOfAnythingAnywhere(t *testing.T) {
	t.Parallel()
	small := part(t, 1)
	refused := 0
	var walk func(at any, set func(any))
	walk = func(at any, set func(any)) {
		for _, wrong := range []any{nil, true, "x", -1, 1e300, 0.5, []any{}, []any{1}, []any{nil, nil, nil}, map[string]any{}} {
			set(wrong)
			data, err := json.Marshal(small)
			require.NoError(t, err)
			if r, err := baseline.Read(data); err == nil {
				r.Compare(r.Names, baseline.Defaults())
			} else {
				refused++
				require.NotContains(t, err.Error(), "Go ")
			}
		}
		set(at)
		switch at := at.(type) {
		case map[string]any:
			for key, value := range at {
				walk(value, func(v any) { at[key] = v })
			}
		case []any:
			for i, value := range at {
				walk(value, func(v any) { at[i] = v })
			}
		}
	}
	for key, value := range small {
		walk(value, func(v any) { small[key] = v })
	}
	require.Greater(t, refused, 300)
}

func FuzzRead(f *testing.F) {
	for n := range 3 {
		data, err := json.Marshal(part(f, n))
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`{"version":1,"title":"","begun":"0001-01-01T00:00:00Z","names":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := baseline.Read(data)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		c := r.Compare(r.Names, baseline.Defaults())
		require.Zero(t, c.Count(baseline.Slower)+c.Count(baseline.Faster)+c.Count(baseline.New)+c.Count(baseline.Missing),
			fmt.Sprint(c.Names))
		later, err := baseline.Read(data)
		require.NoError(t, err)
		for i := range later.Names {
			later.Names[i].Name += "x"
		}
		r.Compare(later.Names, baseline.Defaults())
	})
}
