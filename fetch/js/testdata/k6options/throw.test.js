import { concurrent } from 'k6/x/fetch';
import { BASE, ok, passing, rejection, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, throw: true };

test('it rejects at the end, and its siblings have run', async () => {
	const e = await rejection(concurrent(['http://127.0.0.1:1/', BASE + '/status/200']));
	same([e.run.ok, e.run.failed], [1, 1]);
});
test('an answer with an unexpected status does not', async () => {
	same((await concurrent([BASE + '/status/500'])).failed, 1);
	ok((await rejection(concurrent([BASE + '/status/500'], { throw: 'failed' }))).run.failed === 1, 'failed');
});
