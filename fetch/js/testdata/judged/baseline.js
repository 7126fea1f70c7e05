// The report of a test against the baseline of another, as a pipeline would have it.

import { concurrent, report } from 'k6/x/fetch';
const baseline = __ENV.BASELINE ? open(__ENV.BASELINE) : undefined;
export const options = { vus: 3, iterations: 12 };
export default async function () {
	await concurrent([{ url: __ENV.BASE + '/delay/' + __ENV.DELAY, params: { name: 'page' } }]);
}
export function handleSummary() {
	const options = { title: 'pages', baseline, tolerance: 0.3 };
	return {
		[__ENV.FOLDER + '/report.json']: report('json', options), [__ENV.FOLDER + '/report.csv']: report('csv', options),
		stdout: report('junit', options),
	};
}
