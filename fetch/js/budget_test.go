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

// Expectations are checks as well, and in every report. What is not met fails the target, but not its request.
func TestK6ExpectationsAreChecks(t *testing.T) {
	t.Parallel()
	out := judge(t, web.New(t), "expectations-are-checks")
	require.Equal(t, 99, out.ExitCode, "what is not met breaks the threshold")
	got := make(map[string]float64)
	for _, s := range out.Of("checks") {
		got[strings.Join([]string{s.Tags["mode"], s.Tags["check"], s.Tags["name"], s.Tags["kind"], s.Tags["one"]}, "|")] += s.Value + 10
	}
	require.Equal(t, map[string]float64{
		"concurrent|status == 200|five|page|run":       11,
		"concurrent|body contains \"x\"|five|page|run": 11,
		"concurrent|status == 200|six||run":            11,
		"concurrent|body contains \"y\"|six||run":      10,
		"concurrent|status == 200|nobody||run":         10,
		"concurrent|body contains \"x\"|nobody||run":   10,
	}, got)
	failed := make(map[string]float64)
	for _, metric := range []string{"fetch", "http_req"} {
		for _, s := range out.Of(metric + "_failed") {
			failed[metric+" "+s.Tags["name"]] = s.Value
		}
	}
	require.Equal(t, map[string]float64{
		"fetch five": 0, "fetch six": 1, "fetch nobody": 1, "http_req five": 0, "http_req six": 0, "http_req nobody": 1,
	}, failed, "the request of what is not met has succeeded")

	for i, want := range []string{
		"expected\n  ✗ status == 200: 1 of 3 not met, 1 not answered: nobody\n" +
			"  ✗ body contains \"x\": 1 of 2 not met, 1 not answered: nobody\n  ✗ body contains \"y\": not met: six\n",
		"### Expected\n",
		"body contains &#34;y&#34;: not in 6 bytes",
		`body contains \"y\": not in 6 bytes`,
		`"unmet":[{"check":"body contains \"y\"","got":"not in 6 bytes"}]`,
		"\nsix,1,0,1,",
		`"_unmet":[{"check":"body contains \"y\"","got":"not in 6 bytes"}]`,
	} {
		part := strings.Split(out.Stdout, "\n=====\n")[i]
		require.Contains(t, part, want)
		require.NotContains(t, part, "over budget")
	}
}
