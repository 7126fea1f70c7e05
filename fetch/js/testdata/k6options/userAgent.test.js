import { sequential } from 'k6/x/fetch';
import { BASE, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, userAgent: 'tester/1' };

test('it is sent', async () => {
	const run = await sequential([BASE + '/echo'], { responseType: 'text' });
	same(run.results[0].json('headers.User-Agent'), 'tester/1');
});
