package documents_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

func TestDocumentsNameWhatTheModuleHas(t *testing.T) {
	t.Parallel()
	has := &names{}
	require.NoError(t, json.Unmarshal([]byte(read(t, namesFile)), has))
	documented := tables(t)
	for _, name := range []string{
		"Params", "ClientOptions", "Run", "Result", "Certificate", "Timings", "Comparison", "WaysComparison", "Stream", "Client",
		"TargetList", "CSVOptions", "HAROptions", "RunBudget", "Expectation",
		"ReportOptions", "VisitSettings",
	} {
		require.Equal(t, has.Types[name], documented["names: "+name].names(), name)
	}
	for name, of := range map[string]string{"Visit": "Run", "PageResult": "Result"} {
		own := slices.DeleteFunc(slices.Clone(has.Types[name]), func(member string) bool {
			return slices.Contains(has.Types[of], member)
		})
		require.Equal(t, own, documented["names: "+name].names(), "what a %s has besides that of a %s", name, of)
	}
	calls := slices.Compact(documented["names: calls"].names()) // sitemap() has two
	require.ElementsMatch(t, slices.Concat(has.Functions, has.Classes), calls)
}

func TestDocumentsListFormatsAndVerdicts(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile("`'?([a-z ]+)'?`")
	listed := func(mark string) []string {
		var found []string
		for _, cells := range tables(t)[mark].rows {
			for _, m := range quoted.FindAllStringSubmatch(cells[0], -1) {
				found = append(found, m[1])
			}
		}
		return found
	}
	require.ElementsMatch(t, report.Formats(), listed("formats"))

	verdicts := make([]string, len(baseline.Verdicts()))
	for i, verdict := range baseline.Verdicts() {
		verdicts[i] = string(verdict)
	}
	require.ElementsMatch(t, verdicts, listed("verdicts"))
}

func TestDocumentsListTheMetrics(t *testing.T) {
	t.Parallel()
	registry := metrics.NewRegistry()
	_, err := k6metrics.Register(registry)
	require.NoError(t, err)
	documented := tables(t)["metrics"]
	types := map[string]string{}
	for _, cells := range documented.rows {
		types[cells[0]] = cells[1]
	}
	all := registry.All()
	registered := make([]string, len(all))
	for i, metric := range all {
		registered[i] = metric.Name
		kind := metric.Type.String()
		if metric.Contains == metrics.Time {
			kind += ", time"
		}
		require.Equal(t, kind, types["`"+metric.Name+"`"], metric.Name)
	}
	slices.Sort(registered)
	require.Equal(t, registered, documented.names())
}
