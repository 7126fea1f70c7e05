package report_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// pacedRun is a run of two targets, of which the second is due after a while.
func pacedRun(t *testing.T, starts ...time.Duration) *fetch.Run {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	client := fetch.NewClient(fetch.Config{})
	t.Cleanup(client.Close)
	spec := &fetch.Spec{}
	spec.Timeout = 10 * time.Second
	list := fetch.TargetList{{URL: srv.URL + "/first", Spec: spec}, {URL: srv.URL + "/second", Spec: spec}}
	targets := fetch.From(list)
	if starts != nil {
		targets = fetch.FromAt(list, starts)
	}
	return client.Run(t.Context(), targets, fetch.Options{Concurrency: 1}, ignore{})
}

// Reports show when targets started, which queued alone does not say of those that were due later.
func TestReportsShowWhenPacedTargetsStarted(t *testing.T) {
	t.Parallel()
	const due = 120 * time.Millisecond
	run := pacedRun(t, 0, due)
	second := run.Results.At(1)
	require.GreaterOrEqual(t, second.Started(), due)
	about := report.OfRun("concurrent", run)

	var har struct {
		Log struct {
			Entries []struct {
				Started time.Time `json:"startedDateTime"`
				Queued  float64   `json:"_queued"`
			} `json:"entries"`
		} `json:"log"`
	}
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", about)), &har))
	entry := har.Log.Entries[1]
	require.GreaterOrEqual(t, entry.Started.Sub(run.Started), due-time.Millisecond, "its dates are in milliseconds")
	require.InDelta(t, second.Queued.Seconds()*1000, entry.Queued, 0.01)

	var d report.Document
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", about)), &d))
	require.Zero(t, d.Runs[0].Results[0].Due)
	require.InDelta(t, 120, d.Runs[0].Results[1].Due, 0.01)
	require.InDelta(t, second.Queued.Seconds()*1000, d.Runs[0].Results[1].Timings["queued"], 0.01)

	table, err := csv.NewReader(strings.NewReader(write(t, "csv", about))).ReadAll()
	require.NoError(t, err)
	last := len(table[0]) - 1
	require.Equal(t, []string{"due", "0", "120"}, []string{table[0][last], table[1][last], table[2][last]})

	rows := regexp.MustCompile(`"rows":(\[\[.*?\]\])`).FindStringSubmatch(write(t, "html", about))
	require.NotNil(t, rows)
	var numbers [][]int64
	require.NoError(t, json.Unmarshal([]byte(rows[1]), &numbers))
	const resourceAndDue = 2
	require.Len(t, numbers[1], len(numbers[0])+resourceAndDue)
	require.Equal(t, []int64{0, due.Microseconds()}, numbers[1][len(numbers[0]):])
}

// A run without starts looks as it always did.
func TestReportsSayNothingOfStartsThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	about := report.OfRun("concurrent", pacedRun(t))
	require.NotContains(t, write(t, "json", about), `"due"`)
	header, _, _ := strings.Cut(write(t, "csv", about), "\r\n")
	require.True(t, strings.HasSuffix(header, ",over_budget"), header)
}

// What is kept of a result knows when it was due, too.
func TestSamplesKnowWhenTheyWereDue(t *testing.T) {
	t.Parallel()
	r := &fetch.Result{State: fetch.StateDone, Due: time.Second, Queued: time.Millisecond, Elapsed: time.Minute}
	sample := aggregate.SampleOf(r)
	kept := sample.Result()
	require.Equal(t, []time.Duration{r.Started(), r.Queued, r.Ended()},
		[]time.Duration{kept.Started(), kept.Queued, kept.Ended()})
}
