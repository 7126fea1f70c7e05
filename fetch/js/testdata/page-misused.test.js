// Misuse of page() is a TypeError that names the option, its value and what is allowed, before anything is sent.

import http from 'k6/http';
import fetch from 'k6/x/fetch';
import { BASE, hits, ok, rejection, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

const filter = "a regular expression, a host ('cdn.example', '*.example') or a type (document, style, script, font, " +
	'image, media, track, manifest, embed, object, other), or an array of those';
// Options, what the error names, and what it says of it.
const misused = [
	["{ cache: 'disk' }", 'options.cache', `one of 'none', 'vu', 'shared'; got "disk"`],
	['{ cache: true }', 'options.cache', `one of 'none', 'vu', 'shared'; got true`],
	['{ cache: null }', 'options.cache', 'got null'],
	["{ colorScheme: 'sepia' }", 'options.colorScheme', `one of 'light', 'dark'; got "sepia"`],
	["{ css: 'none' }", 'options.css', `one of 'used', 'all'; got "none"`],
	['{ css: [] }', 'options.css', 'got an array'],
	['{ depth: -1 }', 'options.depth', 'an integer from 0 to 10; got -1'],
	['{ depth: 11 }', 'options.depth', 'an integer from 0 to 10; got 11'],
	['{ depth: 1.5 }', 'options.depth', 'got 1.5'],
	['{ depth: NaN }', 'options.depth', 'got NaN'],
	['{ depth: Infinity }', 'options.depth', 'got Infinity'],
	["{ depth: '1' }", 'options.depth', 'got "1"'],
	['{ dpr: 0 }', 'options.dpr', 'a number of device pixels for each CSS pixel, above 0 and up to 16; got 0'],
	['{ dpr: 17 }', 'options.dpr', 'got 17'],
	['{ dpr: NaN }', 'options.dpr', 'got NaN'],
	["{ dpr: '2x' }", 'options.dpr', 'got "2x"'],
	['{ lazy: 1 }', 'options.lazy', 'true or false; got 1'],
	["{ lazy: 'yes' }", 'options.lazy', 'got "yes"'],
	['{ maxResources: -1 }', 'options.maxResources', 'an integer from 0 to 100000; got -1'],
	['{ maxResources: 1e6 }', 'options.maxResources', 'got 1000000'],
	['{ maxResources: 0.5 }', 'options.maxResources', 'got 0.5'],
	["{ maxResources: '5' }", 'options.maxResources', 'got "5"'],
	['{ viewport: 1280 }', 'options.viewport', 'an object { width, height } in CSS pixels; got 1280'],
	['{ viewport: [1280, 720] }', 'options.viewport', 'got an array'],
	['{ viewport: null }', 'options.viewport', 'got null'],
	['{ viewport: {} }', 'options.viewport', 'an object { width, height } in CSS pixels; got an object'],
	['{ viewport: { width: 1280 } }', 'options.viewport', 'an object { width, height }'],
	['{ viewport: { width: 0, height: 720 } }', 'options.viewport.width', 'an integer from 1 to 100000; got 0'],
	['{ viewport: { width: 1280, height: 1e6 } }', 'options.viewport.height', 'an integer from 1 to 100000; got 1000000'],
	['{ viewport: { width: 1280, height: 720, heigth: 1 } }', 'options.viewport.heigth',
		'is not a part of a viewport (did you mean height?); allowed: height, width'],
	['{ viewport: new Map() }', 'options.viewport', 'got a Map'],
	['{ ignore: 5 }', 'options.ignore', filter + '; got 5'],
	['{ ignore: null }', 'options.ignore', 'got null'],
	['{ ignore: {} }', 'options.ignore', 'got an object'],
	["{ ignore: '' }", 'options.ignore', 'got ""'],
	['{ ignore: () => true }', 'options.ignore', 'got a function'],
	["{ ignore: new Set(['image']) }", 'options.ignore', 'got a Set'],
	["{ ignore: ['image', 5] }", 'options.ignore[1]', filter + '; got 5'],
	["{ ignore: ['image', , 'font'] }", 'options.ignore[1]', 'got undefined'],
	["{ ignore: [['image']] }", 'options.ignore[0]', 'got an array'],
	["{ ignore: ['http://cdn.example/'] }", 'options.ignore[0]', 'got "http://cdn.example/"'],
	["{ ignore: 'http://me:hush@cdn.example/' }", 'options.ignore', 'got "http://****:****@cdn.example/"'],
	["{ ignore: '/img/' }", 'options.ignore', 'got "/img/"'],
	["{ ignore: 'a b' }", 'options.ignore', 'got "a b"'],
	["{ ignore: '*' }", 'options.ignore', 'got "*"'],
	["{ ignore: 'cdn.*.example' }", 'options.ignore', 'got "cdn.*.example"'],
	["{ ignore: 'images' }", 'options.ignore', 'got "images" (did you mean image? For a host of that name, use a regular expression)'],
	["{ ignore: ['css'] }", 'options.ignore[0]', '(did you mean style?'],
	["{ ignore: 'stylesheets' }", 'options.ignore', '(did you mean style?'],
	["{ ignore: 'js' }", 'options.ignore', '(did you mean script?'],
	["{ include: ['Script'] }", 'options.include[0]', 'got "Script" (did you mean script?'],
	['{ ignore: new Array(1001).fill(/x/) }', 'options.ignore', 'at most 1000 elements; got 1001'],
	['{ ignore: new Array(2 ** 31) }', 'options.ignore', 'at most 1000 elements; got 2147483648'],
	['{ include: /(?=x)y/ }', 'options.include', 'a regular expression without lookaround and back-references, because Go matches it; got /(?=x)y/'],
	['{ include: /(?!x)/i }', 'options.include', 'got /(?!x)/i'],
	['{ include: /(?<=x)y/ }', 'options.include', 'without lookaround'],
	['{ include: /(?<!x)y/ }', 'options.include', 'without lookaround'],
	['{ include: /(x)\\1/ }', 'options.include', 'without lookaround and back-references'],
	['{ include: /(?<n>x)\\k<n>/ }', 'options.include', 'options.include must be a regular expression'],
	['{ include: [/a/, /(?=b)/] }', 'options.include[1]', 'got /(?=b)/'],
	['{ include: /a/y }', 'options.include', 'a regular expression without the flag y; got /a/y'],
	['{ include: /x{1001}/ }', 'options.include', 'a regular expression that Go can match; got /x{1001}/: invalid repeat count'],
	['{ include: /^http:\\/\\/me:hush@x\\/(?=y)/ }', 'options.include', 'got /^http://****:****@x/(?=y)/'],
	["{ include: new RegExp('x'.repeat(100) + '(?=y)') }", 'options.include', 'got /' + 'x'.repeat(60) + '…/'],
	['{ concurrency: 0 }', 'options.concurrency', 'an integer of at least 1; got 0'],
	['{ perHost: -1 }', 'options.perHost', 'an integer of at least 0; got -1'],
	["{ timeout: 'soon' }", 'options.timeout', 'got "soon"'],
	['{ onResult: 5 }', 'options.onResult', 'a function; got 5'],
	['{ maxResource: 5 }', 'options.maxResource', 'is not an option (did you mean maxResources?); allowed: altSvc, auth, '],
	['{ viewPort: {} }', 'options.viewPort', 'is not an option (did you mean viewport?)'],
	['{ colourScheme: 5 }', 'options.colourScheme', 'is not an option (did you mean colorScheme?)'],
	['{ rounds: 2 }', 'options.rounds', 'is not an option'],
	['{ warmup: false }', 'options.warmup', 'is not an option'],
	['{ baseURL: BASE }', 'options.baseURL', 'is not an option'],
	['5', 'options', 'an object of options; got 5'],
	['null', 'options', 'an object of options; got null'],
	['[]', 'options', 'got an array'],
];
const misusedURLs = [
	['', 'a URL, an array [method, url, body?, params?] or an object { method?, url, body?, params?, start? }; got undefined'],
	['null', 'got null'],
	['5', 'got 5'],
	['[]', 'got an array'],
	['[BASE]', 'got an array'],
	["['GET', BASE, null, {}, 5]", 'got an array'],
	['{}', 'must be a URL; got undefined'],
	['{ URL: BASE }', 'is not part of a target'],
	['{ home: BASE }', 'is not part of a target; allowed: body, method, params, start, url'],
	['{ url: BASE, start: 5 }', 'page url.start is for targets of a list; allowed of a page: body, method, params, url'],
	['{ url: BASE, start: -5 }', 'page url.start must be'],
	['() => BASE', 'got a function'],
	['new Set([BASE])', 'got a Set'],
	["new Map([['url', BASE]])", 'got a Map'],
	['(function* () { yield BASE; })()', 'got a Generator'],
	['Promise.resolve(BASE)', 'got a Promise'],
	["['GET', BASE, null, { maxResources: 5 }]", 'page url[3].maxResources is not a param'],
	['{ url: BASE, params: { onResult: () => {} } }', 'page url.params.onResult is not a param'],
	['{ url: BASE, params: { timeout: -1 } }', 'page url.params.timeout must be a duration'],
];
const theirs = ['cache', 'colorScheme', 'css', 'depth', 'dpr', 'ignore', 'include', 'lazy', 'maxResources', 'viewport'];

const made = (call) => new Function('fetch', 'http', 'BASE', 'return ' + call)(fetch, http, BASE);
function says(e, names, must) {
	ok(e instanceof TypeError, 'no TypeError: ' + e);
	ok(e.message.startsWith(names) && e.message.includes(must), e.message);
}
for (const [options, names, must] of misused) {
	test('page with ' + options, async () => says(await rejection(made("fetch.page(BASE + '/echo', " + options + ')')), 'page ' + names, must));
}
for (const [options, names, must] of misused.filter(([, , must]) => !must.includes('is not an option'))) {
	test('a Client with ' + options, () => says(thrown(() => made('new fetch.Client(' + options + ')')), 'Client ' + names, must));
}
for (const [target, must] of misusedURLs) {
	test('page of ' + (target || 'nothing'), async () => says(await rejection(made('fetch.page(' + target + ')')), 'page url', must));
}
for (const verb of ['sequential', 'concurrent', 'compare', 'stream']) {
	test(verb + '() has none of the options of page()', async () => {
		for (const name of theirs) {
			const call = () => fetch[verb]([BASE + '/echo'], { [name]: 1 });
			says(verb === 'stream' ? thrown(call) : await rejection(call()), verb + ' options.' + name, 'is not an option');
		}
	});
}
test('a way that is compared has none of them either', async () => {
	for (const name of theirs) {
		says(await rejection(fetch.compare([BASE], [{ name: 'a', [name]: 1 }, { name: 'b' }])), 'compare ways[0].' + name, 'is not an option');
	}
});
test('what options throw is what page() rejects with', async () => {
	const mine = new RangeError('mine');
	for (const name of theirs) {
		const e = await rejection(fetch.page(BASE, Object.defineProperty({}, name, { enumerable: true, get() { throw mine; } })));
		ok(e === mine, name + ': ' + e);
	}
	ok(await rejection(fetch.page(BASE, { ignore: Object.defineProperty([], 0, { get() { throw mine; } }) })) === mine, 'in an array');
	ok(await rejection(fetch.page(BASE, { viewport: Object.defineProperty({}, 'width', { enumerable: true, get() { throw mine; } }) })) === mine, 'in an object');
});
test('undefined leaves options as they are', async () => {
	const client = new fetch.Client({ maxResources: 0 });
	const visit = await client.page(BASE + '/file/x.html?body=<img src=a.png>', Object.fromEntries(theirs.map((name) => [name, undefined])));
	same(visit.count, 1);
});
test('nothing was sent', () => same(hits('/echo'), 0));
