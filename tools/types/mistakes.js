// Mistakes that an editor must show in a script, by the jsconfig.json of docs/api.md. It is compiled, never run.

import { check } from 'k6';
import { Client, concurrent } from 'k6/x/fetch';

const urls = ['https://example.com/'];

export default async function (data) {
  const run = await concurrent(urls);
  // @ts-expect-error no body is kept
  check(run.results[0], { 'has a title': (page) => page.body.includes('<title>') });
  // @ts-expect-error nor is what is made of it
  console.log(run.results[0].json().users, data.users);
  // @ts-expect-error there may be no such result
  console.log(run.get('home').status);

  const kept = await concurrent(urls, { responseType: 'text' });
  check(kept.results[0], { 'has a title': (page) => page.ok && page.body.includes('<title>') });

  // @ts-expect-error no such option
  await concurrent(urls, { concurency: 5 });
  // @ts-expect-error no such type
  await concurrent(urls, { responseType: 'json' });
  // @ts-expect-error not a string
  await new Client({ baseURL: 5 }).concurrent(urls);
}
