// What results say of certificates.

import { concurrent, sequential, stream } from 'k6/x/fetch';
import { BASE, ok, passing, same, test, TLS, TLS2 } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true };

const day = 24 * 60 * 60 * 1000;

test('every member of a certificate', async () => {
	const { certificate: c } = (await sequential([TLS + '/status/200'])).results[0];
	same(Object.keys(c), ['subject', 'issuer', 'notBefore', 'notAfter', 'dnsNames', 'serial', 'sha256', 'daysLeft']);
	same([c.subject, c.issuer, c.notBefore], ['O=Acme Co', 'O=Acme Co', '1970-01-01T00:00:00Z']);
	ok(Array.isArray(c.dnsNames) && c.dnsNames.includes('example.com'), 'names ' + c.dnsNames);
	ok(/^([0-9A-F]{2})+$/.test(c.serial) && /^[0-9a-f]{64}$/.test(c.sha256), c.serial + ' ' + c.sha256);
	same(c.daysLeft, Math.floor((Date.parse(c.notAfter) - Date.now()) / day));
});
test('results of one connection have the same one, over HTTP/2 as well', async () => {
	for (const base of [TLS, TLS2]) {
		const run = await sequential([base + '/status/200', base + '/redirect/1', base + '/status/404']);
		same(run.results.map((r) => r.certificate), Array(3).fill(run.results[0].certificate));
	}
});
test('null without TLS, and without a connection', async () => {
	const run = await concurrent([BASE + '/status/200', 'http://127.0.0.1:1/', 'https://127.0.0.1:1/'], { deadline: '1m' });
	same(run.results.map((r) => r.certificate), [null, null, null]);
});
test('what a script does to it changes no other result', async () => {
	const [first, second] = (await sequential([TLS + '/status/200', TLS + '/status/200'])).results;
	const names = first.certificate.dnsNames;
	names.length = 0;
	first.certificate.subject = 'mine';
	ok(second.certificate.dnsNames.length > 0 && first.certificate.subject === 'O=Acme Co', 'it is changed');
});
test('results of a stream and of onResult have it', async () => {
	let seen;
	await concurrent([TLS + '/status/200'], { onResult: (r) => { seen = r.certificate.sha256; } });
	const { value } = await stream([TLS + '/status/200']).next();
	same(value.certificate.sha256, seen);
});
test('JSON has it', async () => {
	const run = await sequential([TLS + '/status/200', BASE + '/status/200']);
	const [secure, plain] = run.results.map((r) => r.certificate);
	same(JSON.parse(JSON.stringify(run)).results.map((r) => r.certificate), [secure, plain]);
	same(run.toJSON().results[0].certificate, secure);
	same(JSON.parse(JSON.stringify(run.results[0])).certificate, secure);
	const reported = JSON.parse(run.report('json')).runs[0].results;
	same(reported[0].certificate, secure);
	ok(!('certificate' in reported[1]), 'it is absent without TLS');
});
test('a budget of its days', async () => {
	const urls = [TLS + '/status/200', BASE + '/status/200', 'http://127.0.0.1:1/'];
	const run = await sequential(urls, { budget: { certificate_days: [14, '>1e6'] } });
	const { daysLeft } = run.results[0].certificate;
	same(run.results.map((r) => r.budget.map((v) => [v.check, v.ok, v.value])), [
		[['certificate_days >= 14', true, daysLeft], ['certificate_days > 1000000', false, daysLeft]],
		[['certificate_days >= 14', false, null], ['certificate_days > 1000000', false, null]],
		[['certificate_days >= 14', false, null], ['certificate_days > 1000000', false, null]],
	]);
	same([run.overBudget, run.ok], [3, 2]);
	const judged = run.toJSON().results, reported = JSON.parse(run.report('json')).runs[0].results;
	same(reported.map((r) => r.budget), judged.map((r) => r.budget), 'a report says the same');
});
test('a target has a budget of its own', async () => {
	const run = await sequential([{ url: TLS + '/status/200', params: { budget: { certificate_days: '<1' } } }, TLS + '/status/200'],
		{ budget: { certificate_days: 1 } });
	same(run.results.map((r) => r.budget.map((v) => [v.check, v.ok])), [
		[['certificate_days < 1', false]], [['certificate_days >= 1', true]],
	]);
});
