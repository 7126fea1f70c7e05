// The least that has to work, without any server: an empty list is an empty run,
// and an address where nobody listens is one failed result.
//
//   ./k6 run examples/smoke.js

import { check } from 'k6';
import { concurrent } from 'k6/x/fetch';

export const options = { thresholds: { checks: ['rate==1'], fetch_planned: ['count>0'] } };

export default async function () {
  const nothing = await concurrent([]);
  check(nothing, { 'an empty list is an empty run': (run) => run.count === 0 });

  const refused = await concurrent(['http://127.0.0.1:1/']);
  check(refused, {
    'a refused connection is a result': (run) => run.count === 1 && run.failed === 1,
    'it says why': (run) => run.results[0].error !== '' && run.results[0].error_code !== 0,
  });
}
