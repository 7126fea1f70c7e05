// Each VU has its list, and none of them a copy: what setup() returns is an array of targets.

import { concurrent, lines } from 'k6/x/fetch';
import { hosts, passing, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts };

const all = lines('urls.txt');
export function setup() { return all.slice(0, 2); }
test('what setup returned is an array of targets', () => {});
export async function teardown(data) { console.log('got ' + data.length + ', ok ' + (await concurrent(data)).ok); }
