package js_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// The checks of budgets are those of check(): in k6's summary, in thresholds, in groups, with the tags of the target.
func TestK6BudgetsAreChecks(t *testing.T) {
	t.Parallel()
	out := judge(t, web.New(t), "budgets-are-checks", "--summary-mode", "full")
	require.Equal(t, 99, out.ExitCode, "a budget that is broken breaks the threshold")
	require.Contains(t, out.Stderr, "thresholds on metrics 'checks' have been crossed")

	var own map[string]string
	got := make(map[string]float64)
	for _, s := range out.Of("checks") {
		require.Equal(t, map[string]string{"trace": "id"}, s.Meta)
		tags := maps.Clone(s.Tags)
		if tags["mode"] == "" {
			own = tags
			continue
		}
		name := strings.TrimPrefix(tags["name"], tagged(out))
		got[strings.Join([]string{tags["mode"], tags["check"], name, tags["kind"], tags["one"], tags["group"]}, "|")] += s.Value + 10
		for _, key := range []string{"mode", "name", "kind", "one", "check", "group"} {
			delete(tags, key)
		}
		require.Equal(t, map[string]string{"all": "yes", "scenario": "default"}, tags)
	}
	require.Equal(t, map[string]string{"all": "yes", "scenario": "default", "check": "bytes <= 10 B", "group": "::outer"}, own)
	require.Equal(t, map[string]float64{
		"concurrent|bytes <= 10 B|small|page|run|::outer": 11,
		"concurrent|bytes <= 10 B|large||run|::outer":     10,
		"concurrent|bytes <= 10 B|/bytes/6||run|::outer":  11,
		"concurrent|bytes <= 10 B|/bytes/60||run|::outer": 10,
		"concurrent|requests <= 4|||run|::outer":          11,
		"concurrent|bytes <= 10 B|both|||":                11,
		"sequential|bytes <= 10 B|both|||":                11,
	}, got)
	require.Regexp(t, `✗ bytes <= 10 B\s+↳  71% — ✓ 5 / ✗ 2\s+✓ requests <= 4`, out.Stdout, "as in k6's summary")
}

// tagged is what the names of targets begin with that have none.
func tagged(out *k6test.Outcome) string {
	for _, s := range out.Of("fetch_elapsed") {
		if base, ok := strings.CutSuffix(s.Tags["name"], "/bytes/6"); ok {
			return base
		}
	}
	return ""
}

func TestK6BudgetsWithoutTheTagOfChecks(t *testing.T) {
	t.Parallel()
	out := runScript(t, web.New(t), `export default async function () {
		await concurrent([BASE + '/bytes/5'], { name: 'page', budget: { bytes: 10, requests: 1 } });
	}`, "--system-tags", "name")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	checks := out.Of("checks")
	require.Len(t, checks, 2)
	for _, c := range checks {
		require.NotContains(t, c.Tags, "check")
	}
}

// However many URLs there are, there are as many names of checks as there are checks.
func TestK6BudgetsHaveFewNames(t *testing.T) {
	t.Parallel()
	out := runScript(t, web.New(t), `export default async function () {
		await concurrent(times(300, (i) => BASE + '/status/200?n=' + i), { budget: { elapsed: 1, status: 200, failed: 'rate<0.5' } });
	}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	names := make(map[string]int)
	for _, c := range out.Of("checks") {
		names[c.Tags["check"]]++
	}
	require.Equal(t, map[string]int{"elapsed <= 1 ms": 300, "status == 200": 300, "failed rate < 0.5": 1}, names)
}
