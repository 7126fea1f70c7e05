// Runs, comparisons, streams and clients.

import http from 'k6/http';
import fetch, { Client, compare, concurrent, sequential, stream } from 'k6/x/fetch';
import * as module from 'k6/x/fetch';
import { BASE, drain, hits, most, ok, same, show, test, thrown, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('every export is named, and a property of the default', () => {
	const { default: _, ...named } = module;
	ok(named.sequential === sequential && named.Client === Client);
	for (const name of Object.keys(named)) ok(fetch[name] === named[name] && typeof fetch[name] === 'function', name);
	same(Object.keys(fetch).sort(), Object.keys(named).sort());
});
test('sequential is one at a time, in order', async () => {
	const path = BASE + '/echo?seq';
	const run = await sequential(times(5, () => BASE + '/delay/1'));
	same([run.mode, run.concurrency, run.peak, run.ok, most('/delay/1')], ['sequential', 1, 1, 5, 1]);
	for (let i = 1; i < 5; i++) ok(run.results[i].started >= run.results[i - 1].ended - 0.001, 'order');
});
test('sequential takes concurrency and stays one at a time', async () => {
	same((await sequential([BASE + '/echo'], { concurrency: 9 })).concurrency, 1);
});
test('members of a run, failures and all', async () => {
	const run = await concurrent([BASE + '/bytes/10', BASE + '/status/500', BASE + '/redirect/1', 'http://127.0.0.1:1/']);
	same([run.count, run.ok, run.failed, run.notRun, run.requests], [4, 2, 2, 0, 5]);
	same(run.bytes, run.results.reduce((n, r) => n + r.bytes, 0));
	same(run.failures().map((r) => r.index), [1, 3]);
	same(run.count, run.ok + run.failed + run.notRun);
	http.cookieJar().clear(BASE);
});
test('slowest(n) begins with the slowest', async () => {
	const run = await concurrent([BASE + '/delay/1', BASE + '/delay/300', BASE + '/delay/150']);
	same(run.slowest(2).map((r) => r.index), [1, 2]);
	same([run.slowest().length, run.slowest(9).length, run.slowest(0).length], [1, 3, 0]);
	ok(thrown(() => run.slowest(-1)) instanceof TypeError, 'negative');
});
test('percentile(p, timing) interpolates as the trends of k6 do', async () => {
	const run = await concurrent([BASE + '/delay/1', BASE + '/delay/60']);
	const [a, b] = run.results.map((r) => r.timings.elapsed).sort((x, y) => x - y);
	same([run.percentile(0), run.percentile(100)], [a, b]);
	ok(Math.abs(run.percentile(50) - (a + b) / 2) < 0.001, 'median');
	const waiting = run.results.map((r) => r.timings.waiting).sort((x, y) => x - y);
	same(run.percentile(100, 'waiting'), waiting[1]);
	for (const bad of [[101], [-1], ['x'], [], [NaN], [50, 'nothing'], [50, 5]]) {
		ok(thrown(() => run.percentile(...bad)) instanceof TypeError, show(bad));
	}
});
test('toJSON() is plain, and what JSON.stringify takes', async () => {
	const run = await concurrent({ a: BASE + '/redirect/1' });
	const plain = run.toJSON();
	same(JSON.parse(JSON.stringify(run)), plain);
	same([plain.mode, plain.count, plain.ok, plain.results[0].key, plain.results[0].status], ['concurrent', 1, 1, 'a', 200]);
	same([plain.elapsed, plain.results[0].timings.elapsed], [run.elapsed, run.results[0].timings.elapsed]);
	same(plain.results[0].redirects[0].status, 302);
	http.cookieJar().clear(BASE);
});
test('compare fetches both ways, a warm-up round before', async () => {
	const c = await compare(times(3, () => BASE + '/delay/100'));
	same(hits('/delay/100'), 9);
	same([c.sequential.mode, c.concurrent.mode, c.sequential.peak, c.concurrent.peak], ['sequential', 'concurrent', 1, 3]);
	ok(Math.abs(c.speedup - c.sequential.elapsed / c.concurrent.elapsed) < 0.001 && c.speedup > 1.3, 'speedup ' + c.speedup);
	same(c.rounds.map((r) => r.order), [['sequential', 'concurrent']]);
	ok(c.text().includes('times as fast') && c.text().split('total').length === 3, c.text());
});
test('rounds alternate, and the median one is the result', async () => {
	const c = await compare([BASE + '/delay/2', BASE + '/delay/2'], { rounds: 3, warmup: false });
	same(hits('/delay/2'), 12);
	same(c.rounds.map((r) => r.order[0]), ['sequential', 'concurrent', 'sequential']);
	const ups = c.rounds.map((r) => r.sequential.elapsed / r.concurrent.elapsed).sort((x, y) => x - y);
	ok(Math.abs(c.speedup - ups[1]) < 0.001, 'median');
});
test('a stream has a summary when it has ended', async () => {
	const s = stream([BASE + '/hang']);
	ok(thrown(() => s.summary()) instanceof TypeError, 'before');
	s.close();
	same(s.summary().count, 1);
});
test('stream yields results as they end', async () => {
	const s = stream([BASE + '/hold/s1', BASE + '/gate/s1?n=1'], { concurrency: 2, connections: 'new' });
	const all = await drain(s);
	same(all.map((r) => r.ok), [true, true]);
	same(all.map((r) => r.index).sort(), [0, 1]);
	const summary = s.summary();
	same([summary.mode, summary.count, summary.ok, summary.results.length, summary.peak], ['stream', 2, 2, 0, 2]);
	ok(summary.elapsed > 0 && summary.total > 0 && summary.text().includes('total'), 'summary');
	same((await s.next()), { done: true });
});
test('the first to end comes first out of a stream', async () => {
	const s = stream([BASE + '/hold/s2', BASE + '/status/200'], { concurrency: 2 });
	same((await s.next()).value.index, 1);
	http.get(BASE + '/gate/s2?n=1');
	same((await s.next()).value.index, 0);
	same((await s.next()).done, true);
});
test('several next() at once get one result each', async () => {
	const s = stream(times(3, (i) => BASE + '/status/200?' + i));
	const all = await Promise.all(times(5, () => s.next()));
	same(all.map((x) => x.done).sort(), [false, false, false, true, true]);
});
test('a stream does not run ahead of who reads it', async () => {
	const s = stream(times(50, (i) => BASE + '/status/201?' + i), { concurrency: 2 });
	await s.next();
	await concurrent(times(10, () => BASE + '/echo'));
	ok(hits('/status/201') <= 6, hits('/status/201'));
	same((await drain(s)).length, 49);
});
test('close() ends a stream early and accounts for the rest', async () => {
	const s = stream(times(20, () => BASE + '/status/202'), { concurrency: 1 });
	await s.next();
	s.close();
	s.close();
	same((await s.next()).done, true);
	const summary = s.summary();
	same([summary.count, summary.ok + summary.failed + summary.notRun], [20, 20]);
	ok(summary.notRun > 10, summary.notRun);
});
test('close() resolves a next() that waits', async () => {
	const s = stream([BASE + '/hang']);
	const next = s.next();
	s.close();
	same((await next).done, true);
	same(s.summary().failed + s.summary().notRun, 1);
});
test('a Client has options of its own, and a call has the last word', async () => {
	const c = new Client({ baseURL: BASE + '/dir/', responseType: 'text', headers: { 'X-A': 'client', 'X-B': 'client' }, concurrency: 3 });
	const run = await c.concurrent(['/echo', '../echo', BASE + '/echo'], { headers: { 'X-B': 'call' }, expectedStatuses: 200 });
	same([run.ok, run.concurrency], [3, 3]);
	same(run.results.map((r) => [r.json('headers.X-A'), r.json('headers.X-B')]), times(3, () => ['client', 'call']));
	same((await c.sequential([['GET', '/echo'], { url: '/echo' }])).ok, 2);
	same((await c.compare(['/echo'])).concurrent.ok, 1);
	same((await drain(c.stream(['/echo'])))[0].ok, true);
});
test('a Client has connections of its own', async () => {
	const conn = (run) => run.results[0].headers['X-Conn'];
	const a = new Client(), b = new Client();
	const first = [conn(await a.concurrent([BASE + '/echo'])), conn(await b.concurrent([BASE + '/echo'])), conn(await concurrent([BASE + '/echo']))];
	const again = [conn(await a.concurrent([BASE + '/echo'])), conn(await b.concurrent([BASE + '/echo'])), conn(await concurrent([BASE + '/echo']))];
	same(again, first);
	same(new Set(first).size, 3);
});
test('options of a Client are those of the call, changed ones too', async () => {
	const c = new Client({ rounds: 2, warmup: false });
	same((await c.compare([BASE + '/echo'])).rounds.length, 2);
	same((await c.concurrent([BASE + '/echo'])).ok, 1);
});
