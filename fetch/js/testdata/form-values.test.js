// What may be the value of a field, and what it becomes.

import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE, hits, ok, rejection, same, test } from './harness.js';

export { passing as options, run as default } from './harness.js';

const must = ' must be a string, a number, a boolean, a Date, a file of http.file(), or an array of these ' +
	'(JSON.stringify() makes a string of an object); got ';
const send = async (body) => JSON.parse((await concurrent([['POST', BASE + '/echo', body]], { responseType: 'text' })).results[0].body);
const refused = async (body) => (await rejection(concurrent([['POST', BASE + '/echo', body]]))).message;
test('a Date is what String() makes of it', async () => {
	const date = new Date(1e12);
	same(decodeURIComponent((await send({ date })).body.replaceAll('+', ' ')), 'date=' + String(date));
});
test('the URL of http.url is its text', async () => {
	same((await send({ u: http.url`http://h/${1}` })).body, 'u=http%3A%2F%2Fh%2F1');
});
test('what has no text is a TypeError that names the field', async () => {
	const before = hits('/echo');
	for (const [value, what] of [
		[{ b: 1 }, 'an object'], [{}, 'an object'], [Object.create(null), 'an object'], [() => 1, 'a function'], [Symbol('s'), 'a symbol'],
		[new Map([[1, 2]]), 'a Map'], [new Set([1]), 'a Set'], [Promise.resolve(1), 'a Promise'], [new Uint8Array(2), 'a typed array'],
		[new ArrayBuffer(2), 'an ArrayBuffer'], [http.cookieJar(), ''], [http.expectedStatuses(200), ''], [new Proxy({}, {}), ''],
		[(function* () {})(), 'a Generator'],
	]) {
		for (const [body, path] of [[{ a: value }, '.a'], [{ x: 1, a: ['x', value] }, '.a[1]'], [{ f: http.file('x'), a: value }, '.a']]) {
			const text = await refused(body);
			ok(text.startsWith('concurrent targets[0][2]' + path + must + what), text);
		}
	}
	same(hits('/echo'), before, 'nothing was sent');
});
test('a list in a list is a TypeError', async () => {
	ok((await refused({ a: [1, [2]] })).startsWith('concurrent targets[0][2].a[1]' + must + 'an array'), await refused({ a: [1, [2]] }));
});
test('a list with holes is a TypeError', async () => {
	const e = await refused({ a: [1, , 3] });
	ok(e.includes('.a must have no holes'), e);
	const long = [];
	long.length = 4294967295;
	ok((await refused({ a: long })).includes('.a must have no holes'), 'of any length');
});
test('what toString() throws is thrown', async () => {
	const e = await rejection(concurrent([['POST', BASE + '/echo', { a: { toString() { throw new RangeError('mine'); } } }]]));
	same([e.name, e.message], ['RangeError', 'mine']);
});
test('a file that cannot be sent is a TypeError', async () => {
	const bad = http.file('x', 'n', 'a\r\nb');
	same(await refused({ f: bad }), 'concurrent targets[0][2] cannot be sent: the content type of part 0 of the form is invalid');
	const odd = http.file('x');
	odd.data = 5;
	ok((await refused({ a: 1, f: odd })).startsWith('concurrent targets[0][2].f cannot be sent: '), await refused({ f: odd }));
});
test('binary files keep their bytes', async () => {
	const r = await send({ f: http.file(new Uint8Array([104, 0, 105, 13, 10]).buffer, 'n') });
	ok(r.body.includes('\r\n\r\nh\u0000i\r\n\r\n--'), r.body);
});
test('the same form is the same body', async () => {
	const form = () => ({ f: http.file('x', 'n'), a: [1, 2] });
	same((await send(form())).body, (await send(form())).body);
});
