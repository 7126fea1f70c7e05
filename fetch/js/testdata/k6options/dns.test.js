import { sequential } from 'k6/x/fetch';
import { BASE, ok, same, test } from '../harness.js';

export { passing as options, run as default } from '../harness.js';

test('a look-up takes time for the first connection, none for a reused one', async () => {
	const url = BASE.replace('127.0.0.1', 'localhost') + '/status/200';
	const run = await sequential([url, url], { connections: 'new' });
	same(run.results.map((r) => r.reused), [false, true]);
	ok(run.results[0].timings.looking_up > 0, 'looking_up ' + run.results[0].timings.looking_up);
	same(run.results[1].timings.looking_up, 0);
	const t = run.results[0].timings;
	ok(t.blocked >= t.looking_up + t.connecting, 'blocked includes both');
});
test('a name that does not exist is code 1101', async () => {
	const r = (await sequential(['http://does-not-exist.invalid/'])).results[0];
	ok([1100, 1101].includes(r.error_code), r.error_code + r.error);
});
test('an address is not looked up', async () => {
	same((await sequential([BASE + '/status/200'], { connections: 'new' })).results[0].timings.looking_up, 0);
});
