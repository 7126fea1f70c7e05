// Prints the names that the module has, as JSON, for a test to compare with what is written about it.

import * as module from 'k6/x/fetch';
import fetch, { Client, compare, concurrent, csv, har, lines, page, report, sequential, stream } from 'k6/x/fetch';

const { BASE_URL, TLS_URL } = __ENV;
const list = lines('urls.txt');

function complaint(fn) {
  try {
    fn();
  } catch (e) {
    return e.message;
  }
  throw new Error('a name that cannot be an option was taken');
}

const listOptions = [
  () => lines('urls.txt', { '?': 1 }),
  () => csv('urls.txt', { '?': 1 }),
  () => har('urls.txt', { onError: '?' }),
  () => har('urls.txt', { '?': 1 }),
].map(complaint);

// Own properties, enumerable or not, and those of the prototype, but not those of every object.
function members(o) {
  const names = new Set(Object.getOwnPropertyNames(o));
  const proto = Object.getPrototypeOf(o);
  if (proto && proto !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(proto)) names.add(name);
  }
  names.delete('constructor');
  return [...names].sort();
}

const isClass = (value) => typeof value === 'function' && value.prototype !== undefined;

async function refusal(promise) {
  try {
    await promise;
  } catch (e) {
    return e.message;
  }
  throw new Error('a name that cannot be an option was taken');
}

// The names that an error lists after "allowed:".
const listed = (message) => message.split('allowed: ')[1].split(', ').sort();
// The values that an error lists after "must be one of".
const values = (message) => message.split(/one of |; got/)[1].replace(/'/g, '').split(', ').sort();

export default async function () {
  const urls = { plain: `${BASE_URL}/cookie`, moved: `${BASE_URL}/moved` };
  const run = await concurrent(urls, { responseType: 'text', budget: { requests: 9 }, tracing: true }); // a result lists its body where it has one
  const result = run.get('plain');
  const redirect = run.get('moved').redirects[0];
  const { certificate } = (await sequential([TLS_URL])).results[0];
  const record = run.toJSON();
  const comparison = await compare([BASE_URL]);
  const ways = await compare([BASE_URL], [{ name: 'a' }, { name: 'b' }]);
  const results = stream([`${BASE_URL}/missing`, 'http://']);
  results.close();

  const visit = await page(['POST', `${BASE_URL}/page`, 'sent'], { responseType: 'text', tracing: true });
  const [target] = visit.toTargets(), visitRecord = visit.toJSON();
  const types = Object.keys(visit.byType());
  // Keys of budgets with a type are listed as one.
  const ofEachType = (names) => names.flatMap((name) => (name.includes('<type>') ? types.map((type) => name.replace('<type>', type)) : name)).sort();

  const late = await sequential([BASE_URL, `${BASE_URL}/missing`, `${BASE_URL}/hang`, BASE_URL], { deadline: 300 });
  let thrown;
  try {
    await concurrent([`${BASE_URL}/missing`], { throw: 'failed' });
  } catch (e) {
    thrown = e;
  }
  let clientOptions;
  try {
    new Client({ '?': 1 });
  } catch (e) {
    clientOptions = e.message;
  }

  const refused = (...args) => {
    try {
      report(...args);
    } catch (e) {
      return e.message;
    }
    throw new Error('a name that cannot be an option was taken');
  };

  const options = listed(await refusal(concurrent([], { '?': 1 })));
  const pageOptions = listed(await refusal(page(BASE_URL, { '?': 1 })));
  const exported = Object.keys(module).filter((name) => name !== 'default');
  const names = {
    functions: exported.filter((name) => !isClass(module[name])).sort(),
    classes: exported.filter((name) => isClass(module[name])).sort(),
    default: Object.keys(fetch).sort(),
    types: {
      Client: members(new Client()),
      ObjectTarget: listed(await refusal(concurrent([{ '?': 1 }]))),
      Params: listed(await refusal(concurrent([{ url: BASE_URL, params: { '?': 1 } }]))),
      Options: options,
      CompareOptions: listed(await refusal(compare([], { '?': 1 }))),
      Way: listed(await refusal(compare([], [{ name: 'a', '?': 1 }, { name: 'b' }]))),
      ClientOptions: listed(clientOptions),
      Budget: listed(await refusal(concurrent([{ url: BASE_URL, params: { budget: { '?': 1 } } }]))),
      Expectation: listed(await refusal(concurrent([], { expect: { '?': 1 } }))),
      BodyExpectation: listed(await refusal(concurrent([], { expect: { body: { '?': 1 } } }))),
      RunBudget: listed(await refusal(concurrent([], { budget: { '?': 1 } }))),
      Tracing: listed(await refusal(concurrent([], { tracing: { '?': 1 } }))),
      PageOptions: pageOptions,
      VisitSettings: pageOptions.filter((name) => !options.includes(name)),
      PageBudget: ofEachType(listed(await refusal(page(BASE_URL, { budget: { '?': 1 } })))),
      Visit: members(visit),
      VisitTimings: members(visit.timings),
      TypeSummary: members(visit.byType().image),
      PageResult: members(visit.document),
      Initiator: members(visit.results[1].initiator),
      PageTarget: members(target),
      VisitRecord: members(visitRecord),
      PageResultRecord: members(visitRecord.results[1]),
      Run: members(run),
      Verdict: members(run.budget[0]),
      Unmet: members((await concurrent([BASE_URL], { expect: { status: 1 } })).results[0].unmet[0]),
      Result: members(result),
      Certificate: members(certificate),
      Timings: members(result.timings),
      Phases: members(redirect.timings),
      Redirect: members(redirect),
      Request: members(result.request),
      ResponseCookie: members(result.cookies.name[0]),
      OCSP: members(result.ocsp),
      Comparison: members(comparison),
      Round: members(comparison.rounds[0]),
      WaysComparison: members(ways),
      WaysRound: members(ways.rounds[0]),
      Stream: members(results),
      TargetList: members(list),
      ListOptions: listed(listOptions[0]),
      CSVOptions: listed(listOptions[1]),
      HAROptions: listed(listOptions[3]),
      ReportOptions: listed(refused('text', { '?': 1 })),
      RunRecord: members(record),
      ResultRecord: members(record.results[1]),
    },
    literals: {
      'Settings.auth': values(await refusal(concurrent([], { auth: '?' }))),
      'Params.responseType': values(await refusal(concurrent([], { responseType: '?' }))),
      'Settings.httpVersion': values(await refusal(concurrent([], { httpVersion: '?' }))),
      'Options.connections': values(await refusal(concurrent([], { connections: '?' }))),
      'PageOptions.cache': values(await refusal(page(BASE_URL, { cache: '?' }))),
      'PageOptions.colorScheme': values(await refusal(page(BASE_URL, { colorScheme: '?' }))),
      'PageOptions.css': values(await refusal(page(BASE_URL, { css: '?' }))),
      'PageResult.type': types.sort(),
      'Run.mode': [run.mode, comparison.sequential.mode, results.summary().mode, visit.mode].sort(),
      'ListOptions.onError': values(listOptions[2]),
      'Result.state': [...new Set(late.results.map((r) => r.state))].sort(),
    },
    errors: { RunError: thrown.run.failed },
  };
  console.log(JSON.stringify(names));
}
