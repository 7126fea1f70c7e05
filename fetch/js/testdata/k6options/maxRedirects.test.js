import { sequential } from 'k6/x/fetch';
import { BASE, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, maxRedirects: 1 };

test('it is the default', async () => {
	const run = await sequential([BASE + '/redirect/2', { url: BASE + '/redirect/2', params: { redirects: 2 } }]);
	same(run.results.map((r) => r.status), [302, 200]);
});
