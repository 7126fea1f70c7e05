package js_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// Scripts find in the runtime of tests what k6 would give them, and leave the same samples.
func TestRuntimeIsThatOfK6(t *testing.T) {
	t.Parallel()
	said := make([]string, 0, 2)
	samples := make([][]string, 0, 2)
	for _, run := range []func(t *testing.T, path string, env []string) *k6test.Outcome{
		func(t *testing.T, path string, env []string) *k6test.Outcome {
			t.Helper()
			return k6test.StartWith(t, path, env).Wait()
		},
		runFile,
	} {
		site := startSite(t)
		address := strings.NewReplacer(strings.TrimPrefix(site.Web.URL, "http://127.0.0.1"), ":PORT")
		out := run(t, testdata(t, "judged/around.js"), site.Env())
		require.Zero(t, out.ExitCode, out.Stderr)
		said = append(said, address.Replace(out.Stderr))
		samples = append(samples, kinds(out, address))
	}
	require.Contains(t, said[0], `"scenario":"default"`)
	require.Equal(t, said[0], said[1])
	require.Equal(t, samples[0], samples[1])
}

// kinds counts samples by metric, tags and metadata, without those that k6 itself adds to an iteration.
func kinds(out *k6test.Outcome, address *strings.Replacer) []string {
	count := make(map[string]int)
	for _, s := range out.Samples {
		if s.Metric != "data_sent" && s.Metric != "data_received" && !strings.HasPrefix(s.Metric, "iteration") &&
			!strings.HasPrefix(s.Metric, "vus") {
			count[address.Replace(fmt.Sprint(s.Metric, s.Tags, s.Meta))]++
		}
	}
	all := make([]string, 0, len(count))
	for kind, n := range count {
		all = append(all, fmt.Sprint(kind, " ", n))
	}
	slices.Sort(all)
	return all
}
