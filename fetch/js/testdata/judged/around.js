// What is around a script: TestRuntimeIsThatOfK6 compares what this says in a k6 of its own and in the runtime of tests.

import { check, group } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import * as module from 'k6/x/fetch';

const BASE = __ENV.BASE;

export const options = { tags: { of: 'all' }, hosts: { 'web.test': '127.0.0.1' }, discardResponseBodies: true };

export default async function () {
	check(http.get(BASE + '/cookie/a/b', { tags: { own: 'tag' } }), { answered: (r) => r.status === 200 }, { by: 'me' });
	group('in a group', () => http.get(BASE.replace('127.0.0.1', 'web.test') + '/echo'));
	const run = await module.concurrent(Array.from({ length: 30 }, () => BASE + '/gate/six?n=6'));
	const echo = http.get(BASE + '/echo', { responseType: 'text' }).json(), redirected = http.get(BASE + '/redirect/12');
	console.log(JSON.stringify({
		options: exec.test.options, scenario: exec.scenario.name, executor: exec.scenario.executor,
		vu: [exec.vu.idInTest, exec.vu.iterationInScenario, Object.entries(exec.vu.tags).sort(), __VU, __ITER], env: [typeof BASE, typeof __ENV.NONE],
		http: Object.keys(http).sort(), module: Object.keys(module).sort(),
		run: [run.ok, run.concurrency, http.get(BASE + '/_/most?path=/gate/six', { responseType: 'text' }).body],
		sent: [echo.method, Object.entries(echo.headers).sort(), echo.cookies], redirected: [redirected.status, redirected.url.split('/').pop()],
		proto: [redirected.proto, redirected.remote_ip, redirected.timings.tls_handshaking],
	}));
}
