// A page is fetched with what it needs, and each result says what it is to the page.

import http from 'k6/http';
import { Client, concurrent, page } from 'k6/x/fetch';
import { arrived, BASE, BASE2, file, hits, most, ok, passing, rejection, same, test, times } from './harness.js';

export { run as default } from './harness.js';
const host = (base) => base.replace('http://', '');
export const options = { ...passing, hosts: { 'shop.test': host(BASE || ''), 'cdn.test': host(BASE2 || '') } };

const SHOP = 'http://shop.test', CDN = 'http://cdn.test';
// home is a page that has something of most types: of its own, and of stylesheets, a frame and another host.
const home = (n = '') => file('home.html', `<!doctype html>
	<link rel=stylesheet href="${file('main' + n + '.css', `@import "more${n}.css"; @font-face { font-family: x; src: url(x${n}.woff2) }`, {}, '')}">
	<script src="app${n}.js"></script><script src="late${n}.js" async></script><link rel=manifest href="app${n}.webmanifest">
	<img src="a${n}.png" width=10 height=10><img src="${CDN}/file/b${n}.png"><video src="c${n}.mp4"></video>
	<iframe src="${file('frame' + n + '.html', `<img src="framed${n}.png">`, {}, '')}"></iframe>`, {}, SHOP);
const paths = (results) => results.map((r) => r.url.split('/').pop().split('?')[0]);
const of = (visit, path) => visit.results.find((r) => r.url.includes('/' + path));
const wait = (html) => file('home.html', html);

test('a page is visited with all that it needs', async () => {
	const visit = await page(home());
	same(visit.results.map((r) => [r.url, r.error]).filter(([, e]) => e), []);
	same([visit.mode, visit.count, visit.ok, visit.failed, visit.notRun, visit.requests], ['page', 12, 12, 0, 0, 12]);
	same(visit.concurrency, 100);
	const [document, ...rest] = paths(visit.results);
	const own = ['main.css', 'app.js', 'late.js', 'app.webmanifest', 'a.png', 'b.png', 'c.mp4', 'frame.html'];
	same([document, rest.filter((p) => own.includes(p))], ['home.html', own], 'as they were discovered');
	same(rest.filter((p) => !own.includes(p)).sort(), ['framed.png', 'more.css', 'x.woff2']);
});
test('each result says what it is to the page', async () => {
	const visit = await page(home());
	const what = (path) => {
		const { type, priority, blocking, fromCache, initiator } = of(visit, path);
		return [type, priority, blocking, fromCache, initiator && [initiator.index, initiator.element]];
	};
	same(what('home.html'), ['document', 'highest', true, false, null]);
	same(what('main.css'), ['style', 'highest', true, false, [0, 'link']]);
	same(what('more.css'), ['style', 'highest', true, false, [1, 'css:@import']]);
	same(what('x.woff2'), ['font', 'highest', false, false, [1, 'css:@font-face']]);
	same(what('app.js'), ['script', 'high', true, false, [0, 'script']]);
	same(what('late.js'), ['script', 'low', false, false, [0, 'script']]);
	same(what('a.png'), ['image', 'low', false, false, [0, 'img']]);
	same(what('b.png'), ['image', 'medium', false, false, [0, 'img']]);
	same(what('c.mp4'), ['media', 'low', false, false, [0, 'video']]);
	same(what('app.webmanifest'), ['manifest', 'medium', false, false, [0, 'link']]);
	same(what('frame.html'), ['document', 'highest', false, false, [0, 'iframe']]);
	same(what('framed.png'), ['image', 'medium', false, false, [of(visit, 'frame.html').index, 'img']]);
	same(of(visit, 'framed.png').initiator.url, of(visit, 'frame.html').url);
	same(Object.keys(visit.document).slice(0, 6), ['type', 'initiator', 'priority', 'blocking', 'fromCache', 'index']);
	ok('fromCache' in visit.document && !('fromCache' in (await concurrent([BASE + '/status/200'])).results[0]), 'others have none');
});
test('the document is the first result, and timings are of the whole page', async () => {
	const visit = await page(wait(`<link rel=stylesheet href=/delay/60><img src=/delay/120>`));
	const [document, style, image] = visit.results;
	same([visit.document.index, visit.document.type, visit.document.url], [0, 'document', document.url]);
	same(visit.timings, { document: document.ended, blocking: style.ended, load: image.ended });
	ok(visit.timings.blocking >= 59 && visit.timings.load >= 119 && visit.timings.load <= visit.elapsed, JSON.stringify(visit.timings));
});
test('byType() sums up all types, and its results are of one', async () => {
	const types = (await page(home())).byType();
	same(Object.keys(types), ['document', 'style', 'script', 'font', 'image', 'media', 'track', 'manifest', 'embed', 'object', 'other']);
	same(Object.entries(types).map(([, t]) => t.count), [2, 2, 2, 1, 3, 1, 0, 1, 0, 0, 0]);
	const broken = (await page(wait('<img src=a.png><img src=/status/404>'))).byType();
	const { results, ...image } = broken.image;
	same(image, { count: 2, ok: 1, failed: 1, notRun: 0, hits: 0, requests: 2, bytes: 5 });
	same(results.map((r) => r.status), [200, 404]);
	same(broken.track, { count: 0, ok: 0, failed: 0, notRun: 0, hits: 0, requests: 0, bytes: 0, results: [] });
});
test('what is asked of any run is asked of a visit', async () => {
	const visit = await page(wait('<img src=/status/404><img src=/delay/50>'));
	same([visit.slowest()[0].url, visit.failures().length, visit.get(1).status, visit.percentile(100) >= 50], [BASE + '/delay/50', 1, 404, true]);
	ok(visit.text().includes('\n  image ') && visit.report('markdown').includes('status 404'), visit.text());
});
test('toJSON() has all of it', async () => {
	const visit = await page(home()), json = JSON.parse(JSON.stringify(visit));
	same(json, visit.toJSON());
	same([json.mode, json.count, json.timings, json.hits, json.validated, json.misses], ['page', 12, visit.timings, 0, 0, 12]);
	same(json.results.map((r) => [r.type, r.priority, r.blocking, r.fromCache, r.initiator]),
		visit.results.map((r) => [r.type, r.priority, r.blocking, r.fromCache, r.initiator]));
	ok(!('misses' in (await concurrent([BASE])).toJSON()), 'others have none');
	same(JSON.parse(JSON.stringify(visit.results[1])).type, 'style');
});

// Each form of a target is one of a page.
for (const [what, target, method] of [
	['a URL', () => wait('<img src=a.png>'), 'GET'],
	['http.url`…`', () => http.url`${wait('<img src=a.png>')}&${7}`, 'GET'],
	['an array', () => ['POST', wait('<img src=a.png>'), { a: 1 }, { headers: { 'X-A': 'b' } }], 'POST'],
	['an object', () => ({ method: 'PUT', url: wait('<img src=a.png>'), body: 'sent', params: { name: 'home' } }), 'PUT'],
	['an object with nothing but a URL', () => ({ url: wait('<img src=a.png>') }), 'GET'],
]) {
	test(what + ' is a page', async () => {
		const visit = await page(target());
		same(visit.results.map((r) => [r.status, r.request.method]), [[200, method], [200, 'GET']]);
		same([visit.document.request.body || '', visit.results[1].request.body || ''], [{ POST: 'a=1', PUT: 'sent' }[method] || '', '']);
	});
}
test('params are those of the document, and headers are for its resources, too', async () => {
	const visit = await page(['POST', wait('<img src=/echo>'), 'body', {
		headers: { 'X-Mine': 'yes', 'Content-Type': 'text/plain' }, responseType: 'text', tags: { by: 'me' }, timeout: '7s',
	}]);
	const { method, headers, body } = visit.results[1].json();
	same([method, headers['X-Mine'], headers['Content-Type'], body], ['GET', 'yes', undefined, '']);
	same((await page({ url: wait('<img src=/echo>'), params: { headers: { Host: 'other.test' } } }, { responseType: 'text' }))
		.results[1].json().headers.Host, undefined);
});
test('a Client visits pages, with its options and its baseURL', async () => {
	const client = new Client({ baseURL: BASE, ignore: 'image', responseType: 'text', maxResources: 1, perHost: 2, concurrency: 3 });
	const path = wait('<img src=a.png><script src=a.js></script><script src=b.js></script>').replace(BASE, '');
	const visit = await client.page(path);
	same([paths(visit.results), visit.document.body.length > 10, visit.concurrency], [['home.html', 'a.js'], true, 3]);
	same(paths((await client.page(path, { ignore: [], maxResources: 9 })).results), ['home.html', 'a.png', 'a.js', 'b.js']);
	same((await client.concurrent([path])).count, 1);
	client.close();
});
test('a page that is no HTML is a page without resources', async () => {
	for (const [type, count] of [['text/plain', 1], ['application/json', 1], ['image/png', 1], ['text/html', 2], ['application/xhtml+xml', 2]]) {
		const visit = await page(file('home.html', '<img src=a.png>', { type }));
		same([type, visit.count, visit.ok], [type, count, count]);
	}
});
test('a page that nobody answers is a failed result', async () => {
	const visit = await page('http://127.0.0.1:1/');
	same([visit.count, visit.failed, visit.document.error_code, visit.document.status], [1, 1, 1212, 0]);
	for (const bad of ['', 'x', '/path', 'http://', 'ftp://x/', 'http://[::1/', 'about:blank']) {
		const { count, failed, document } = await page(bad);
		same([bad, count, failed, document.type], [bad, 1, 1, 'document']);
		ok(document.error !== '', bad);
	}
});
test('a page of an error has resources, too', async () => {
	const visit = await page(file('home.html', '<img src=a.png>') + '&x');
	same(visit.count, 2);
});
test('what goes wrong with a resource is data', async () => {
	const visit = await page(wait('<img src=/status/404><img src=http://127.0.0.1:1/><script src=/drop></script><img src="http://[bad">'));
	same([visit.count, visit.ok, visit.failed], [4, 1, 3]);
	same(visit.results.map((r) => [r.status, r.state]), [[200, 'done'], [404, 'failed'], [0, 'failed'], [0, 'failed']]);
	ok(visit.failures().slice(1).every((r) => r.error !== ''), 'causes');
});
test('throw rejects with the visit for what failed', async () => {
	const e = await rejection(page(wait('<img src=/status/404>'), { throw: 'failed' }));
	ok(e.message.startsWith('1 of 2 targets failed; targets[1] (' + host(BASE) + ' image): unexpected status 404'), e.message);
	same([e.run.document.status, e.run.count, Object.keys(e.run.timings)], [200, 2, ['document', 'blocking', 'load']]);
	const dead = await rejection(page(wait('<img src=http://127.0.0.1:1/>'), { throw: true }));
	ok(dead.message.includes('connection refused') && dead.run.failed === 1, dead.message);
	same((await page(wait('<img src=/status/404>'), { throw: true })).failed, 1);
});

test('onResult is called with each result as it ends, the document among them', async () => {
	const seen = [];
	const visit = await page(wait('<img src=/status/404>' + times(30, (i) => `<img src=${i}.png>`).join('')), {
		onResult: (r) => seen.push([r.index, r.type, r.status, r.fromCache]),
	});
	same(seen.sort((a, b) => a[0] - b[0]), visit.results.map((r) => [r.index, r.type, r.status, r.fromCache]));
	same(seen.length, 32);
});
test('what onResult throws ends the visit, and is what it rejects with', async () => {
	const mine = new RangeError('mine');
	const e = await rejection(page(wait(times(300, (i) => `<img src=/hold/never?${i}>`).join('')), {
		onResult: () => { throw mine; }, timeout: '1s',
	}));
	ok(e === mine, String(e));
});
test('onResult may visit another page', async () => {
	const inner = [];
	await page(wait('text'), { onResult: () => { inner.push(page(wait('<img src=a.png>'))); } });
	same((await inner[0]).count, 2);
});

test('a deadline cuts off what is in flight, and what was found and not begun is not run', async () => {
	const visit = await page(wait(times(10, (i) => `<img src=/hang?${i}>`).join('')), { deadline: '500ms' });
	same([visit.count, visit.ok, visit.failed, visit.notRun], [11, 1, 6, 4]);
	same(visit.failures().map((r) => r.error_code), times(6, () => 1050));
	same(visit.results.slice(7).map((r) => [r.state, r.type, r.status, r.timings.elapsed]), times(4, () => ['not_run', 'image', 0, 0]));
	same(visit.byType().image.notRun, 4);
});
test('a deadline that the document does not meet leaves nothing else', async () => {
	const visit = await page(BASE + '/hang', { deadline: '100ms' });
	same([visit.count, visit.failed, visit.document.error_code, visit.timings.load > 0], [1, 1, 1050, true]);
});
test('timeout is for each request', async () => {
	const visit = await page(wait('<img src=/hang><img src=a.png>'), { timeout: '200ms' });
	same(visit.results.map((r) => r.error_code), [0, 1050, 0]);
});

// Options, and what is fetched besides the document.
const many = `<!doctype html><link rel=stylesheet href="${file('s.css', '@import "i.css"; p { background: url(bg.png) } @font-face { font-family: x; src: url(f.woff2) }', {}, '')}">
	<script src=s.js></script><img src=p.png><img src=lazy.png loading=lazy><img src=${BASE2}/file/o.png>
	<img srcset="one.png 1x, two.png 2x"><picture><source media="(min-width: 1000px)" srcset=wide.png><img src=narrow.png></picture>
	<picture><source media="(prefers-color-scheme: dark)" srcset=dark.png><img src=light.png></picture>
	<iframe src="${file('f1.html', `<iframe src="${file('f2.html', `<iframe src="${file('f3.html', 'x', {}, '')}">`, {}, '')}">`, {}, '')}"></iframe>`;
const usual = ['s.css', 's.js', 'p.png', 'o.png', 'one.png', 'wide.png', 'light.png', 'f1.html', 'i.css', 'f.woff2'];
const without = (...names) => usual.filter((n) => !names.includes(n));
const instead = (pairs) => usual.map((n) => pairs[n] || n);
for (const [text, want] of [
	['{}', usual],
	["{ cache: 'none', colorScheme: 'light', css: 'used', depth: 1, dpr: 1, lazy: false, maxResources: 500, viewport: { width: 1280, height: 720 } }", usual],
	["{ colorScheme: 'dark' }", instead({ 'light.png': 'dark.png' })],
	["{ css: 'all' }", usual.concat('bg.png')],
	['{ depth: 0 }', without('f1.html')],
	['{ depth: 2 }', usual.concat('f2.html')],
	['{ depth: 10 }', usual.concat('f2.html', 'f3.html')],
	['{ dpr: 2 }', instead({ 'one.png': 'two.png' })],
	['{ dpr: 1.5 }', instead({ 'one.png': 'two.png' })],
	['{ dpr: 0.5 }', usual],
	['{ lazy: true }', usual.concat('lazy.png')],
	['{ viewport: { width: 400, height: 800 } }', instead({ 'wide.png': 'narrow.png' })],
	['{ maxResources: 0 }', []],
	["{ ignore: 'image' }", without('p.png', 'o.png', 'one.png', 'wide.png', 'light.png')],
	["{ ignore: ['image', 'style'] }", ['s.js', 'f1.html']],
	["{ ignore: 'document' }", without('f1.html')],
	['{ ignore: /\\.png$/ }', without('p.png', 'o.png', 'one.png', 'wide.png', 'light.png')],
	['{ ignore: /\\/P\\.png/i }', without('p.png')],
	['{ ignore: /\\/P\\.png/ }', usual],
	['{ ignore: [/p\\.png$/, /i\\.css$/gu] }', without('p.png', 'i.css')],
	['{ ignore: /^HTTP.*\\/S\\.JS$/im }', without('s.js')],
	["{ ignore: new RegExp('[po]\\\\.png') }", without('p.png', 'o.png')],
	['{ ignore: host(BASE2) }', without('o.png')],
	['{ ignore: [host(BASE2).toUpperCase(), /s\\.js/] }', without('o.png', 's.js')],
	["{ ignore: '127.0.0.1' }", []],
	["{ ignore: '*.0.0.1' }", []],
	["{ ignore: 'image:80' }", usual],
	["{ ignore: '*.example' }", usual],
	['{ ignore: [] }', usual],
	["{ include: 'script' }", ['s.js']],
	["{ include: ['style', 'font'] }", ['s.css', 'i.css', 'f.woff2']],
	['{ include: host(BASE2) }', ['o.png']],
	["{ include: [/\\.js$/, 'image'], ignore: /o\\.png/ }", ['s.js', 'p.png', 'one.png', 'wide.png', 'light.png']],
	['{ include: [] }', usual],
]) {
	test('page with ' + text, async () => {
		const options = new Function('BASE2', 'host', 'return ' + text)(BASE2, host);
		same(paths((await page(wait(many), options)).results.slice(1)).sort(), [...want].sort());
	});
}
test('maxResources bounds what is fetched besides the document, as found', async () => {
	const visit = await page(wait(times(600, (i) => `<img src=${i}.png>`).join('')));
	same([visit.count, visit.ok], [501, 501]);
	same(paths((await page(wait(many), { maxResources: 2 })).results), ['home.html', 's.css', 's.js']);
});
test('six requests of a host are in flight, or perHost', async () => {
	const images = (name, n) => wait(times(n, (i) => `<img src=/gate/${name}?n=${n}&${i}>`).join(''));
	const usual = await page(wait(times(12, (i) => `<img src=/gate/six?n=6&${i}>`).join('')));
	same([usual.ok, most('/gate/six')], [13, 6]);
	same([(await page(images('nine', 9), { perHost: 9 })).ok, most('/gate/nine')], [10, 9]);
	same([(await page(images('all', 20), { perHost: 0 })).ok, most('/gate/all')], [21, 20]);
	const two = await page(wait(times(6, (i) => `<img src=/gate/two?n=2&${i}>`).join('')), { concurrency: 2 });
	same([two.ok, most('/gate/two'), two.concurrency], [7, 2, 2]);
});
test('rate is starts per second, of the resources, too', async () => {
	const visit = await page(wait(times(4, (i) => `<img src=${i}.png>`).join('')), { rate: 20 });
	ok(visit.ok === 5 && visit.elapsed >= 195, visit.elapsed);
});
test('retries ask again for a resource', async () => {
	const visit = await page(wait('<img src=/flaky/page?n=2&after=0&status=503>'), { retries: 2 });
	same([visit.ok, visit.results[1].attempts, visit.requests], [2, 3, 4]);
});
test('bodies are kept as for any run', async () => {
	const visit = await page(wait('<img src=a.png>'), { responseType: 'text' });
	same(visit.results.map((r) => r.body), ['<img src=a.png>', 'a.png']);
	same(visit.document.html().find('img').attr('src'), 'a.png');
	ok(!Object.keys((await page(wait('<img src=a.png>'))).results[1]).includes('body'), 'no body');
	const large = await page(wait('<img src=/bytes/100>'), { maxBodySize: 50 });
	same(large.results.map((r) => [r.ok, r.error]), [[true, ''], [false, 'response body is larger than maxBodySize of 50 bytes']]);
});
test('other options are those of concurrent()', async () => {
	const visit = await page(wait('<img src=/status/404><img src=/redirect/3>'), {
		expectedStatuses: [200, 404], redirects: 1, connections: 'new', compression: 'gzip', httpVersion: '1.1', budget: { status: 200 },
	});
	same(visit.results.map((r) => [r.ok, r.status, r.redirects.length]), [[true, 200, 0], [true, 404, 0], [false, 302, 1]]);
	same(visit.results.map((r) => r.budget.map((v) => v.ok)), [[true], [false], [false]]);
	same(visit.overBudget, 2);
});

test('references are resolved against where the page was found', async () => {
	const there = file('sub.html', '<img src=x.png><img src=/echo>', {}, CDN);
	const visit = await page(SHOP + '/to?url=' + encodeURIComponent(there));
	same(visit.results.map((r) => r.url), [there, CDN + '/file/x.png', CDN + '/echo']);
	same([visit.document.redirects.length, visit.requests], [1, 4]);
});
test('resources have the cookies that the page has set', async () => {
	http.cookieJar().clear(SHOP);
	const visit = await page(SHOP + '/to?url=' + encodeURIComponent(SHOP + '/cookie/mine/1'));
	same(visit.ok, 1);
	const [own, other] = (await page(file('home.html', `<img src=/echo><img src=${CDN}/echo>`, {}, SHOP), { responseType: 'text' })).results.slice(1);
	same([own.json().cookies, other.json().cookies], [['mine=1'], []]);
	http.cookieJar().clear(SHOP);
});
for (const [what, options, got] of [
	['Authorization', { headers: { Authorization: 'Bearer hush' } }, (r) => r.headers.Authorization],
	['a Cookie header', { headers: { Cookie: 'a=hush' } }, (r) => r.headers.Cookie],
	['an API key', { headers: { 'X-Api-Key': 'hush' } }, (r) => r.headers['X-Api-Key']],
	['cookies', { cookies: { a: 'hush' } }, (r) => r.headers.Cookie],
]) {
	test(what + ' is for the host of the page alone', async () => {
		const html = `<img src=/echo><img src=${CDN}/echo><link rel=stylesheet href="${file('s.css', `@import "${CDN}/echo?css"`, {}, '')}">`;
		const visit = await page(file('home.html', html, {}, SHOP), { ...options, responseType: 'text' });
		const sent = visit.results.filter((r) => r.url.includes('/echo')).map((r) => [r.url.includes(SHOP), Boolean(got(r.json()))]);
		same(sent.sort(), [[false, false], [false, false], [true, true]]);
	});
	test(what + ' does not follow the page to another host', async () => {
		const there = file('there.html', `<img src=/echo><img src=${SHOP}/echo>`, {}, CDN);
		const visit = await page(SHOP + '/to?url=' + encodeURIComponent(there), { ...options, responseType: 'text' });
		const [away, back] = visit.results.slice(1).map((r) => Boolean(got(r.json())));
		same([visit.count, away, back], [3, false, true]);
	});
}
test('user info of a page is for its host, and in no result', async () => {
	const at = file('home.html', `<img src=/echo><img src=${CDN}/echo><img src=${SHOP}/echo>`, {}, SHOP).replace('://', '://me:hush@');
	const visit = await page(at, { responseType: 'text' });
	const [own, other] = visit.results.slice(1);
	same([Boolean(own.json().headers.Authorization), Boolean(other.json().headers.Authorization)], [true, false]);
	same([own, other].map((r) => r.json().headers.Referer), [at.replace('me:hush@', ''), SHOP + '/']);
	ok(!JSON.stringify([visit, visit.text(), visit.results.map((r) => [r.url, r.name, r.initiator])]).includes('hush'), 'leaked');
});

test('toTargets() has what was requested, in the order of its start', async () => {
	const visit = await page(['POST', wait('<script src=s.js></script><img src=/redirect/1><img src=http://127.0.0.1:1/>'), 'sent', {
		headers: { 'X-Mine': 'yes', Authorization: 'Bearer mine' }, name: 'home',
	}], { perHost: 1, concurrency: 1 });
	const targets = visit.toTargets();
	ok(Array.isArray(targets), 'array');
	same(targets.map((t) => [t.method, paths([t])[0], t.params.name, t.params.tags]), [
		['POST', 'home.html', 'home', { type: 'document' }], ['GET', 's.js', host(BASE) + ' script', { type: 'script' }],
		['GET', '1', host(BASE) + ' image', { type: 'image' }], ['GET', '', '127.0.0.1:1 image', { type: 'image' }],
	]);
	const starts = targets.map((t) => t.start);
	same(starts, visit.results.map((r) => r.started).sort((a, b) => a - b));
	same(Object.keys(targets[1]), ['method', 'url', 'params', 'start']);
	same([Object.keys(targets[0]), targets[0].body.byteLength], [['method', 'url', 'body', 'params', 'start'], 4]);
	same([targets[1].params.headers['X-Mine'], targets[1].params.headers.Authorization], ['yes', 'Bearer mine']);
	same([targets[3].params.headers['X-Mine'], targets[1].params.headers['Content-Length']], ['yes', undefined]);
});
test('what was not run and what a cache had is not among toTargets()', async () => {
	const cut = await page(wait(times(10, (i) => `<img src=/hang?${i}>`).join('')), { deadline: '300ms' });
	same([cut.notRun, cut.toTargets().length], [4, 7]);
	const url = wait(`<img src="${file('kept.png', 'x', { cache: 'max-age=60' }, '')}">`);
	await page(url, { cache: 'vu' });
	same((await page(url, { cache: 'vu' })).toTargets().map((t) => paths([t])[0]), ['home.html']);
});

test('a returning visit asks for what may have changed', async () => {
	const url = file('back.html', `<link rel=stylesheet href="${file('kept.css', '@import "more.css"', { cache: 'max-age=60' }, '')}">
		<img src="${file('asked.png', 'x', { cache: 'no-cache', etag: 1 }, '')}"><img src="${file('never.png', 'x', { cache: 'no-store' }, '')}">`, { cache: 'no-cache', etag: 2 });
	const first = await page(url, { cache: 'vu' }), again = await page(url, { cache: 'vu' });
	const counts = (v) => [v.count, v.ok, v.hits, v.validated, v.misses, v.requests];
	same([counts(first), counts(again)], [[5, 5, 0, 0, 5, 5], [5, 5, 1, 2, 2, 4]]);
	same(again.results.map((r) => [paths([r])[0], r.status, r.fromCache]).sort(), [
		['asked.png', 304, false], ['back.html', 304, false], ['kept.css', 200, true], ['more.css', 200, false], ['never.png', 200, false],
	]);
	const hit = of(again, 'kept.css');
	same([hit.ok, hit.timings.elapsed, hit.bytes, hit.attempts, hit.reused, hit.error], [true, 0, 0, 0, false, '']);
	same([again.byType().style.hits, again.byType().image.hits, hits('/file/kept.css')], [1, 0, 1]);
	ok(again.timings.load > 0 && JSON.parse(JSON.stringify(again)).validated === 2, 'timings');
	const other = await page(url);
	same([other.hits, other.misses, hits('/file/kept.css')], [0, 5, 2]);
});
test('bodies come from the cache as well, if they were kept', async () => {
	const url = file('bodies.html', `<img src="${file('body.png', 'pixels', { cache: 'max-age=60' }, '')}">`, { cache: 'no-cache', etag: 3 });
	for (const fromCache of [false, true]) {
		const { results } = await page(url, { cache: 'vu', responseType: 'text' });
		same([results[1].body, results[1].fromCache, results[0].body.startsWith('<img')], ['pixels', fromCache, true]);
	}
});
test('cache is one of the VU, whoever visits', async () => {
	const url = file('own.html', `<img src="${file('own.png', 'x', { cache: 'max-age=60' }, '')}">`);
	same((await new Client({ cache: 'vu' }).page(url)).hits, 0);
	same((await page(url, { cache: 'vu' })).hits, 1);
	same((await page(url, { cache: 'shared' })).hits, 0);
	same((await page(url, { cache: 'shared' })).hits, 1);
});
test('pages are visited at once', async () => {
	const visits = await Promise.all(times(4, (i) => page(wait(`<img src=/gate/atonce?n=4&${i}>`))));
	same([visits.map((v) => v.ok), most('/gate/atonce')], [[2, 2, 2, 2], 4]);
});
