import http from 'k6/http';
import { sequential } from 'k6/x/fetch';
import { BASE, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, systemTags: ['status', 'check'] };

test('templates are fetched without the tag name, too', async () => {
	same((await sequential([http.url`${BASE}/status/${200}`])).ok, 1);
});
