// Any string can be the key of a target of a chunk.

import fetch, { concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';

const names = ['__proto__', '', 'constructor', 'a', '0'];
const all = {};
for (const n of names) Object.defineProperty(all, n, { value: BASE + '/echo?' + n, enumerable: true });
export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 1, iterations: fetch.chunks(all, 2) } } };
export default async function () {
	const part = fetch.chunk(all, 2);
	const run = await concurrent(part);
	for (const r of run.results) console.log('got [' + r.key + '] ' + r.url.split('?')[1]);
	if (Object.getPrototypeOf(part) !== Object.prototype) throw new Error('its prototype was set');
}
