import { sequential } from 'k6/x/fetch';
import { BASE, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, discardResponseBodies: true };

test('bodies are counted, and kept for who asks', async () => {
	const run = await sequential([BASE + '/bytes/5', { url: BASE + '/bytes/5', params: { responseType: 'text' } }]);
	same(run.results.map((r) => [Object.keys(r).includes('body'), r.bytes]), [[false, 5], [true, 5]]);
	same(run.results[1].body, 'xxxxx');
});
