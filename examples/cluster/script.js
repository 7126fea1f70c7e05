// Fetches a long list, each URL once, on as many instances as there are. On one machine it is
//
//   go run ./examples/server -- ./k6 run -e LIST="$PWD/examples/urls.txt" -e SIZE=2 examples/cluster/script.js

import exec from 'k6/execution';
import { check } from 'k6';
import { chunk, chunks, Client, lines } from 'k6/x/fetch';

const size = Number(__ENV.SIZE || 1000);
const vus = Number(__ENV.VUS || 2);

const urls = lines(__ENV.LIST || '/lists/urls.txt');
const client = new Client({ baseURL: __ENV.BASE_URL || 'http://127.0.0.1:8080' });

export const options = {
  scenarios: {
    list: {
      executor: 'shared-iterations',
      vus, // of all instances together
      iterations: Math.max(chunks(urls, size), vus),
      maxDuration: '24h',
    },
  },
  thresholds: { fetch_failed: ['rate<0.01'], fetch_planned: ['count>0'] },
};

export default async function () {
  exec.vu.metrics.metadata.chunk = `${exec.scenario.iterationInTest}`; // to know what is left, if an instance is lost
  const part = chunk(urls, size);
  const run = await client.concurrent(part, { onResult: () => {} }); // the metrics have all that is wanted
  check(run, { 'the chunk was fetched': (r) => r.notRun === 0 });
}
