// Replays a recording at its own pace: each request starts as long after the first as when it was recorded, or PACE times
// as fast.
//
//   go run ./examples/server -- ./k6 run examples/replay.js
//   ./k6 run -e HAR=/path/of/recording.har -e SITE=https://www.example.com -e PACE=2 examples/replay.js

import { check } from 'k6';
import { concurrent, har } from 'k6/x/fetch';

const site = __ENV.SITE || 'http://shop.example';
const recording = har(__ENV.HAR || 'visit.har', { pace: Number(__ENV.PACE) || 'recorded', onError: 'skip' });
const visit = recording.filter((request) => request.url.startsWith(`${site}/`)); // which begins with its first request

// The recorded host is looked up here, and Host is what was recorded.
const server = (__ENV.BASE_URL || '').replace(/^https?:\/\//, '');

export const options = {
  hosts: server ? { [site.replace(/^https?:\/\//, '')]: server } : {},
  thresholds: { checks: ['rate==1'], fetch_failed: ['rate==0'], fetch_planned: ['count>0'] },
};

export default async function () {
  const run = await concurrent(visit, { name: 'path', perHost: 6 });
  const late = Math.max(...run.results.map((page) => page.timings.queued)); // in ms, since it was due
  check(run, {
    'all of the visit was replayed': (r) => r.count === visit.length && r.notRun === 0,
    'it kept the pace': () => late < 1000,
  });
  console.log(`${run.count} requests in ${run.elapsed.toFixed()} ms, none more than ${late.toFixed()} ms late`);
}
