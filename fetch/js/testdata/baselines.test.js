// What a report says against a baseline.

import { compare, concurrent, stream } from 'k6/x/fetch';
import { BASE, drain, ok, same, show, test, thrown, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const pages = (ms) => times(8, () => ({ url: BASE + '/delay/' + ms, params: { name: 'page' } }));
const judged = (run, options) => JSON.parse(run.report('json', options));

test('a run that took longer got slower, in every format', async () => {
	const baseline = (await concurrent(pages(1))).report('json', { title: 'before' });
	const run = await concurrent(pages(400));
	const json = judged(run, { baseline });
	same(json.passed, false);
	same(json.verdict, 'All 8 URLs were answered, but 1 name got slower');
	same([json.baseline.title, json.baseline.slower, json.baseline.names.length], ['before', 1, 1]);
	const page = json.baseline.names[0];
	same([page.name, page.verdict, page.then.count, page.now.count, page.test.exact], ['page', 'slower', 8, 8, true]);
	ok(page.change.p50 > 0.5 && page.test.p < 0.01 && page.grown.phase === 'waiting', show(page));
	for (const [format, says] of [
		['text', 'against before, '], ['markdown', '| ❌ slower |'], ['junit', '<failure type="slower"'], ['tap', 'not ok 1 - page'],
		['html', 'Against the baseline'],
	]) {
		ok(run.report(format, { baseline }).includes(says), run.report(format, { baseline }));
	}
	same(run.report('har', { baseline }), run.report('har'));
});
test('a run that took less got faster, which is no failure', async () => {
	const before = await concurrent(pages(400));
	const run = await concurrent(pages(1));
	const json = judged(run, { baseline: before.report('json') });
	same([json.passed, json.baseline.faster, json.verdict], [true, 1, 'All 8 URLs were answered']);
	ok(!run.report('junit', { baseline: before.report('json') }).includes('<failure'), 'junit');
});
test('a run is the same as itself, with the baseline as a string or an object', async () => {
	const run = await concurrent(pages(1));
	for (const baseline of [run.report('json'), JSON.parse(run.report('json')), '\uFEFF' + run.report('json'), run.report('baseline')]) {
		const json = judged(run, { baseline });
		same([json.passed, json.baseline.same, json.baseline.names[0].test.p], [true, 1, 1]);
	}
	const again = run.report('json', { baseline: run.report('json') });
	same(judged(run, { baseline: again }).baseline.same, 1, 'a report with a baseline is one, too');
});
test('a comparison is compared as well; the summary of a stream has no names for that', async () => {
	const baseline = (await concurrent(pages(1))).report('json');
	const s = stream(pages(1));
	await drain(s);
	same(judged(s.summary(), { baseline }).baseline.missing, 1);
	const c = await compare(pages(400));
	const json = judged(c, { baseline });
	same([json.baseline.slower, json.baseline.names[0].now.count], [1, 16]);
	ok(json.verdict === 'All 8 URLs were answered both ways, but 1 name got slower', json.verdict);
	ok(c.report('text', { baseline }).startsWith(c.text() + '\nagainst '), c.report('text', { baseline }));
});
test('names are new, missing, or have too few results', async () => {
	const named = (name) => ({ url: BASE + '/status/200', params: { name } });
	const before = await concurrent([named('both'), named('old')]);
	const run = await concurrent([named('both'), named('new')]);
	const { names, enough } = judged(run, { baseline: before.report('json') }).baseline;
	same(names.map((n) => n.name + ': ' + n.verdict), ['both: too few', 'new: new', 'old: missing']);
	same(enough, 5);
});
test('what fails more often is failing, and no faster', async () => {
	const page = (path) => times(12, () => ({ url: BASE + path, params: { name: 'page' } }));
	const baseline = (await concurrent(page('/delay/50'))).report('baseline', { title: 'before' });
	const run = await concurrent(page('/status/404'));
	const json = judged(run, { baseline });
	same([json.passed, json.verdict], [false, '12 of 12 URLs failed, and 1 name fails more often']);
	same([json.baseline.failing, json.baseline.faster, json.baseline.begun], [1, 0, undefined]);
	ok(json.baseline.names[0].failures.p < 0.0001, show(json.baseline.names[0]));
	const back = judged(await concurrent(page('/delay/50')), { baseline: run.report('baseline') });
	same([back.passed, back.baseline.healed, back.baseline.slower], [true, 1, 0]);
});
test('significance and tolerance say what counts', async () => {
	const baseline = (await concurrent(pages(1))).report('json');
	const run = await concurrent(pages(400));
	const counts = (options) => {
		const b = judged(run, { baseline, ...options }).baseline;
		return [b.significance, b.tolerance, b.slower, b.same, b.tooFew];
	};
	same(counts({}), [0.01, 0.05, 1, 0, 0]);
	same(counts({ tolerance: 1e6 }), [0.01, 1e6, 0, 1, 0]);
	same(counts({ significance: 1e-9 }), [1e-9, 0.05, 0, 0, 1]);
	same(counts({ significance: 0.5, tolerance: 0 }), [0.5, 0, 1, 0, 0]);
	same(counts({ significance: undefined, tolerance: undefined }), [0.01, 0.05, 1, 0, 0]);
	same(judged(run, { baseline: undefined, tolerance: 0.1 }).baseline, undefined);
});
test('a baseline is a JSON report and nothing else', async () => {
	const run = await concurrent(pages(1));
	const good = JSON.parse(run.report('json'));
	const circle = { ...good, names: [] };
	circle.names.push(circle.names);
	const must = "must be what report('baseline') or report('json') wrote, or the latter as an object";
	for (const [options, message] of [
		[{ baseline: null }, must + '; got null'],
		[{ baseline: 5 }, must + '; got 5'],
		[{ baseline: true }, must + '; got true'],
		[{ baseline: [] }, must + '; got an array'],
		[{ baseline: () => good }, must + '; got a function'],
		[{ baseline: new Map() }, must + '; got a Map'],
		[{ baseline: new ArrayBuffer(8) }, must + '; got an ArrayBuffer'],
		[{ baseline: '' }, must + ': it cannot be read (unexpected end of JSON input)'],
		[{ baseline: run.report('csv') }, must + ': it cannot be read (invalid character'],
		[{ baseline: '{"baseline":1,"title":""}\n{"name":"a"}' }, must + ': line 2: count is missing'],
		[{ baseline: '{"baseline":1,"title":""}\n<<<<<<< HEAD' }, must + ': line 2: it cannot be read (invalid character'],
		[{ baseline: '[]' }, must + ': it is a JSON array, not an object'],
		[{ baseline: {} }, must + ': version is missing'],
		[{ baseline: run.toJSON() }, must + ': version is missing'],
		[{ baseline: { ...good, version: 2 } }, must + ': version is 2, which is later than the 1 that this extension reads'],
		[{ baseline: { ...good, version: '1' } }, must + ': version must be 1'],
		[{ baseline: { ...good, names: undefined } }, must + ': names is missing'],
		[{ baseline: { ...good, names: {} } }, must + ': names must not be of type object'],
		[{ baseline: { ...good, names: [{}] } }, must + ': names[0].name is missing'],
		[{ baseline: { ...good, names: [{ ...good.names[0], count: '8' }] } }, must + ': names.count must not be of type string'],
		[{ baseline: { ...good, names: new Array(2 ** 32 - 1) } }, must + ': names must have no holes; nothing is at [0], and its length is 4294967295'],
		[{ baseline: { ...good, names: [{ causes: new Array(2 ** 32 - 1) }] } }, must + ': names[0].causes must have no holes'],
		[{ baseline: circle }, must + ': names' + '[0]'.repeat(12) + ' is nested too deeply'],
		[{ significance: 0 }, 'significance must be a probability above 0 and below 1; got 0'],
		[{ significance: 1 }, 'significance must be a probability above 0 and below 1; got 1'],
		[{ significance: -0.1 }, 'got -0.1'], [{ significance: NaN }, 'got NaN'], [{ significance: '0.01' }, 'got "0.01"'],
		[{ significance: null }, 'got null'],
		[{ tolerance: -0.1 }, 'tolerance must be a share of at least 0 (0.05 is 5 %); got -0.1'],
		[{ tolerance: Infinity }, 'got Infinity'], [{ tolerance: '5%' }, 'got "5%"'], [{ tolerance: [] }, 'got an array'],
	]) {
		const e = thrown(() => run.report('json', options));
		ok(e instanceof TypeError && e.message.startsWith('report() options.') && e.message.includes(message), e + ' for ' + message);
	}
	const own = new Error('mine');
	same(thrown(() => run.report('json', { baseline: { get version() { throw own; } } })).message, 'mine');
	const twice = { ...good, names: [...good.names, ...good.names] };
	same(judged(run, { baseline: twice }).baseline.notCompared, 1, 'names that look alike');
});
