// Sitemaps of sites. Those of the hosts *.example are where MAPS says.

import { concurrent, sitemap } from 'k6/x/fetch';
import { hosts, ok, passing, rejection, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts };

export async function setup() { return { urls: await sitemap('http://maps.example/index.xml') }; }
const pages = (list) => list.toJSON().map((u) => u.split('?')[1]).join();
test('an index leads to all URLs', async () => {
	const list = await sitemap('http://maps.example/index.xml');
	same([list.length, pages(list)], [3, 'one,two,three']);
	same((await concurrent(list)).ok, 3);
});
test('a sitemap that is not there is an error, or skipped', async () => {
	const e = await rejection(sitemap('http://maps.example/pages'));
	ok(String(e).includes('sitemap(): http://maps.example/pages: http://maps.example/gone: status 404'), String(e));
	const list = await sitemap('http://maps.example/pages', { onError: 'skip' });
	same([list.length, list.skipped], [1, 1]);
	const none = await rejection(sitemap('http://maps.example/none'));
	ok(String(none).includes('http://maps.example/none: status 404'), String(none));
});
test('URLs without a host are of the host of the sitemap', async () => {
	same((await sitemap('http://maps.example/slashes')).toJSON(), ['http://maps.example/page?a=1&b=2']);
});
test('they are of the host that a redirect has led to, user info is not', async () => {
	const urls = ['http://moved.example/page', 'http://moved.example/deep/near'];
	same((await sitemap('http://me:pw@maps.example/moved')).toJSON(), urls);
	same((await sitemap('http://me:pw@maps.example/slash')).toJSON(), ['http://me:pw@maps.example/page?a=1&b=2']);
});
test('what takes too much memory to read is an error', async () => {
	const e = await rejection(sitemap('http://maps.example/attributes'));
	ok(String(e).includes('http://maps.example/attributes:1: a tag, text or comment has more than 256 KiB'), String(e));
});
test('a small sitemap may not have a large one in it', async () => {
	const e = await rejection(sitemap('http://maps.example/bomb'));
	ok(String(e).includes('the decompressed file is too large'), String(e));
});
test('what is no sitemap is an error', async () => {
	const e = await rejection(sitemap('http://maps.example/urls.csv'));
	ok(String(e).includes('http://maps.example/urls.csv:'), String(e));
});
