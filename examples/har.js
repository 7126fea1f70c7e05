// Replays a recording: the requests of a visit, as a browser's developer tools save them (Export HAR), against a server of
// your choice.
//
//   go run ./examples/server -- ./k6 run examples/har.js
//   ./k6 run -e HAR=/path/of/recording.har -e SITE=https://www.example.com examples/har.js

import { check } from 'k6';
import { concurrent, har } from 'k6/x/fetch';

const site = __ENV.SITE || 'http://shop.example';
const recording = har(__ENV.HAR || 'visit.har', { onError: 'skip' });

// Without what the page loads from others, such as advertisements and analytics.
const visit = recording.filter((request) => request.url.startsWith(`${site}/`));

// The recorded host is looked up here, and Host is what was recorded.
const server = (__ENV.BASE_URL || '').replace(/^https?:\/\//, '');

export const options = {
  hosts: server ? { [site.replace(/^https?:\/\//, '')]: server } : {},
  thresholds: { checks: ['rate==1'], fetch_failed: ['rate==0'], fetch_planned: ['count>0'] },
};

export default async function () {
  const run = await concurrent(visit, { name: 'path', perHost: 6 }); // as many as browsers with HTTP/1.1
  check(run, {
    'all of the visit was replayed': (r) => r.count === visit.length && r.notRun === 0,
    'it took at most five seconds': (r) => r.elapsed < 5000,
  });
  console.log(`${run.count} of ${recording.length} requests, ${recording.skipped} skipped, in ${run.elapsed.toFixed()} ms`);
}
