// The runtime itself fails on some lists that change while they are read. That is an error of the script as well.

import { concurrent, stream } from 'k6/x/fetch';
import { BASE, ok, rejection, same, test, thrown, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const url = BASE + '/echo';
test('a list that a getter shortens ends where it ends', async () => {
	for (const shorten of [(a) => { a.length = 1; }, (a) => { a.splice(1); }]) {
		const list = times(50, () => url);
		Object.defineProperty(list, 0, { configurable: true, get() { shorten(list); return url; } });
		const e = await rejection(concurrent(list));
		ok(e instanceof TypeError && e.message.includes('targets[1]'), String(e));
	}
});
test('a list that a getter lengthens has the length that it had', async () => {
	const list = [url, url];
	Object.defineProperty(list, 0, { configurable: true, get() { list.push(url, url, url); return url; } });
	same((await concurrent(list)).count, 2);
});
test('a target that changes its own list', async () => {
	const list = [{ get url() { list.length = 0; return url; } }, url, url];
	ok(await rejection(concurrent(list)) instanceof TypeError);
});
test('a body that changes itself', async () => {
	const fields = times(50, () => 'x');
	Object.defineProperty(fields, 0, { configurable: true, get() { fields.length = 1; return 'y'; } });
	ok(await rejection(concurrent([['POST', url, { fields }]])) instanceof TypeError);
});
test('an object that loses a target while it is read', async () => {
	const all = { get a() { delete all.b; return url; }, b: url };
	ok(await rejection(concurrent(all)) instanceof TypeError);
});
test('keys of a proxy that are none', async () => {
	for (const keys of [{ length: 3 }, { length: 1e9 }, [5], [null], 5, ['a', 'a']]) {
		const e = await rejection(concurrent(new Proxy({}, { ownKeys: () => keys })));
		ok(e instanceof Error, String(e));
		ok(thrown(() => stream([url], new Proxy({}, { ownKeys: () => keys }))) instanceof Error);
	}
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	for (const of of [proxy, [proxy], [['POST', url, proxy]]]) ok(await rejection(concurrent(of)) instanceof TypeError);
});
test('the next run is untouched', async () => { same((await concurrent([url, url])).ok, 2); });
