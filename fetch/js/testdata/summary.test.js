// What report() takes as the data of handleSummary.

import { concurrent } from 'k6/x/fetch';
import { BASE, ok, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('report() options.k6 is what handleSummary is called with', async () => {
	const run = await concurrent([BASE + '/status/200']);
	const must = 'report() options.k6 must be what handleSummary is called with';
	for (const [k6, message] of [
		[5, must + '; got 5'], ['{}', must + '; got "{}"'], [null, must + '; got null'], [[], must + '; got an array'],
		[{}, must + ': metrics is missing'], [{ metrics: {} }, must + ': root_group is missing'],
		[{ metrics: { a: 5 }, root_group: {} }, must + ': metrics must not be of type number'],
		[{ metrics: {}, root_group: { checks: [{ passes: 'x' }] } }, must + ': root_group.checks.passes must not be of type string'],
	]) {
		const e = thrown(() => run.report('text', { k6 }));
		ok(e instanceof TypeError && e.message === message, e.message);
	}
	const circular = {};
	circular.a = circular;
	const e = thrown(() => run.report('text', { k6: { metrics: circular, root_group: {} } }));
	ok(e instanceof TypeError && e.message.startsWith(must + ': metrics cannot be written as JSON'), e.message);
	const k6 = { metrics: { checks: { type: 'rate', contains: 'default', values: { rate: NaN }, thresholds: { 'rate>0': { ok: false } } } }, root_group: {} };
	ok(run.report('text', { k6 }).includes("✗ 'rate>0'\n"), run.report('text', { k6 }));
	same(run.report('text', { k6: undefined }), run.text());
});
