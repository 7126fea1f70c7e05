// What each result says of its budget.

import { Client, concurrent, sequential } from 'k6/x/fetch';
import { BASE, same, test } from './harness.js';

export { passing as options, run as default } from './harness.js';

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
