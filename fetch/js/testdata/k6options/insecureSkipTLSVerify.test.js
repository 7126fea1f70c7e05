import http from 'k6/http';
import { sequential } from 'k6/x/fetch';
import { ok, passing, same, test, TLS } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true };

test('insecureSkipTLSVerify accepts it', async () => {
	const run = await sequential([TLS + '/status/200', TLS + '/status/200']);
	const [r, again] = run.results, theirs = http.get(TLS + '/status/200');
	same([r.ok, r.proto, r.tls_version, r.tls_cipher_suite], [true, theirs.proto, theirs.tls_version, theirs.tls_cipher_suite]);
	same(r.ocsp, theirs.ocsp);
	ok(r.timings.tls_handshaking > 0 && again.timings.tls_handshaking === 0 && again.reused, 'handshake');
});
