// A binary body is the script's: what it writes into one is seen nowhere else.

import { concurrent } from 'k6/x/fetch';
import { BASE, ok, same, test } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('what is written into a body stays there', async () => {
	const seen = [];
	const run = await concurrent([['POST', BASE + '/echo', 'hello']], { responseType: 'binary', onResult: (r) => {
		seen.push(r);
		new Uint8Array(r.body).fill(0);
	} });
	const r = run.results[0], before = JSON.stringify(run), report = run.report('har');
	same(r.json('body'), 'hello');
	const mine = new Uint8Array(r.body);
	mine.fill(120);
	ok(r.body === mine.buffer && new Uint8Array(r.body)[0] === 120, 'the same object keeps it');
	same([r.json('body'), r.json().body], ['hello', 'hello']);
	ok(r.html().text().includes('hello'), 'html');
	const again = run.results[0];
	ok(again.body !== r.body, 'another object has another');
	same([again.json('body'), new Uint8Array(again.body)[0], run.get(0).json('body')], ['hello', '{'.charCodeAt(0), 'hello']);
	same([run.slowest()[0].json('body'), JSON.stringify(run) === before, run.report('har') === report], ['hello', true, true]);
	same([new Uint8Array(seen[0].body)[0], seen[0].json('body')], [0, 'hello']);
});
test('what is sent is what it was', async () => {
	const bytes = new Uint8Array([104, 105]);
	const call = concurrent([['POST', BASE + '/echo', bytes], ['POST', BASE + '/echo', bytes.buffer]], { responseType: 'text' });
	bytes.fill(0);
	same((await call).results.map((r) => r.json('body')), ['hi', 'hi']);
});
