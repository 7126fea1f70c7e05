// What a run of a list says of its budget, however it was called.

import { compare, concurrent, lines, sequential, stream } from 'k6/x/fetch';
import { drain, hosts, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts };

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
