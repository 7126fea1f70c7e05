// Which connections a run uses, and keeps.

import { concurrent } from 'k6/x/fetch';
import { BASE, ok, same, test, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const used = (run) => Array.from(new Set(run.results.map((r) => r.headers['X-Conn']))).sort();
const thirty = (gate, connections) =>
	concurrent(times(30, () => BASE + '/gate/' + gate + '?n=30'), { concurrency: 30, perHost: 0, connections });

test('a pool of thirty workers keeps its connections from run to run', async () => {
	const first = used(await thirty('k1')), second = used(await thirty('k2'));
	same(first.length, 30);
	same(second, first);
});
test('shared connections are others than the VU\'s, and stay', async () => {
	const vu = used(await thirty('k3')), first = used(await thirty('k4', 'shared')), second = used(await thirty('k5', 'shared'));
	same(second, first);
	ok(!first.some((c) => vu.includes(c)), 'disjoint');
});
test('new connections are cold each time', async () => {
	const first = used(await thirty('k6', 'new')), second = used(await thirty('k7', 'new'));
	same([first.length, second.length], [30, 30]);
	ok(!first.some((c) => second.includes(c)), 'disjoint');
});
