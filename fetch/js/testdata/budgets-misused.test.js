// A budget that is invalid is a TypeError before anything is sent.

import { Client, concurrent } from 'k6/x/fetch';
import { BASE, hits, ok, rejection, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

async function says(call, place, must) {
	const e = await rejection(call);
	ok(e instanceof TypeError && e.message.includes(place) && e.message.includes(must), e.message);
	same(hits('/never'), 0);
}
const made = (budget) => new Function('return ' + budget)();

// Invalid budgets of a run, the place that the error names, and what it says of it.
const misused = [
	['5', '', 'must be an object of bounds, or null for none; got 5'],
	['[]', '', 'must be an object of bounds, or null for none; got an array'],
	["'elapsed<5'", '', 'got "elapsed<5"'],
	['{ latency: 5 }', '.latency', 'is not a key of a budget; allowed: attempts, blocked, bytes, certificate_days, connecting, duration, elapsed,'],
	['{ elapsed: -1 }', '.elapsed', "must be milliseconds, a duration ('500ms'), a bound ('<500') or an expression ('p(95)<500'), or an array of those; got -1"],
	['{ elapsed: NaN }', '.elapsed', 'got NaN'],
	['{ elapsed: true }', '.elapsed', 'got true'],
	['{ elapsed: {} }', '.elapsed', 'got an object'],
	['{ elapsed: [] }', '.elapsed', 'got an array'],
	['{ elapsed: new Array(2 ** 31) }', '.elapsed', 'at most 100 elements; got 2147483648'],
	['{ elapsed: [5, null] }', '.elapsed[1]', 'got null'],
	["{ elapsed: [5, '<'] }", '.elapsed[1]', 'got "<"'],
	["{ elapsed: '100kB' }", '.elapsed', 'got "100kB"'],
	["{ elapsed: 'p(95) 500' }", '.elapsed', 'got "p(95) 500"'],
	["{ elapsed: 'p(101)<500' }", '.elapsed', 'got "p(101)<500"'],
	["{ elapsed: 'rate<1' }", '.elapsed', 'got "rate<1"'],
	["{ bytes: '5s' }", '.bytes', `must be a number of bytes, a size ('100kB') or a bound ('<100kB'), or an array of those; got "5s"`],
	["{ bytes: 'avg<5' }", '.bytes', 'got "avg<5"'],
	["{ status: 'ok' }", '.status', 'must be an integer status or an object like {min: 200, max: 299}; got "ok"'],
	['{ status: [] }', '.status', 'must be at least one status'],
	["{ attempts: '<one' }", '.attempts', `must be a number or a bound ('<=2'), or an array of those; got "<one"`],
	["{ certificate_days: '14d' }", '.certificate_days', `must be a number of days, which must be left, or a bound ('>14'), or an array of those; got "14d"`],
	["{ certificate_days: 'min>14' }", '.certificate_days', 'got "min>14"'],
	["{ failed: 'rate<5' }", '.failed', `must be a number or an expression ('rate<0.01', 'count<=3'), or an array of those; got "rate<5"`],
	["{ not_run: 'max<5' }", '.not_run', 'got "max<5"'],
	["{ run_elapsed: 'p(95)<5' }", '.run_elapsed', `must be milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those; got "p(95)<5"`],
	["{ speedup: 'fast' }", '.speedup', `must be a number, which it must reach, or a bound ('>2'), or an array of those; got "fast"`],
];
for (const [budget, path, must] of misused) {
	test(budget, () => says(concurrent([BASE + '/never'], { budget: made(budget) }), 'concurrent options.budget' + path + ' ', must));
}

// Those of a target may not be about all results.
const misusedOfTargets = [
	["{ elapsed: 'p(95)<500' }", '.elapsed', `must be milliseconds, a duration ('500ms') or a bound ('<500'), or an array of those; got "p(95)<500"`],
	["{ elapsed: ['<5', 'max<5'] }", '.elapsed[1]', 'must be'],
	['{ failed: 0 }', '.failed', 'is not a key of a budget; allowed:'],
];
for (const [budget, path, must] of misusedOfTargets) {
	test('a target with ' + budget, () => says(concurrent([{ url: BASE + '/never', params: { budget: made(budget) } }]),
		'concurrent targets[0].params.budget' + path + ' ', must));
}

test('a Client', () => { ok(thrown(() => new Client({ budget: 5 })) instanceof TypeError); });
