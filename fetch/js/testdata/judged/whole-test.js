// A report of all that a test fetches, in every format.

import { concurrent, compare, stream, report, Client } from 'k6/x/fetch';
const BASE = __ENV.BASE;
export const options = { scenarios: {
	many: { executor: 'per-vu-iterations', vus: 4, iterations: 5, exec: 'many' },
	both: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'both' },
} };
export async function setup() { await concurrent([BASE + '/status/201'], { name: 'setup' }); }
export async function many() {
	await concurrent([BASE + '/status/200', { url: BASE + '/status/503', params: { name: 'broken' } }]);
	await new Client().concurrent([BASE + '/status/200'], { name: 'client' });
}
export async function both() {
	await compare([BASE + '/delay/5', BASE + '/delay/6']);
	const pages = stream([BASE + '/status/200'], { name: 'streamed' });
	while (!(await pages.next()).done);
}
export async function teardown() { await concurrent([], { name: 'nothing' }); }
export function handleSummary() {
	const formats = ['text', 'html', 'json', 'markdown', 'csv', 'junit', 'tap', 'har', 'baseline'];
	return Object.fromEntries(formats.map((f) => [__ENV.FOLDER + '/report.' + f, report(f)]));
}
