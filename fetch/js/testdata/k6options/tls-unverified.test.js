import http from 'k6/http';
import { sequential } from 'k6/x/fetch';
import { same, test, TLS } from '../harness.js';

export { passing as options, run as default } from '../harness.js';

test('a certificate that nobody has signed is refused', async () => {
	const r = (await sequential([TLS + '/status/200'])).results[0], theirs = http.get(TLS + '/status/200');
	same([r.error_code, r.error, r.ok], [1310, theirs.error, false]);
});
