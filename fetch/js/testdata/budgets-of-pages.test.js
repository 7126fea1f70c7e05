// What a visit says of the budget of its page, and which budgets are invalid.

import { Client, compare, concurrent, page } from 'k6/x/fetch';
import { BASE, file, hits, ok, rejection, same, test, thrown, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const shop = file('p.html', '<img src=/bytes/70><img src=/bytes/30><script src=/bytes/1500></script><img src=/redirect/1>');
const verdicts = (visit) => visit.budget.map((v) => [v.check, v.ok, v.value]);

test('a page has a budget for each type', async () => {
	const visit = await page(shop, { budget: {
		'count:image': [20, '<3', '==3'], 'bytes:image': '<=100B', 'count:script': 0, 'bytes:script': '1.5kB', 'count:font': '>=1', 'bytes:font': 0,
	} });
	const images = visit.byType().image;
	same(verdicts(visit), [
		['count:image <= 20', true, 3], ['count:image < 3', false, 3], ['count:image == 3', true, 3], ['count:script <= 0', false, 1],
		['count:font >= 1', false, 0], ['bytes:image <= 100 B', false, images.bytes], ['bytes:script <= 1.5 kB', true, 1500], ['bytes:font <= 0 B', true, 0],
	]);
	same([visit.ok, visit.overBudget, images.bytes > 100], [5, 0, true]);
});
test('and one for its times, next to those of any run', async () => {
	const visit = await page(shop, { budget: {
		page_load: ['1m', '<1e-3'], page_blocking: '<30000', requests: '<=6', failed: 0, not_run: 0, run_elapsed: '1m', elapsed: ['1m', 'p(95)<60000'], bytes: 100,
	} });
	same(visit.budget.map((v) => [v.check, v.ok]), [
		['p(95) of elapsed < 60 s', true], ['failed count <= 0', true], ['not_run count <= 0', true], ['run_elapsed <= 60 s', true], ['requests <= 6', true],
		['page_load <= 60 s', true], ['page_load < 0.001 ms', false], ['page_blocking < 30 s', true],
	]);
	const value = (check) => visit.budget.find((v) => v.check.startsWith(check)).value;
	same([value('page_load'), value('page_blocking'), value('requests')], [visit.timings.load, visit.timings.blocking, visit.requests]);
	same(visit.results.map((r) => r.budget.length), [2, 2, 2, 2, 2]);
	ok(visit.overBudget >= 2, 'each result has its own');
});
test('what a cache has counts as a resource without bytes', async () => {
	const url = file('p.html', `<img src="${file('kept.png', 'x'.repeat(50), { cache: 'max-age=60' }, '')}">`);
	const budget = { 'count:image': '==1', 'bytes:image': '==0' };
	same((await page(url, { cache: 'vu', budget })).budget.map((v) => v.ok), [true, false]);
	same((await page(url, { cache: 'vu', budget })).budget.map((v) => v.ok), [true, true]);
});
test('of a page that does not come, or not whole, nobody knows what it costs', async () => {
	const budget = { 'count:image': 20, 'bytes:image': '1MB', page_load: '1m', page_blocking: '1m', requests: 100 };
	const unknown = [['count:image <= 20', false, null], ['bytes:image <= 1 MB', false, null], ['page_load <= 60 s', false, null], ['page_blocking <= 60 s', false, null]];
	const sorted = (visit) => verdicts(visit).filter(([check]) => !check.startsWith('requests')).sort((a, b) => (a[0] < b[0] ? -1 : 1));
	unknown.sort((a, b) => (a[0] < b[0] ? -1 : 1));
	same(sorted(await page('http://127.0.0.1:1/', { budget })), unknown);
	const cut = await page(file('p.html', times(9, (i) => `<img src=/hang?${i}>`).join('')), { budget, deadline: '300ms' });
	same([cut.notRun, sorted(cut)], [3, unknown]);
	const missing = await page(file('p.html', '<img src=/status/404>'), { budget });
	same(missing.budget.map((v) => v.ok), [true, true, true, true, true]);
	same((await page(BASE + '/status/500', { budget })).budget.map((v) => v.ok), [true, true, true, true, true]);
});
test('a Client has them, too, for its pages alone', async () => {
	const client = new Client({ budget: { 'count:image': 2, page_load: '1m', failed: 0 } });
	same((await client.page(shop)).budget.map((v) => [v.check, v.ok]), [['failed count <= 0', true], ['page_load <= 60 s', true], ['count:image <= 2', false]]);
	same((await client.page(shop, { budget: { 'count:image': null, page_load: '<2m' } })).budget.map((v) => v.check), ['failed count <= 0', 'page_load < 120 s']);
	same((await client.page(shop, { budget: null })).budget, []);
	same((await client.concurrent([BASE + '/status/200'])).budget.map((v) => v.check), ['failed count <= 0']);
	same((await client.compare([BASE + '/status/200'], { warmup: false })).concurrent.budget.map((v) => v.check), ['failed count <= 0']);
	client.close();
});
test('verdicts are in JSON and in texts', async () => {
	const visit = await page(shop, { budget: { 'count:image': '<3', 'bytes:script': '1MB' } });
	same(JSON.parse(JSON.stringify(visit)).budget, [{ check: 'count:image < 3', ok: false, value: 3 }, { check: 'bytes:script <= 1 MB', ok: true, value: 1500 }]);
	ok(visit.text().includes('✗ count:image < 3: 3') && visit.text().includes('✓ bytes:script <= 1 MB: 1.5 kB'), visit.text());
});

const keys = 'allowed: attempts, blocked, bytes, bytes:<type>, certificate_days, connecting, count:<type>, duration, elapsed, failed, looking_up, not_run, ' +
	'page_blocking, page_load, queued, ';
for (const [budget, path, must] of [
	["{ 'count:images': 5 }", '.count:images', 'is not a key of a budget (did you mean count:image?); ' + keys],
	["{ 'count:css': 5 }", '.count:css', '(did you mean count:style?); ' + keys],
	["{ 'bytes:JS': 5 }", '.bytes:JS', '(did you mean bytes:script?)'],
	["{ 'count:': 5 }", '.count:', 'is not a key of a budget'],
	["{ 'count:x': 5 }", '.count:x', 'is not a key of a budget; ' + keys],
	["{ 'byte:image': 5 }", '.byte:image', '(did you mean bytes:image?)'],
	['{ pageload: 5 }', '.pageload', '(did you mean page_load?)'],
	["{ 'count:image': -1 }", '.count:image', "must be a number or a bound ('<=2'), or an array of those; got -1"],
	["{ 'count:image': '5kB' }", '.count:image', 'got "5kB"'],
	["{ 'count:image': [5, null] }", '.count:image[1]', 'got null'],
	["{ 'bytes:image': '5s' }", '.bytes:image', `must be a number of bytes, a size ('100kB') or a bound ('<100kB'), or an array of those; got "5s"`],
	["{ page_load: 'p(95)<5' }", '.page_load', `must be milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those; got "p(95)<5"`],
	["{ page_blocking: '1kB' }", '.page_blocking', 'must be milliseconds'],
]) {
	test('page with ' + budget, async () => {
		const made = new Function('return ' + budget)();
		const e = await rejection(page(BASE + '/never', { budget: made }));
		ok(e instanceof TypeError && e.message.startsWith('page options.budget' + path + ' ') && e.message.includes(must), e.message);
		ok(thrown(() => new Client({ budget: made })).message.startsWith('Client options.budget' + path + ' '), 'a Client');
	});
}
test('others have none of these keys', async () => {
	for (const key of ['page_load', 'page_blocking', 'count:image', 'bytes:script']) {
		const must = 'options.budget.' + key + ' is not a key of a budget, except of that of page(); allowed: attempts, blocked, bytes, certificate_days, connecting,';
		for (const call of [
			() => concurrent([BASE + '/never'], { budget: { [key]: 5 } }), () => compare([BASE + '/never'], { budget: { [key]: 5 } }),
		]) {
			const e = await rejection(call());
			ok(e instanceof TypeError && e.message.includes(must), e.message);
		}
		for (const [target, name] of [[[{ url: BASE + '/never', params: { budget: { [key]: 5 } } }], 'concurrent targets[0]'], [null, 'page url']]) {
			const e = await rejection(target ? concurrent(target) : page({ url: BASE + '/never', params: { budget: { [key]: 5 } } }));
			ok(e.message.startsWith(name + '.params.budget.' + key + ' is not a key of a budget'), e.message);
		}
		const e = await rejection(compare([BASE + '/never'], [{ name: 'a', budget: { [key]: 5 } }, { name: 'b' }]));
		ok(e.message.startsWith('compare ways[0].budget.' + key + ' is not a key'), e.message);
	}
	same(hits('/never'), 0);
});
