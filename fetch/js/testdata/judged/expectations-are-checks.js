// Each expectation is a check, with the tags of its target.
import { concurrent, report } from 'k6/x/fetch';

const BASE = __ENV.BASE;

export const options = { thresholds: { checks: ['rate==1'] } };

export default async function () {
	await concurrent([
		{ url: BASE + '/bytes/5', params: { name: 'five', tags: { kind: 'page' } } },
		{ url: BASE + '/bytes/6', params: { name: 'six', expect: { body: { contains: 'y' } } } },
		{ url: 'http://127.0.0.1:1/', params: { name: 'nobody' } },
	], { expect: { status: 200, body: { contains: 'x' } }, tags: { one: 'run' } });
}

export function handleSummary(data) {
	const of = (format) => report(format, { k6: data, title: 'expected' });
	return {
		stdout: [of('text'), of('markdown'), of('junit'), of('tap'), of('json'), of('csv'), of('har')].join('\n=====\n'),
	};
}
