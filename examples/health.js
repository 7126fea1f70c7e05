// Health checks of a fleet, for a pipeline: every service of a list must be up, in time. k6 exits with 99 if one is not,
// and junit.xml has a test case for each.
//
//   go run ./examples/server -- ./k6 run examples/health.js
//
// -e FLEET=/path/of/fleet.csv takes another list, -e REPORTS=some/folder writes junit.xml there.

import { check } from 'k6';
import { Client, csv, report } from 'k6/x/fetch';

const fleet = csv(__ENV.FLEET || 'fleet.csv', { name: 'name', url: 'url' });
const client = new Client({
  baseURL: __ENV.BASE_URL || 'http://127.0.0.1:8080',
  concurrency: 50,
  timeout: '5s',
  retries: 2, // a restart under way is no outage
  responseType: 'text',
  budget: { elapsed: '1s', status: 200 },
});

export const options = { thresholds: { checks: ['rate==1'], fetch_planned: ['count>0'] } };

export default async function () {
  const run = await client.concurrent(fleet);
  for (const service of run.results) {
    check(service, { 'is up': (s) => s.ok && s.json('status') === 'up' }, { service: service.name });
  }
  for (const service of run.failures()) {
    console.error(`${service.name}: ${service.error || service.status_text}`);
  }
}

export function handleSummary(data) {
  return {
    [`${__ENV.REPORTS || '.'}/junit.xml`]: report('junit', { title: 'Fleet', k6: data }),
    stdout: report('text', { title: 'Fleet', k6: data, colors: true }),
  };
}
