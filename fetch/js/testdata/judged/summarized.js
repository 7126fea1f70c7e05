// Thresholds and checks of all kinds. What report() makes of them goes to FOLDER, or its text to the log; what k6 prints
// itself goes to standard output.

import { concurrent, report } from 'k6/x/fetch';
import { check, group } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const counter = new Counter('my_counter'), gauge = new Gauge('my_gauge'), rate = new Rate('Rates'), trend = new Trend('my_trend', true);
export const options = {
	summaryTimeUnit: __ENV.UNIT,
	summaryTrendStats: __ENV.STATS ? __ENV.STATS.split(' ') : undefined,
	thresholds: {
		http_req_duration: ['p(95)<0.001', 'avg<60000', 'max<60000'],
		'http_req_duration{name:home}': ['max<60000'],
		'http_reqs{expected_response:true}': ['count>1'],
		checks: ['rate==1'], my_counter: ['count>3', 'rate>0.00001'], my_gauge: ['value<3'], fetch_planned: ['count>0'],
		my_trend: [' med < 10 '],
	},
};
export default async function () {
	counter.add(3.5);
	gauge.add(2);
	rate.add(true);
	trend.add(12.345);
	trend.add(61234);
	const run = await concurrent([__ENV.BASE + '/status/200', __ENV.BASE + '/status/404'], { name: 'home', budget: { status: [200] } });
	check(run, { 'all ok': (r) => r.failed === 0, ran: (r) => r.count === 2 });
	group('login', () => group('form', () => check(1, { 'one is one': (n) => n === 1, ran: () => false })));
}
export function handleSummary(data) {
	const formats = ['text', 'json', 'markdown', 'csv', 'junit', 'tap', 'har', 'html'];
	if (__ENV.FOLDER) {
		return Object.fromEntries(formats.map((f) => [__ENV.FOLDER + '/' + f, report(f, { k6: data })]));
	}
	console.log('TEXT' + JSON.stringify(report('text', { k6: data })));
}
