import { concurrent } from 'k6/x/fetch';
import { BASE, ok, passing, test, times } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, rps: 20 };

test('requests start no faster', async () => {
	const run = await concurrent(times(6, () => BASE + '/status/200'));
	ok(run.elapsed >= 240 && run.ok === 6, run.elapsed);
	ok(run.results.map((r) => r.timings.queued).sort((a, b) => b - a)[0] >= 240, 'queued');
});
