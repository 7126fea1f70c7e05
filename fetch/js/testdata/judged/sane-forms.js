// Forms that k6 sends as browsers do, sent by http.batch and by concurrent.

import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';

const forms = {
	text: { a: 'x', b: 'y z' }, numbers: { a: 1, b: 0.5, c: -7 }, yes: { a: true, b: false }, lists: { a: ['x', 'y', 2], b: [] },
	characters: { a: 'e f&g=h', b: '日本 ☃ 😀', 'größe': '%+/?' }, nothing: {},
};
const targets = (by) => Object.keys(forms).map((name) => ['POST', BASE + '/' + by + '/' + name, forms[name]]);
export default async function () {
	http.batch(targets('batch'));
	await concurrent(targets('fetch'));
}
