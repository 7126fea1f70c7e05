// For how long the certificate of a server must be valid.

import { concurrent } from 'k6/x/fetch';
import { BASE, TLS, ok, passing, same, test } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true };

const unmet = (r) => r.unmet.map((u) => u.check);

test('certificates have days left', async () => {
	const run = await concurrent([TLS + '/bytes/5', BASE + '/bytes/5'], { expect: { certificate: { daysLeft: 1 } } });
	same(run.results.map(unmet), [[], ['certificate valid for 1 day']]);
	const old = await concurrent([TLS + '/bytes/5'], { expect: { certificate: { daysLeft: 1e6 } } });
	ok(/^certificate valid for 1e\+06 days: \d+$/.test(old.results[0].error), old.results[0].error);
});
