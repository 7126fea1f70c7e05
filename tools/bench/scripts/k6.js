// One way of making many requests: what to do is in the variable BENCH, as the program that starts k6 puts it there.
import http from 'k6/http';
import exec from 'k6/execution';
import { concurrent, sequential } from 'k6/x/fetch';

const {
  way, base, urls, calls, vus, concurrency, distinct, grouped, expect: contains, tracing, version,
} = JSON.parse(__ENV.BENCH);
const total = urls * calls;

export const options = {
  vus: vus || 1,
  iterations: calls,
  duration: '1h',
  batch: concurrency,
  batchPerHost: concurrency,
  discardResponseBodies: true,
  insecureSkipTLSVerify: true,
  // Every request has its metrics, and none has failed.
  thresholds: way === 'empty' ? {} : { http_reqs: [`count==${total}`], http_req_failed: ['rate==0'], fetch_failed: ['rate==0'] },
};

// What each response must be, if anything, and has failed otherwise; whether requests are traced; and which HTTP it is.
const more = {
  tracing, ...(contains ? { expect: { body: { contains } } } : {}), ...(version ? { httpVersion: version } : {}),
};

const ways = {
  empty: () => {},
  batch: (list) => http.batch(list),
  fetch: (list) =>
    concurrency === 1 ? sequential(list, more) : concurrent(list, { concurrency, perHost: concurrency, ...more }),
};

let list;
let wall = 0;

export default async function () {
  const iteration = exec.scenario.iterationInTest;
  if (grouped) exec.vu.metrics.tags.name = 'page';
  if (distinct || !list) {
    const from = distinct ? iteration * urls : 0;
    list = new Array(urls);
    for (let i = 0; i < urls; i++) list[i] = `${base}/${from + i}`;
  }
  const begin = Date.now();
  await ways[way](list);
  wall += Date.now() - begin;
  if (iteration === calls - 1) console.log(`wall ${wall}`);
}
