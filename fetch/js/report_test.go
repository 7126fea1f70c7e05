package js_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

func TestK6ReportsOfRuns(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
import { report } from 'k6/x/fetch';

test('run.report() writes each format', async () => {
	const run = await concurrent({ 'a | <b>': BASE + '/status/200', c: BASE + '/status/404' });
	same(run.report('text'), run.text());
	same(JSON.parse(run.report('json')).totals.failed, 1);
	ok(run.report('markdown').includes('❌ **1 of 2 URLs failed**'), run.report('markdown'));
	same(run.report('csv').trim().split('\r\n').length, 3);
	ok(run.report('junit').includes('tests="2" failures="1"'), run.report('junit'));
	ok(run.report('tap').includes('1..2\n'), run.report('tap'));
	same(JSON.parse(run.report('har')).log.entries.map((e) => e.response.status), [200, 404]);
	ok(run.report('html', { title: 'My <pages>' }).includes('<title>✕ My &lt;pages&gt;'), 'html');
});
test('comparison.report() shows both ways', async () => {
	const c = await compare([BASE + '/delay/20', BASE + '/delay/30']);
	same(c.report('text'), c.text());
	const json = JSON.parse(c.report('json', { title: 'both' }));
	same([json.title, json.comparison.speedup, json.comparison.sequential.count], ['both', c.speedup, 2]);
	same(JSON.parse(c.report('har')).log.entries.length, 4);
	ok(c.report('html').includes('id="comparison"'), 'html');
});
test('the summary of a stream has a report', async () => {
	const s = stream([BASE + '/status/200', BASE + '/status/200']);
	await drain(s);
	same(JSON.parse(s.summary().report('json')).totals.ok, 2);
});
test('report() takes a format and options that it knows', async () => {
	const run = await concurrent([BASE + '/status/200']);
	for (const [args, message] of [
		[[], "report() format must be one of 'text', 'html', 'json', 'markdown', 'csv', 'junit', 'tap', 'har', 'baseline'; got undefined"],
		[['pdf'], /got "pdf"$/], [['text', 5], /^report\(\) options must be an object of options; got 5/],
		[['text', { title: 5 }], /^report\(\) options.title must be a string; got 5/],
		[['text', { colors: 'yes' }], /^report\(\) options.colors must be true or false; got "yes"/],
		[['text', { width: 39 }], /^report\(\) options.width must be an integer from 40 to 500; got 39/],
		[['text', { width: 501 }], /from 40 to 500; got 501/], [['text', { width: 80.5 }], /from 40 to 500; got 80.5/],
		[['text', { width: '80' }], /from 40 to 500; got "80"/], [['text', { width: NaN }], /from 40 to 500; got NaN/],
		[['text', { color: true }], /^report\(\) options.color is not an option; there are baseline, colors, k6, significance, title, tolerance, width/],
	]) {
		for (const write of [run.report, report]) {
			const e = thrown(() => write(...args));
			ok(e instanceof TypeError && (message.test ? message.test(e.message) : message === e.message), e.message);
		}
	}
	same(run.report('text', { colors: undefined, title: undefined, width: undefined }), run.text());
	same(run.report('text', { width: 80 }), run.text(), 'in a pipe');
	const bar = (width) => /\*+/.exec(run.report('text', { width }))[0].length;
	same([40, 80, 120, 500].map(bar), [12, 30, 50, 240]);
	ok(!report('text', { colors: true }).includes('\x1b'), 'colours in a pipe');
});
`)
}

func TestK6ReportOfTheWholeTest(t *testing.T) {
	t.Parallel()
	w := newWeb(t)
	folder := t.TempDir()
	out := k6test.Run(t, `
		import { concurrent, compare, stream, report, Client } from 'k6/x/fetch';
		const BASE = __ENV.BASE;
		export const options = { scenarios: {
			many: { executor: 'per-vu-iterations', vus: 4, iterations: 5, exec: 'many' },
			both: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'both' },
		} };
		export async function setup() { await concurrent([BASE + '/status/201'], { name: 'setup' }); }
		export async function many() {
			await concurrent([BASE + '/status/200', { url: BASE + '/status/503', params: { name: 'broken' } }]);
			await new Client().concurrent([BASE + '/status/200'], { name: 'client' });
		}
		export async function both() {
			await compare([BASE + '/delay/5', BASE + '/delay/6']);
			const pages = stream([BASE + '/status/200'], { name: 'streamed' });
			while (!(await pages.next()).done);
		}
		export async function teardown() { await concurrent([], { name: 'nothing' }); }
		export function handleSummary() {
			const formats = ['text', 'html', 'json', 'markdown', 'csv', 'junit', 'tap', 'har', 'baseline'];
			return Object.fromEntries(formats.map((f) => [__ENV.FOLDER + '/report.' + f, report(f)]));
		}`, "-e", "BASE="+w.URL, "-e", "FOLDER="+folder)
	require.Equal(t, 0, out.ExitCode, out.Stderr)

	for _, format := range report.Formats() {
		data, err := os.ReadFile(filepath.Join(folder, "report."+format))
		require.NoError(t, err)
		require.NotEmpty(t, data, format)
	}
	data, err := os.ReadFile(filepath.Join(folder, "report.json"))
	require.NoError(t, err)
	var d report.Document
	require.NoError(t, json.Unmarshal(data, &d))
	require.Equal(t, 1+4*5*3+2*2+1, d.Totals.Count, "the warm-up round is not in it")
	require.Equal(t, len(out.Of("fetch_elapsed")), d.Totals.Count, "what the report counts is what the metrics count")
	require.Equal(t, 20, d.Totals.Failed)
	counts := map[string]int{}
	for _, n := range d.Names {
		counts[n.Name] = n.Count
	}
	require.Equal(t, map[string]int{
		"setup": 1, w.URL + "/status/200": 20, "broken": 20, "client": 20, w.URL + "/delay/5": 2, w.URL + "/delay/6": 2,
		"streamed": 1,
	}, counts)
	require.Equal(t, 20, d.Failures[0].Count)
	require.Equal(t, 1503, d.Failures[0].Code)
	require.Equal(t, 1, d.Comparison.Count)
}

func TestK6NoReportInTheInitContext(t *testing.T) {
	t.Parallel()
	out := k6test.Run(t, `
		import { report } from 'k6/x/fetch';
		report('text');
		export default function () {}`)
	require.NotEqual(t, 0, out.ExitCode)
	require.Contains(t, out.Stderr, "Using report() in the init context is not supported")
}
