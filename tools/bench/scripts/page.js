// A page with its resources: visited, or its URLs fetched as a list, as often as BENCH says.
import { concurrent, page } from 'k6/x/fetch';

const { way, base, resources, calls, concurrency } = JSON.parse(__ENV.BENCH);
const urls = [`${base}/page`, ...resources.map((path) => base + path)];
const total = urls.length * calls;

export const options = {
  vus: 1,
  iterations: calls,
  duration: '1h',
  discardResponseBodies: true,
  insecureSkipTLSVerify: true,
  thresholds: way === 'empty' ? {} : { http_reqs: [`count==${total}`], http_req_failed: ['rate==0'] },
};

const ways = {
  empty: () => {},
  page: () => page(urls[0]),
  list: () => concurrent(urls, { concurrency, perHost: concurrency }),
};

export default async function () {
  await ways[way]();
}
