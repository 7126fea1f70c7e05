// Posts each form to a path of its own.

import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';
import { forms } from './forms.mjs';

const all = forms(http);
export default async function () {
	const run = await concurrent(Object.keys(all).map((name) => ['POST', BASE + '/' + name, all[name]]));
	for (const r of run.results) if (!r.ok) throw new Error(r.error);
}
