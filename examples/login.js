// An API behind a login: log in once, ask for a list, and fetch all that is in it at once.
//
//   go run ./examples/server -- ./k6 run -e USER_NAME=demo -e PASSWORD=demo examples/login.js

import { check } from 'k6';
import exec from 'k6/execution';
import { Client } from 'k6/x/fetch';

const api = new Client({
  baseURL: __ENV.BASE_URL || 'http://127.0.0.1:8080',
  responseType: 'text',
  headers: { Accept: 'application/json' },
});

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: {
    'checks': ['rate==1'],
    'fetch_planned': ['count>0'],
    'fetch_elapsed{name:order}': ['p(95)<1000'],
  },
};

// Once for the whole test: VUs that log in measure the login.
export async function setup() {
  const credentials = { user: __ENV.USER_NAME || 'demo', password: __ENV.PASSWORD || 'demo' };
  const login = await api.sequential([['POST', '/login', credentials, { name: 'login' }]]);
  if (!login.results[0].ok) exec.test.abort(`the login failed: ${login.results[0].status_text}`);
  return { token: login.results[0].json('token') };
}

/** @param {{ token: string }} data */
export default async function (data) {
  const headers = { Authorization: `Bearer ${data.token}` };
  const list = await api.sequential(['/api/orders'], { headers, name: 'orders' });
  const ids = /** @type {number[]} */ (list.results[0].json());

  const run = await api.concurrent(ids.map((id) => `/api/orders/${id}`), { headers, name: 'order' });
  check(run, { 'every order came': (r) => r.ok === ids.length });
  for (const order of run.results) {
    check(order, { 'is the order that was asked for': (o) => o.json('id') === ids[o.index] });
  }
}
