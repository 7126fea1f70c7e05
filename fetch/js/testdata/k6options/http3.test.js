// HTTP/3 with connections that are not used again, so that each is a resumed one.
import { sequential } from 'k6/x/fetch';
import { passing, same, test, times, TLS2 } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true, noConnectionReuse: true };

const ECHO = TLS2 + '/echo', early = (run) => run.results.map((r) => r.early_data), three = { httpVersion: '3' };

test('noConnectionReuse makes a connection for each request', async () => {
	const run = await sequential(times(3, () => ECHO), three);
	same(run.results.map((r) => [r.proto, r.reused, r.early_data]), times(3, () => ['HTTP/3.0', false, false]));
	same(new Set(run.results.map((r) => r.headers['X-Conn'])).size, 3);
});
test('earlyData sends a safe request before the handshake is done, where a connection is resumed', async () => {
	const run = await sequential([ECHO, ECHO, ['POST', ECHO, 'x'], ['HEAD', ECHO], ['PUT', ECHO, 'x']], { ...three, earlyData: true });
	same([run.ok, early(run)], [5, [false, true, false, true, false]]);
	same(run.toJSON().results.map((r) => r.early_data), [false, true, false, true, false]);
	same(JSON.parse(run.report('json')).runs[0].results.map((r) => r.early_data), [undefined, true, undefined, true, undefined]);
	same(JSON.parse(run.report('har')).log.entries.map((e) => e._early_data), [undefined, true, undefined, true, undefined]);
});
test('the earlyData of a target wins', async () => {
	await sequential([ECHO], { ...three, earlyData: true });
	same(early(await sequential([{ url: ECHO, params: { earlyData: false } }, ECHO], { ...three, earlyData: true })), [false, true]);
	same(early(await sequential([{ url: ECHO, params: { httpVersion: '2' } }], { ...three, earlyData: true })), [false]);
});
