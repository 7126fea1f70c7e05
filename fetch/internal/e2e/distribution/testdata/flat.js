import { concurrent, lines, stream } from 'k6/x/fetch';

const urls = lines(__ENV.LIST);
const iterations = Number(__ENV.CALLS || 1);
export const options = { scenarios: { main: { executor: 'shared-iterations', iterations, maxDuration: '1h' } } };

export default async function () {
  let seen = 0;
  if (__ENV.WAY === 'stream') {
    const results = stream(urls);
    for (let item = await results.next(); !item.done; item = await results.next()) seen += item.value.ok;
  } else {
    const run = await concurrent(urls, { onResult: (r) => { seen += r.ok; } });
    if (run.results.length > 0 || run.count !== urls.length) throw new Error('results are kept');
  }
  if (seen !== urls.length) throw new Error(`${seen} of ${urls.length}`);
  console.log(`saw ${seen}`);
}
