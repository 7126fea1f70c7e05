// HTTP/1.1 against HTTP/2: the same pages over both, and which was faster.
//
//   go run ./examples/server -- ./k6 run examples/versions.js
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/versions.js
//
// A server that does not speak HTTP/2 fails its URLs there, and then no version is called faster.

import { compare, print } from 'k6/x/fetch';

if (!__ENV.URLS) {
  throw new Error('set the pages with -e URLS=https://…,https://…, or run the demo server: see the first lines');
}
const urls = __ENV.URLS.split(',');

export const options = {
  thresholds: {
    fetch_failed: ['rate==0'],
    fetch_planned: ['count>0'],
    'fetch_elapsed{mode:HTTP/2}': ['p(95)<2000'],
  },
};

export default async function () {
  const c = await compare(
    urls,
    [
      { name: 'HTTP/1.1', httpVersion: '1.1' },
      { name: 'HTTP/2', httpVersion: '2' },
    ],
    { rounds: Number(__ENV.ROUNDS || 1) },
  );
  print(c);
}
