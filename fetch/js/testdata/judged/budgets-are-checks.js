// Budgets that pass and fail, beside checks of the script.

import { check, group } from 'k6';
import exec from 'k6/execution';
import { compare, concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';

export const options = {
	tags: { all: 'yes' }, vus: 1, iterations: 1,
	thresholds: { checks: ['rate==1'], 'checks{name:large}': ['rate==0'], 'checks{check:bytes <= 10 B}': ['rate>0.7'] },
};
export default async function () {
	exec.vu.metrics.metadata.trace = 'id';
	const runs = [];
	group('outer', () => {
		check(null, { 'bytes <= 10 B': () => true });
		runs.push(concurrent([
			{ url: BASE + '/bytes/5', params: { name: 'small', tags: { kind: 'page' } } },
			{ url: BASE + '/bytes/50', params: { name: 'large' } },
			BASE + '/bytes/6',
			{ url: BASE + '/bytes/60' },
		], { budget: { bytes: 10, requests: 4 }, tags: { one: 'run' } }));
	});
	await runs[0];
	await compare([BASE + '/bytes/5'], { name: 'both', budget: { bytes: 10 } });
}
