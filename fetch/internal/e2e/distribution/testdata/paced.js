import { chunk, chunks, concurrent, har, partition } from 'k6/x/fetch';

const recording = har(__ENV.RECORDING, { pace: 'recorded' });
const size = 4;
const vus = Number(__ENV.VUS);
const scenario = {
  partition: { executor: 'per-vu-iterations', vus, iterations: 1 },
  chunks: { executor: 'shared-iterations', vus, iterations: chunks(recording, size) },
};
export const options = { scenarios: { main: scenario[__ENV.SHARES] } };

export default async function () {
  const share = __ENV.SHARES === 'partition' ? partition(recording) : chunk(recording, size);
  const run = await concurrent(share, { name: 'path' });
  for (const r of run.results) console.log(`replayed ${r.name} due ${Math.round(r.started - r.timings.queued)} started ${r.started}`);
}
