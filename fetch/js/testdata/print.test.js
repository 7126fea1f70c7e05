// What print() takes.

import { concurrent, print } from 'k6/x/fetch';
import { BASE, ok, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('print() says what it takes', async () => {
	const must = 'print() argument must be a run, a comparison, the summary of a stream, or a string';
	for (const [value, got] of [
		[undefined, 'undefined'], [5, '5'], [null, 'null'], [{}, 'an object'], [[], 'an array'], [() => 'text', 'a function'],
		[{ text: 'text' }, 'an object'], [Symbol('text'), 'a symbol'],
	]) {
		const e = thrown(() => print(value));
		ok(e instanceof TypeError && e.message === must + '; got ' + got, e.message);
	}
	const promise = concurrent([BASE + '/status/200']);
	const e = thrown(() => print(promise));
	ok(e instanceof TypeError && e.message === must + ' (await the promise); got a Promise', e.message);
	await promise;
	const odd = thrown(() => print({ text: () => 5 }));
	ok(odd instanceof TypeError && odd.message === 'print() argument.text() must be a string; got 5', odd.message);
});
