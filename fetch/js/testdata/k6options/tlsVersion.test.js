import { sequential } from 'k6/x/fetch';
import { passing, same, test, TLS } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true, tlsVersion: 'tls1.2' };

test('tlsVersion holds', async () => {
	const r = (await sequential([TLS + '/status/200'])).results[0];
	same(r.tls_version, 'tls1.2');
});
