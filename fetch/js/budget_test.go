package js_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

func TestK6BudgetsOfTargets(t *testing.T) {
	t.Parallel()
	out := runScript(t, newWeb(t), cases+`
const verdicts = (r) => r.budget.map((v) => [v.check, v.ok]);
test('each result says what became of its budget', async () => {
	const run = await concurrent([BASE + '/bytes/5', BASE + '/status/404'], {
		budget: { elapsed: '1m', bytes: '<=5B', status: { min: 200, max: 299 }, attempts: 1, waiting: '>0' },
	});
	same(verdicts(run.results[0]), [
		['elapsed <= 60 s', true], ['waiting > 0 ms', true], ['bytes <= 5 B', true], ['status in 200-299', true], ['attempts <= 1', true],
	]);
	same(run.results[1].budget[3], { check: 'status in 200-299', ok: false, value: 404 });
	same(run.results[0].budget[0].value, run.results[0].timings.elapsed);
	same([run.overBudget, run.failed, run.budget], [1, 1, []]);
});
test('being over budget is no failure', async () => {
	const run = await concurrent([BASE + '/bytes/5'], { budget: { bytes: '<5' } });
	same([run.ok, run.failed, run.overBudget, run.results[0].ok, run.results[0].state], [1, 0, 1, true, 'done']);
});
test('what was not answered breaks what an answer brings', async () => {
	const run = await concurrent(['http://127.0.0.1:1/'], { budget: { elapsed: 5000, queued: 5000, bytes: 5, status: 200 } });
	same(run.results[0].budget.map((v) => [v.ok, v.value === null]), [[false, true], [true, false], [false, true], [false, true]]);
});
test('what was not run is not judged', async () => {
	const run = await sequential([BASE + '/hang', BASE + '/echo'], { deadline: '100ms', budget: { elapsed: 1 } });
	same([run.notRun, run.overBudget, run.results[1].budget], [1, 1, []]);
});
test('without a budget there are no verdicts', async () => {
	const run = await concurrent([BASE + '/echo']);
	same([run.results[0].budget, run.overBudget, run.budget], [[], 0, []]);
});
test('keys of a target win one by one, and null is none', async () => {
	const run = await concurrent([
		BASE + '/bytes/5',
		['GET', BASE + '/bytes/5', null, { budget: { bytes: ['>1', '<9'] } }],
		{ url: BASE + '/bytes/5', params: { budget: { bytes: null, attempts: '==1' } } },
		{ url: BASE + '/bytes/5', params: { budget: null } },
	], { budget: { elapsed: '<1m', bytes: 100, requests: 4 } });
	same(run.results.map((r) => r.budget.map((v) => v.check)), [
		['elapsed < 60 s', 'bytes <= 100 B'], ['elapsed < 60 s', 'bytes > 1 B', 'bytes < 9 B'], ['elapsed < 60 s', 'attempts == 1'], [],
	]);
	same(run.budget.map((v) => v.check), ['requests <= 4']);
});
test('what a call says for a key wins over its Client', async () => {
	const client = new Client({ budget: { elapsed: ['<1m', 'p(95)<1m'], bytes: 7, failed: 0 } });
	const run = await client.concurrent([BASE + '/bytes/5'], { budget: { elapsed: 'max<1m', failed: null } });
	same(run.results[0].budget.map((v) => v.check), ['bytes <= 7 B']);
	same(run.budget.map((v) => v.check), ['max of elapsed < 60 s']);
	same((await client.concurrent([BASE + '/bytes/5'], { budget: null })).results[0].budget, []);
});
test('JSON has the verdicts', async () => {
	const run = await concurrent({ a: BASE + '/bytes/5' }, { budget: { bytes: '<5', requests: 1 } });
	const json = JSON.parse(JSON.stringify(run));
	same(json.results[0].budget, [{ check: 'bytes < 5 B', ok: false, value: 5 }]);
	same([json.overBudget, json.budget], [1, [{ check: 'requests <= 1', ok: true, value: 1 }]]);
	same(run.toJSON(), json);
});
`)
	require.Contains(t, out.Stderr, "ran 8 cases")
	require.NotContains(t, out.Stderr, "FAIL ")
}

func TestK6BudgetsOfRuns(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	script := `
const urls = lines('urls.txt'); // two pages, and one that is missing
const budget = {
	elapsed: ['p(95)<60000', 'avg < 1m', 'min>0', 'max<=60000', 'med<60000'], waiting: 'max<1e-5', failed: ['rate<0.4', 'count<1', 2],
	not_run: 'rate==0', run_elapsed: '1m', speedup: '>0', requests: '<=3', bytes: '1MB',
};
const want = [
	['p(95) of elapsed < 60 s', true], ['avg of elapsed < 60 s', true], ['min of elapsed > 0 ms', true],
	['max of elapsed <= 60 s', true], ['med of elapsed < 60 s', true], ['max of waiting < 0.00001 ms', false],
	['failed rate < 0.4', true], ['failed count < 1', false], ['failed count <= 2', true], ['not_run rate == 0', true],
	['run_elapsed <= 60 s', true], ['speedup > 0', true], ['requests <= 3', true],
];
const verdicts = (run) => run.budget.map((v) => [v.check, v.ok]);
test('a run that keeps its results', async () => {
	const run = await concurrent(urls, { budget });
	same(verdicts(run), want);
	const of = (check) => run.budget.find((v) => v.check.startsWith(check)).value;
	same([of('p(95)'), of('max of waiting'), of('failed rate'), of('requests')],
		[run.percentile(95), run.percentile(100, 'waiting'), run.failed / run.count, run.requests]);
	same([of('run_elapsed'), of('speedup')], [run.elapsed, run.speedup]);
	same(run.overBudget, 0);
});
test('a run that keeps none of them', async () => {
	let longest = 0;
	const run = await concurrent(urls, { budget, onResult: (r) => { longest = Math.max(longest, r.timings.elapsed); } });
	same(run.results.length, 0);
	same(verdicts(run), want);
	same(run.budget.find((v) => v.check.startsWith('max of elapsed')).value, longest);
});
test('sequential, and each measured run of a comparison', async () => {
	same(verdicts(await sequential(urls, { budget })), want);
	const c = await compare(urls, { budget, rounds: 2 });
	for (const round of c.rounds) for (const run of [round.sequential, round.concurrent]) same(verdicts(run), want);
});
test('a stream', async () => {
	const s = stream(urls, { budget });
	await drain(s);
	same(verdicts(s.summary()), want);
});
test('a run of nothing has nothing to judge but itself', async () => {
	same(verdicts(await concurrent([], { budget })).map(([check]) => check),
		['failed count < 1', 'failed count <= 2', 'run_elapsed <= 60 s', 'requests <= 3']);
});
test('nobody answered: no time is kept', async () => {
	const run = await concurrent(['http://127.0.0.1:1/'], { budget: { elapsed: 'max<60000' } });
	same(run.budget, [{ check: 'max of elapsed < 60 s', ok: false, value: null }]);
});
`
	out := k6test.RunFile(t, writeLists(t, srv, script), "-e", "BASE="+srv.URL)
	require.Contains(t, out.Stderr, "ran 6 cases")
	require.NotContains(t, out.Stderr, "FAIL ")
}

// The checks of budgets are those of check(): in k6's summary, in thresholds, in groups, with the tags of the target.
func TestK6BudgetsAreChecks(t *testing.T) {
	t.Parallel()
	script := `
		export const options = {
			tags: { all: 'yes' }, vus: 1, iterations: 1,
			thresholds: { checks: ['rate==1'], 'checks{name:large}': ['rate==0'], 'checks{check:bytes <= 10 B}': ['rate>0.7'] },
		};
		export default async function () {
			exec.vu.metrics.metadata.trace = 'id';
			const runs = [];
			group('outer', () => {
				check(null, { 'bytes <= 10 B': () => true });
				runs.push(concurrent([
					{ url: BASE + '/bytes/5', params: { name: 'small', tags: { kind: 'page' } } },
					{ url: BASE + '/bytes/50', params: { name: 'large' } },
					BASE + '/bytes/6',
					{ url: BASE + '/bytes/60' },
				], { budget: { bytes: 10, requests: 4 }, tags: { one: 'run' } }));
			});
			await runs[0];
			await compare([BASE + '/bytes/5'], { name: 'both', budget: { bytes: 10 } });
		}`
	out := runScript(t, newWeb(t), script, "--summary-mode", "full")
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
	out := runScript(t, newWeb(t), `export default async function () {
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
	out := runScript(t, newWeb(t), `export default async function () {
		await concurrent(times(300, (i) => BASE + '/status/200?n=' + i), { budget: { elapsed: 1, status: 200, failed: 'rate<0.5' } });
	}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	names := make(map[string]int)
	for _, c := range out.Of("checks") {
		names[c.Tags["check"]]++
	}
	require.Equal(t, map[string]int{"elapsed <= 1 ms": 300, "status == 200": 300, "failed rate < 0.5": 1}, names)
}

// misusedBudgets are budgets that cannot be meant: the place, and what the error says of it. Those of a target may not
// be about all results.
//
//nolint:gochecknoglobals,goconst // a table of cases
var misusedBudgets = []struct{ budget, path, must string }{
	{`5`, "", "must be an object of bounds, or null for none; got 5"},
	{`[]`, "", "must be an object of bounds, or null for none; got an array"},
	{`'elapsed<5'`, "", `got "elapsed<5"`},
	{`{ latency: 5 }`, ".latency", "is not a key of a budget; there are attempts, blocked, bytes, connecting, duration, elapsed,"},
	{`{ elapsed: -1 }`, ".elapsed", "must be milliseconds, a duration ('500ms'), a bound ('<500') or an expression ('p(95)<500'), or an array of those; got -1"},
	{`{ elapsed: NaN }`, ".elapsed", "got NaN"},
	{`{ elapsed: true }`, ".elapsed", "got true"},
	{`{ elapsed: {} }`, ".elapsed", "got an object"},
	{`{ elapsed: [] }`, ".elapsed", "got an array"},
	{`{ elapsed: new Array(2 ** 31) }`, ".elapsed", "at most 100 elements; got 2147483648"},
	{`{ elapsed: [5, null] }`, ".elapsed[1]", "got null"},
	{`{ elapsed: [5, '<'] }`, ".elapsed[1]", `got "<"`},
	{`{ elapsed: '100kB' }`, ".elapsed", `got "100kB"`},
	{`{ elapsed: 'p(95) 500' }`, ".elapsed", `got "p(95) 500"`},
	{`{ elapsed: 'p(101)<500' }`, ".elapsed", `got "p(101)<500"`},
	{`{ elapsed: 'rate<1' }`, ".elapsed", `got "rate<1"`},
	{`{ bytes: '5s' }`, ".bytes", "must be a number of bytes, a size ('100kB') or a bound ('<100kB'), or an array of those; got \"5s\""},
	{`{ bytes: 'avg<5' }`, ".bytes", `got "avg<5"`},
	{`{ status: 'ok' }`, ".status", `must be an integer status or an object like {min: 200, max: 299}; got "ok"`},
	{`{ status: [] }`, ".status", "must be at least one status"},
	{`{ attempts: '<one' }`, ".attempts", "must be a number or a bound ('<=2'), or an array of those; got \"<one\""},
	{`{ failed: 'rate<5' }`, ".failed", "must be a number or an expression ('rate<0.01', 'count<=3'), or an array of those; got \"rate<5\""},
	{`{ not_run: 'max<5' }`, ".not_run", `got "max<5"`},
	{`{ run_elapsed: 'p(95)<5' }`, ".run_elapsed", "must be milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those; got \"p(95)<5\""},
	{`{ speedup: 'fast' }`, ".speedup", "must be a number, which it must reach, or a bound ('>2'), or an array of those; got \"fast\""},
}

func TestK6MisuseOfBudgets(t *testing.T) {
	t.Parallel()
	var script strings.Builder
	script.WriteString(`
async function says(call, place, must) {
	const e = await rejection(call);
	ok(e instanceof TypeError && e.message.includes(place) && e.message.includes(must), e.message);
	same(hits('/never'), 0);
}
`)
	for _, c := range misusedBudgets {
		fmt.Fprintf(&script, "test(%q, () => says(concurrent([BASE + '/never'], { budget: %s }), %q, %q));\n",
			c.budget, c.budget, "concurrent options.budget"+c.path+" ", c.must)
	}
	for _, c := range []struct{ budget, path, must string }{
		{`{ elapsed: 'p(95)<500' }`, ".elapsed", "must be milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those; got \"p(95)<500\""},
		{`{ elapsed: ['<5', 'max<5'] }`, ".elapsed[1]", "must be"},
		{`{ failed: 0 }`, ".failed", "is not a key of a budget; there are"},
	} {
		fmt.Fprintf(&script, "test(%q, () => says(concurrent([{ url: BASE + '/never', params: { budget: %s } }]), %q, %q));\n",
			"a target with "+c.budget, c.budget, "concurrent targets[0].params.budget"+c.path+" ", c.must)
	}
	script.WriteString("test('a Client', () => { ok(thrown(() => new Client({ budget: 5 })) instanceof TypeError); });\n")
	runCases(t, newWeb(t), script.String())
}
