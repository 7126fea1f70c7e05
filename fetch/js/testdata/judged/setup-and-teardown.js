// Fetching in setup() and teardown(), and what of it becomes data.

import { compare, concurrent, sequential, stream } from 'k6/x/fetch';
import { BASE, drain, ok, same } from '../harness.js';

export async function setup() {
	const run = await concurrent({ a: BASE + '/bytes/5', b: BASE + '/redirect/1' });
	const comparison = await compare([BASE + '/echo'], { warmup: false });
	const streamed = await drain(stream([BASE + '/echo']));
	return { run, result: run.results[0], results: run.results, streamed, up: comparison.speedup };
}
export default async function (data) {
	same([data.run.ok, data.run.count, data.run.mode], [2, 2, 'concurrent']);
	same([data.result.key, data.result.status, data.result.bytes], ['a', 200, 5]);
	same(data.results.map((r) => r.state), ['done', 'done']);
	same([data.streamed.length, data.streamed[0].status], [1, 200]);
	ok(data.up > 0 && data.run.results[1].timings.elapsed > 0, 'values');
	console.log('iteration done');
}
export async function teardown(data) {
	const run = await sequential([BASE + '/status/200', BASE + '/status/200'], { connections: 'shared' });
	same([run.ok, data.run.ok], [2, 2]);
	console.log('teardown done');
}
