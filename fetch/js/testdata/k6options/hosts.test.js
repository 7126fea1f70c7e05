import { sequential } from 'k6/x/fetch';
import { BASE, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts: { 'site.example': '127.0.0.1', '*.wild.example': '127.0.0.1' } };

test('a name is what the option says', async () => {
	for (const name of ['site.example', 'a.wild.example']) {
		const run = await sequential([BASE.replace('127.0.0.1', name) + '/echo'], { responseType: 'text' });
		same([run.ok, run.results[0].remote_ip, run.results[0].json('host')], [1, '127.0.0.1', BASE.slice(7).replace('127.0.0.1', name)]);
	}
});
