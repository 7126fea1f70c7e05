// Pages of many hosts whose names take long to look up, with http.batch and with concurrent.

import exec from 'k6/execution';
import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { ok, same, show } from '../harness.js';

const URLS = __ENV.URLS.split(' ');
export const options = {
	iterations: 1, batch: URLS.length, dns: { ttl: '0' },
	thresholds: { 'http_req_duration{by:batch}': ['p(95)<250'], 'http_req_duration{by:fetch}': ['p(95)<250'] },
};
export default async function () {
	exec.vu.metrics.tags.by = 'batch';
	for (const response of http.batch(URLS)) same(response.timings.looking_up, 0);
	exec.vu.metrics.tags.by = 'fetch';
	const run = await concurrent(URLS, { concurrency: URLS.length });
	same(run.ok, URLS.length);
	for (const { timings } of run.results) {
		ok(timings.looking_up >= 500 && timings.blocked >= timings.looking_up, show(timings));
	}
}
