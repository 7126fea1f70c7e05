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

// What a browser sends with most of them: the list is to send as much.
const headers = {
  Accept: 'image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  'Accept-Encoding': 'gzip, deflate',
  Referer: urls[0],
  'Sec-Fetch-Dest': 'image',
  'Sec-Fetch-Mode': 'no-cors',
  'Sec-Fetch-Site': 'same-origin',
};

const ways = {
  empty: () => {},
  page: () => page(urls[0]),
  calls: async () => {
    await concurrent([urls[0]], { headers });
    await concurrent(urls.slice(1), { concurrency, perHost: concurrency, headers });
  },
  list: () => concurrent(urls, { concurrency, perHost: concurrency, headers }),
};

export default async function () {
  await ways[way]();
}
