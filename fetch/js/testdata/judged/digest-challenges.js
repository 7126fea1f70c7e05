// Challenges that end the process of k6 v2.2.0 when its own HTTP meets them, and others.

import { concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';

const answered = [
	'Negotiate, Digest realm="test", qop="auth", nonce="n0nce"',
	'Basic realm="x y", Digest realm="test", qop="auth", nonce="n0nce"',
	'Digest realm="test", nonce="n0nce", qop="auth", domain="/a /b"',
];
const refused = ['Digest realm="two words"', 'Basic realm="x y"', 'Negotiate, NTLM', 'Digest a b c'];
export default async function () {
	const url = BASE.replace('://', '://me:s3cr%2Ft@') + '/digest?challenge=';
	const targets = [...answered, ...refused].map((c) => url + encodeURIComponent(c));
	const run = await concurrent(targets, { auth: 'digest' });
	console.log('statuses: ' + run.results.map((r) => r.status).join(' ') + ' of ' + run.requests);
}
