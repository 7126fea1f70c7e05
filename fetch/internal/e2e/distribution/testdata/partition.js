import { SharedArray } from 'k6/data';
import { concurrent, partition } from 'k6/x/fetch';

const urls = new SharedArray('urls', () =>
  Array.from({ length: Number(__ENV.URLS) }, (_, i) => `${__ENV.BASE}/${i}`));

const vus = Number(__ENV.VUS);
export const options = { scenarios: { main: { executor: 'per-vu-iterations', vus, iterations: 1 } } };

export default async function () {
  await concurrent(partition(urls), { headers: { 'X-Instance': __ENV.INSTANCE || '' } });
}
