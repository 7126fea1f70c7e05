// HTTP/3 that a server offers by Alt-Svc. TLS2 offers it at /alt-svc alone, at its own port or at one where nobody listens.

import { Client, concurrent, page, sequential } from 'k6/x/fetch';
import { file, ok, passing, same, test, times, TLS2 } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true };

const protos = (run) => run.results.map((r) => r.proto);
const H1 = 'HTTP/1.1', H2 = 'HTTP/2.0', H3 = 'HTTP/3.0', ECHO = TLS2 + '/echo', OFFER = TLS2 + '/alt-svc';
// by calls a function with a Client, whose offers are its own.
async function by(options, fn) {
	const client = new Client(options);
	await fn(client);
	client.close();
}

test('a server that offers HTTP/3 is asked over it next time', () => by({ altSvc: true }, async (client) => {
	const run = await client.sequential([ECHO, OFFER, ECHO, ['POST', ECHO, 'x']]);
	same(protos(run), [H2, H2, H3, H3]);
	same(run.results.map((r) => [r.fallback, r.early_data]), times(4, () => ['', false]));
	const t = run.results[2].timings;
	ok(t.tls_handshaking > 0 && t.tls_handshaking <= t.connecting && t.connecting <= t.blocked, JSON.stringify(t));
	same(protos(await client.concurrent([ECHO])), [H3], 'in the next run as well');
}));
test('a server that takes its offer back is asked over TCP', () => by({ altSvc: true }, async (client) => {
	same(protos(await client.sequential([OFFER, OFFER + '?clear', ECHO])), [H2, H3, H2]);
}));
test('without altSvc an offer is not taken', () => by({}, async (client) => {
	same(protos(await client.sequential([OFFER, ECHO])), [H2, H2]);
	same(protos(await client.sequential([OFFER, ECHO], { altSvc: false })), [H2, H2]);
}));
test('a target that says its version is asked by that', () => by({ altSvc: true }, async (client) => {
	const run = await client.sequential([OFFER, { url: ECHO, params: { httpVersion: '1.1' } }, { url: ECHO, params: { httpVersion: '2' } }, { url: ECHO, params: { altSvc: false } }, ECHO]);
	same(protos(run), [H2, H1, H2, H2, H3]);
	same(protos(await client.sequential([ECHO], { httpVersion: '1.1' })), [H1], 'as does a call');
}));
test('where HTTP/3 fails, a request goes over TCP, and its result says why', () => by({ altSvc: true }, async (client) => {
	const run = await client.sequential([OFFER + '?port=1', ECHO, ECHO]);
	same(run.results.map((r) => [r.proto, r.fallback, r.error, r.ok]), [
		[H2, '', '', true], [H2, 'quic: connection refused', '', true], [H2, 'quic: connection refused', '', true],
	]);
	const { results } = JSON.parse(run.report('json')).runs[0];
	same(results.map((r) => r.fallback), [undefined, 'quic: connection refused', 'quic: connection refused']);
	same(run.toJSON().results.map((r) => r.fallback), ['', 'quic: connection refused', 'quic: connection refused']);
	same(JSON.parse(run.report('har')).log.entries.map((e) => e._fallback), [undefined, 'quic: connection refused', 'quic: connection refused']);
	ok(run.report('html').includes('quic: connection refused'), 'the page says it');
}));
test('a page of a server that offers it goes on over HTTP/3', () => by({ altSvc: true }, async (client) => {
	await client.sequential([OFFER]);
	const home = file('home.html', '<script src=/echo></script><img src=/bytes/10>', { type: 'text/html' }, TLS2);
	same(protos(await client.page(home)), [H3, H3, H3]);
}));
test('the VU remembers an offer from call to call', async () => {
	await sequential([OFFER], { altSvc: true });
	same(protos(await concurrent([ECHO, ECHO], { altSvc: true })), [H3, H3]);
	same(protos(await concurrent([ECHO], { altSvc: true, connections: 'new' })), [H2], 'new connections know of none');
});
