// HTTP/1.1, HTTP/2 and HTTP/3: the same pages over each, and which was the fastest.
//
//   go run ./examples/server -- ./k6 run examples/versions.js
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/versions.js
//
// A server that does not speak a version fails its URLs there, and then no version is called faster.

import { compare, print } from 'k6/x/fetch';

// The demo server has its pages over TLS as well, because HTTP/3 needs that. Nobody has signed its certificate.
const demo = __ENV.SECURE_URLS;
if (!demo && !__ENV.URLS) {
  throw new Error('set the pages with -e URLS=https://…,https://…, or run the demo server: see the first lines');
}
const urls = (demo || __ENV.URLS).split(',');

export const options = {
  insecureSkipTLSVerify: Boolean(demo),
  thresholds: {
    fetch_failed: ['rate==0'],
    fetch_planned: ['count>0'],
    'fetch_elapsed{mode:HTTP/3}': ['p(95)<2000'],
  },
};

export default async function () {
  const c = await compare(
    urls,
    [
      { name: 'HTTP/1.1', httpVersion: '1.1' },
      { name: 'HTTP/2', httpVersion: '2' },
      { name: 'HTTP/3', httpVersion: '3' },
    ],
    { rounds: Number(__ENV.ROUNDS || 1) },
  );
  print(c);
}
