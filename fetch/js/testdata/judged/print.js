// All that can be printed.

import { concurrent, compare, stream, print } from 'k6/x/fetch';
const BASE = __ENV.BASE;
export async function setup() { print('set up'); }
export default async function () {
	const run = await concurrent([BASE + '/status/200', BASE + '/status/404']);
	print('run\n');
	print(run);
	console.log(JSON.stringify(run.text()));
	const both = await compare([BASE + '/status/200']);
	print(both);
	console.log(JSON.stringify(both.text()));
	const pages = stream([BASE + '/status/200']);
	while (!(await pages.next()).done);
	print(pages.summary());
	console.log(JSON.stringify(pages.summary().text()));
	print('');
	print('one\r\ntwo\n\n\u001b[31mred\u001b[0m 日本');
}
export function teardown() { print('torn down'); }
export function handleSummary() { print('summed up'); return {}; }
