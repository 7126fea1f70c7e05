// The reports of runs, comparisons and streams.

import http from 'k6/http';
import { compare, concurrent, report, stream } from 'k6/x/fetch';
import { arrived, BASE, drain, ok, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('text() is a line and a bar per URL, and a total', async () => {
	// All three are there before one is answered, and the first is answered when the others have ended.
	let ended = 0;
	const unexpected = { url: BASE + '/hold/others', params: { expectedStatuses: 404 } };
	const pending = concurrent([BASE + '/hold/first', BASE + '/hold/others', unexpected], {
		concurrency: 7, onResult: () => { if (++ended === 2) http.get(BASE + '/gate/first?n=1'); },
	});
	arrived('/hold/first', 1);
	arrived('/hold/others', 2);
	http.get(BASE + '/gate/others?n=1');
	const lines = (await pending).text().split('\n');
	same([lines.length, lines[0]], [6, 'concurrent, 3 at once']);
	ok(/ [\d.]+ m?s \*{30}$/.test(lines[1]) && / [\d.]+ m?s \*+$/.test(lines[2]), lines.join('|'));
	ok(lines[3].includes('failed: status 200') && /^  total .* m?s, 1 failed$/.test(lines[4]), lines.join('|'));
});
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
		[['text', { color: true }], /^report\(\) options.color is not an option \(did you mean colors\?\); allowed: baseline, colors, k6, significance, title, tolerance, width/],
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
