// What a response must be.

import { Client, compare, concurrent, page, sequential, stream } from 'k6/x/fetch';
import { BASE, hits, ok, rejection, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

const unmet = (r) => r.unmet.map((u) => u.check);

test('what is met changes nothing', async () => {
	const run = await concurrent([BASE + '/bytes/5', BASE + '/echo?q=1'], {
		expect: {
			status: { min: 200, max: 299 }, headers: { 'x-none': null, 'Content-Type': /./ }, body: { lacks: 'Page not found', matches: [/./s] },
		},
	});
	same([run.ok, run.failed, run.results.map((r) => [r.unmet, r.error, r.state])], [2, 0, [[[], '', 'done'], [[], '', 'done']]]);
});
test('what is not met fails, and says all of it', async () => {
	const run = await concurrent({ five: BASE + '/bytes/5' }, { expect: { status: 201, body: { contains: ['xxxxx', 'y'], lacks: ['x', 'z'] } } });
	const r = run.get('five');
	same([run.failed, run.overBudget, r.ok, r.state, r.status, r.error_code], [1, 0, false, 'failed', 200, 0]);
	same(r.unmet, [
		{ check: 'status == 201', got: '200' }, { check: 'body contains "y"', got: 'not in 5 bytes' }, { check: 'body lacks "x"', got: 'it is there' },
	]);
	same(r.error, 'status == 201: 200 (and 2 more)');
	same(JSON.parse(JSON.stringify(run)).results[0].unmet, r.unmet);
	ok(run.text().includes('body lacks "z": met'), run.text());
	ok(run.text().includes('body contains "y": not met'), run.text());
});
test('JSON of all types', async () => {
	const run = await concurrent([BASE + '/echo?a=1'], {
		expect: { json: { method: 'GET', 'headers.#': 1, '@this': /x/, nothing: null, 'method.x': { a: [1] } } },
	});
	ok(!unmet(run.results[0]).includes('json method == "GET"'), unmet(run.results[0]));
	ok(run.results[0].unmet.every((u) => u.got.length < 100), 'bounded');
});
test('parts of a target win one by one, and null is none', async () => {
	const run = await concurrent([
		BASE + '/bytes/5',
		{ url: BASE + '/bytes/5', params: { expect: { body: { contains: 'z' } } } },
		{ url: BASE + '/bytes/5', params: { expect: { body: null } } },
		{ url: BASE + '/bytes/5', params: { expect: null } },
	], { expect: { status: 201, body: { contains: 'y' } } });
	same(run.results.map(unmet), [
		['status == 201', 'body contains "y"'], ['status == 201', 'body contains "z"'], ['status == 201'], [],
	]);
});
test('a Client expects, and its calls as well', async () => {
	const client = new Client({ expect: { status: 201, body: { contains: 'y' } } });
	same(unmet((await client.sequential([BASE + '/bytes/5'])).results[0]), ['status == 201', 'body contains "y"']);
	same(unmet((await client.concurrent([BASE + '/bytes/5'], { expect: { status: 200 } })).results[0]), ['body contains "y"']);
});
test('streams and comparisons judge as well', async () => {
	const expect = { body: { contains: 'y' } };
	const s = stream([BASE + '/bytes/5'], { expect });
	same(unmet((await s.next()).value), ['body contains "y"']);
	await s.next();
	const c = await compare([BASE + '/bytes/5'], { expect });
	same([c.sequential.failed, c.concurrent.failed], [1, 1]);
});
test('a page is expected of its document', async () => {
	const visit = await page(BASE + '/bytes/5', { expect: { body: { contains: 'y' } } });
	same([visit.document.ok, unmet(visit.document)], [false, ['body contains "y"']]);
});
test('kept bodies stay', async () => {
	const { results: [r] } = await sequential([BASE + '/bytes/5'], { responseType: 'text', expect: { body: { matches: /^x{5}$/ } } });
	same([r.ok, r.body], [true, 'xxxxx']);
});
test('flags of regular expressions count', async () => {
	const run = await concurrent([BASE + '/bytes/5'], { expect: { body: { matches: [/^X+$/i, /^x\u{78}/u, /X/] } } });
	same(unmet(run.results[0]), ['body matches /X/']);
});
test('what throws counts it as failed', async () => {
	const e = await rejection(concurrent([BASE + '/bytes/5'], { throw: 'failed', expect: { body: { contains: 'y' } } }));
	ok(e.message.includes('body contains "y"'), e.message);
});

// Invalid expectations, the place that the error names, and what it says of it.
const misused = [
	['5', '', 'must be an object { status, headers, body, json, certificate }, or null for nothing; got 5'],
	["{ text: 'a' }", '.text', 'is not a part of what is expected; allowed: body, certificate, headers, json, status'],
	["{ Body: {} }", '.Body', 'did you mean body'],
	["{ status: 'ok' }", '.status', 'must be an integer status or an object like {min: 200, max: 299}; got "ok"'],
	["{ headers: 'a' }", '.headers', 'must be an object of header names and what they must be; got "a"'],
	["{ headers: { 'a b': 'c' } }", '.headers.a b', 'must be the name of a header; got "a b"'],
	['{ headers: { a: 5 } }', '.headers.a', 'must be a string, a regular expression, or null if it must be absent; got 5'],
	["{ body: 'text' }", '.body', 'must be an object { contains, lacks, matches, sha256 }; got "text"'],
	["{ body: { has: 'a' } }", '.body.has', 'is not something to expect of a body; allowed: contains, lacks, matches, sha256'],
	["{ body: { contains: '' } }", '.body.contains', 'must be a string that is not empty, or an array of those; got ""'],
	["{ body: { contains: /a/ } }", '.body.contains', 'must be a string that is not empty, or an array of those'],
	["{ body: { lacks: ['a', 5] } }", '.body.lacks[1]', 'must be a string that is not empty, or an array of those; got 5'],
	["{ body: { contains: '\\ud800' } }", '.body.contains', 'must be a string of Unicode'],
	["{ body: { matches: 'a' } }", '.body.matches', 'must be a regular expression, or an array of those; got "a"'],
	['{ body: { matches: /a(?=b)/ } }', '.body.matches', 'without lookaround and back-references, because Go matches it; got /a(?=b)/. To match it with JavaScript, keep the body and use check()'],
	['{ body: { matches: /(a)\\1/ } }', '.body.matches', 'use check()'],
	["{ body: { sha256: 'abc' } }", '.body.sha256', 'must be a SHA-256 digest of 64 hexadecimal digits'],
	["{ body: { sha256: [] } }", '.body.sha256', 'must be a SHA-256 digest of 64 hexadecimal digits'],
	["{ json: 'a' }", '.json', 'must be an object of GJSON paths and the values there; got "a"'],
	["{ json: { '': 1 } }", '.json.', 'must be at a path of GJSON'],
	['{ json: { a: () => 1 } }', '.json.a', 'must be a value that JSON has, or a regular expression'],
	['{ json: { a: NaN } }', '.json.a', 'must be a value that JSON has, or a regular expression; got NaN'],
	['{ json: { a: 5n } }', '.json.a', 'must be a value that JSON has, or a regular expression'],
	['{ json: { a: (() => { const o = {}; o.o = o; return o; })() } }', '.json.a', 'must be a value that JSON has'],
	['{ certificate: 14 }', '.certificate', 'must be an object { daysLeft }; got 14'],
	['{ certificate: { days: 14 } }', '.certificate.days', 'is not something to expect of a certificate; allowed: daysLeft'],
	['{ certificate: { daysLeft: -1 } }', '.certificate.daysLeft', 'must be a number of days of at least 0; got -1'],
];
for (const [expect, path, must] of misused) {
	test('misused: ' + expect.replaceAll('::', ':'), async () => {
		const value = new Function('return ' + expect)();
		const e = await rejection(concurrent([BASE + '/never'], { expect: value }));
		ok(e instanceof TypeError && e.message.includes('concurrent options.expect' + path + ' ') && e.message.includes(must), e.message);
		const t = await rejection(concurrent([{ url: BASE + '/never', params: { expect: value } }]));
		ok(t instanceof TypeError && t.message.includes('concurrent targets[0].params.expect' + path + ' '), t.message);
		ok(thrown(() => new Client({ expect: value })) instanceof TypeError, 'a Client');
		same(hits('/never'), 0);
	});
}
