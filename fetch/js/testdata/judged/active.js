// A report of a test with three VUs, and what happened when.

import { compare, concurrent, report, sequential } from 'k6/x/fetch';
import { BASE } from '../harness.js';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 3, iterations: 1 } } };
export async function setup() { await concurrent([BASE + '/echo']); }
export default async function () {
	// Nobody goes on before all have come, and a step is over.
	await sequential([BASE + '/delay/30', BASE + '/gate/here?n=3']);
	await concurrent([BASE + '/status/404', BASE + '/echo']);
	await compare([BASE + '/echo'], { rounds: 2 });
}
export function handleSummary() { return { [__ENV.FOLDER + '/report.json']: report('json') }; }
