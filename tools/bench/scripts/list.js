// Fetches a list from a file, as often as BENCH says. What k6 itself keeps of each request is turned off by its flags.
import exec from 'k6/execution';
import { concurrent, lines } from 'k6/x/fetch';

const { way, list, calls, concurrency } = JSON.parse(__ENV.BENCH);

export const options = {
  scenarios: { main: { executor: 'shared-iterations', vus: 1, iterations: calls, maxDuration: '1h' } },
  discardResponseBodies: true,
};

const urls = way === 'empty' ? [] : lines(list);
let wall = 0;

// ways return how many URLs were fetched.
const ways = {
  empty: async () => 0,
  onResult: async (pool) => {
    let seen = 0;
    const run = await concurrent(urls, { ...pool, onResult: (r) => { seen += r.ok; } });
    return run.results.length === 0 ? seen : -1;
  },
  results: async (pool) => {
    const run = await concurrent(urls, pool);
    return run.results.length === run.ok ? run.ok : -1;
  },
};

export default async function () {
  const begin = Date.now();
  const fetched = await ways[way]({ concurrency, perHost: concurrency });
  wall += Date.now() - begin;
  if (fetched !== urls.length) exec.test.abort(`fetched ${fetched} of ${urls.length}`);
  if (exec.scenario.iterationInTest === calls - 1) console.log(`wall ${wall}`);
}
