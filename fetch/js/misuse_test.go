//nolint:goconst,gochecknoglobals // tables of cases
package js_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// misused are calls that must be rejected: what is given, and how the error calls it. Where a case has no error, the
// call is fine.
var misusedOptions = []struct{ options, names, must string }{
	{`{ concurrency: 0 }`, "options.concurrency", "an integer of at least 1; got 0"},
	{`{ concurrency: -1 }`, "options.concurrency", "an integer of at least 1; got -1"},
	{`{ concurrency: 1.5 }`, "options.concurrency", "an integer of at least 1; got 1.5"},
	{`{ concurrency: NaN }`, "options.concurrency", "an integer of at least 1; got NaN"},
	{`{ concurrency: Infinity }`, "options.concurrency", "an integer of at least 1; got Infinity"},
	{`{ concurrency: 1e300 }`, "options.concurrency", "an integer of at least 1"},
	{`{ concurrency: '5' }`, "options.concurrency", `an integer of at least 1; got "5"`},
	{`{ concurrency: null }`, "options.concurrency", "got null"},
	{`{ concurrency: true }`, "options.concurrency", "got true"},
	{`{ concurrency: {} }`, "options.concurrency", "got an object"},
	{`{ concurrency: [3] }`, "options.concurrency", "got an array"},
	{`{ concurrency: () => 3 }`, "options.concurrency", "got a function"},
	{`{ concurrency: Symbol('x') }`, "options.concurrency", "an integer"},
	{`{ concurrency: 5n }`, "options.concurrency", "an integer"},
	{`{ perHost: -1 }`, "options.perHost", "an integer of at least 0; got -1"},
	{`{ perHost: 0.5 }`, "options.perHost", "an integer of at least 0"},
	{`{ perHost: NaN }`, "options.perHost", "got NaN"},
	{`{ perHost: Infinity }`, "options.perHost", "got Infinity"},
	{`{ perHost: '6' }`, "options.perHost", `got "6"`},
	{`{ timeout: 0 }`, "options.timeout", "a duration of more than 0"},
	{`{ timeout: -5 }`, "options.timeout", "got -5"},
	{`{ timeout: '-5s' }`, "options.timeout", `got "-5s"`},
	{`{ timeout: 'soon' }`, "options.timeout", `got "soon"`},
	{`{ timeout: '' }`, "options.timeout", `got ""`},
	{`{ timeout: '0s' }`, "options.timeout", `got "0s"`},
	{`{ timeout: NaN }`, "options.timeout", "got NaN"},
	{`{ timeout: Infinity }`, "options.timeout", "got Infinity"},
	{`{ timeout: -Infinity }`, "options.timeout", "got -Infinity"},
	{`{ timeout: 1e300 }`, "options.timeout", "a duration"},
	{`{ timeout: true }`, "options.timeout", "got true"},
	{`{ timeout: [] }`, "options.timeout", "got an array"},
	{`{ deadline: 0 }`, "options.deadline", "a duration of more than 0"},
	{`{ deadline: '1 week' }`, "options.deadline", `got "1 week"`},
	{`{ deadline: NaN }`, "options.deadline", "got NaN"},
	{`{ deadline: -1 }`, "options.deadline", "got -1"},
	{`{ rate: 0 }`, "options.rate", "a number of starts per second above 0; got 0"},
	{`{ rate: -1 }`, "options.rate", "got -1"},
	{`{ rate: NaN }`, "options.rate", "got NaN"},
	{`{ rate: Infinity }`, "options.rate", "got Infinity"},
	{`{ rate: '5' }`, "options.rate", `got "5"`},
	{`{ retries: -1 }`, "options.retries", "an integer of at least 0; got -1"},
	{`{ retries: 1.5 }`, "options.retries", "got 1.5"},
	{`{ retries: NaN }`, "options.retries", "got NaN"},
	{`{ retries: Infinity }`, "options.retries", "got Infinity"},
	{`{ retries: '1' }`, "options.retries", `got "1"`},
	{`{ responseType: 'json' }`, "options.responseType", `one of 'none', 'text', 'binary'; got "json"`},
	{`{ responseType: "100 %d" }`, "options.responseType", `got "100 %d"`},
	{`{ responseType: 5 }`, "options.responseType", "got 5"},
	{`{ responseType: null }`, "options.responseType", "got null"},
	{`{ maxBodySize: 0 }`, "options.maxBodySize", "a size of more than 0"},
	{`{ maxBodySize: -1 }`, "options.maxBodySize", "got -1"},
	{`{ maxBodySize: 0.5 }`, "options.maxBodySize", "got 0.5"},
	{`{ maxBodySize: NaN }`, "options.maxBodySize", "got NaN"},
	{`{ maxBodySize: Infinity }`, "options.maxBodySize", "got Infinity"},
	{`{ maxBodySize: '10 apples' }`, "options.maxBodySize", `got "10 apples"`},
	{`{ maxBodySize: '-1MB' }`, "options.maxBodySize", `got "-1MB"`},
	{`{ maxBodySize: '' }`, "options.maxBodySize", `got ""`},
	{`{ maxBodySize: '0MB' }`, "options.maxBodySize", `got "0MB"`},
	{`{ maxBodySize: '1.2.3MB' }`, "options.maxBodySize", "a size"},
	{`{ maxBodySize: '99999999999GB' }`, "options.maxBodySize", "a size"},
	{`{ maxBodySize: [] }`, "options.maxBodySize", "got an array"},
	{`{ expectedStatuses: 'ok' }`, "options.expectedStatuses", `got "ok"`},
	{`{ expectedStatuses: [] }`, "options.expectedStatuses", "at least one status"},
	{`{ expectedStatuses: 200.5 }`, "options.expectedStatuses", "got 200.5"},
	{`{ expectedStatuses: NaN }`, "options.expectedStatuses", "got NaN"},
	{`{ expectedStatuses: -200 }`, "options.expectedStatuses", "got -200"},
	{`{ expectedStatuses: null }`, "options.expectedStatuses", "got null"},
	{`{ expectedStatuses: { min: 200 } }`, "options.expectedStatuses", "an object like {min: 200, max: 299}"},
	{`{ expectedStatuses: { min: 200, max: 299, mid: 250 } }`, "options.expectedStatuses", "an object like"},
	{`{ expectedStatuses: { min: 299, max: 200 } }`, "options.expectedStatuses", "min is not above its max"},
	{`{ expectedStatuses: { min: 'a', max: 200 } }`, "options.expectedStatuses.min", `got "a"`},
	{`{ expectedStatuses: [200, 'x'] }`, "options.expectedStatuses[1]", `got "x"`},
	{`{ connections: 'mine' }`, "options.connections", `one of 'vu', 'shared', 'new'; got "mine"`},
	{`{ connections: true }`, "options.connections", "got true"},
	{`{ headers: 'a: b' }`, "options.headers", `got "a: b"`},
	{`{ headers: [] }`, "options.headers", "got an array"},
	{`{ headers: { a: null } }`, "options.headers.a", "got null"},
	{`{ headers: { a: undefined } }`, "options.headers.a", "got undefined"},
	{`{ cookies: 'a=b' }`, "options.cookies", `got "a=b"`},
	{`{ cookies: 5 }`, "options.cookies", "got 5"},
	{`{ jar: {} }`, "options.jar", "a cookie jar (http.CookieJar) or null; got an object"},
	{`{ jar: 'jar' }`, "options.jar", `got "jar"`},
	{`{ jar: http }`, "options.jar", "a cookie jar"},
	{`{ tags: 'a' }`, "options.tags", `got "a"`},
	{`{ tags: { a: {} } }`, "options.tags.a", "got an object"},
	{`{ tags: { a: null } }`, "options.tags.a", "got null"},
	{`{ name: 5 }`, "options.name", "a string, or a function that returns one; got 5"},
	{`{ name: null }`, "options.name", "got null"},
	{`{ redirects: -1 }`, "options.redirects", "an integer of at least 0; got -1"},
	{`{ redirects: 1.5 }`, "options.redirects", "got 1.5"},
	{`{ redirects: NaN }`, "options.redirects", "got NaN"},
	{`{ redirects: '3' }`, "options.redirects", `got "3"`},
	{`{ compression: 'lzma' }`, "options.compression", `got "lzma"`},
	{`{ compression: 5 }`, "options.compression", "got 5"},
	{`{ auth: 'bearer' }`, "options.auth", `one of 'basic', 'digest', 'ntlm'; got "bearer"`},
	{`{ auth: {} }`, "options.auth", "got an object"},
	{`{ throw: 'yes' }`, "options.throw", `true, false or 'failed'; got "yes"`},
	{`{ throw: 1 }`, "options.throw", "got 1"},
	{`{ throw: null }`, "options.throw", "got null"},
	{`{ onResult: 'fn' }`, "options.onResult", `a function; got "fn"`},
	{`{ onResult: {} }`, "options.onResult", "a function; got an object"},
	{`{ onResult: null }`, "options.onResult", "a function; got null"},
	{`{ concurency: 5 }`, "options.concurency", "is not an option; there are auth, "},
	{`{ toString: 5 }`, "options.toString", "is not an option"},
	{`{ baseURL: 'http://x/' }`, "options.baseURL", "is not an option"},
	{`5`, "options", "an object of options; got 5"},
	{`'fast'`, "options", `an object of options; got "fast"`},
	{`null`, "options", "an object of options; got null"},
	{`[]`, "options", "an object of options; got an array"},
	{`() => 1`, "options", "an object of options; got a function"},
	{`true`, "options", "an object of options; got true"},
	{`Promise.resolve({})`, "options", "an object of options; got a Promise"},
	{`new Map([['concurrency', 5]])`, "options", "an object of options; got a Map"},
	{`{ headers: new Map([['a', 'b']]) }`, "options.headers", "got a Map"},
	{`{ onResult: Promise.resolve() }`, "options.onResult", "got a Promise"},
}

// misusedCompare are those that only compare knows, and misusedClient those of new Client().
var (
	misusedCompare = []struct{ options, names, must string }{
		{`{ rounds: 0 }`, "compare options.rounds", "an integer of at least 1; got 0"},
		{`{ rounds: 1.5 }`, "compare options.rounds", "got 1.5"},
		{`{ rounds: NaN }`, "compare options.rounds", "got NaN"},
		{`{ rounds: 'two' }`, "compare options.rounds", `got "two"`},
		{`{ warmup: 1 }`, "compare options.warmup", "true or false; got 1"},
		{`{ warmup: 'no' }`, "compare options.warmup", `got "no"`},
	}
	misusedClient = []struct{ options, names, must string }{
		{`{ baseURL: '/dir' }`, "Client options.baseURL", `an absolute URL; got "/dir"`},
		{`{ baseURL: 5 }`, "Client options.baseURL", "an absolute URL; got 5"},
		{`{ baseURL: 'http://' }`, "Client options.baseURL", "an absolute URL"},
		{`{ baseURL: 'http://me:pw@[::1' }`, "Client options.baseURL", `got "http://****:****@[::1"`},
		{`{ rounds: 0 }`, "Client options.rounds", "an integer of at least 1; got 0"},
	}
)

// misusedTargets are lists of targets that are none.
var misusedTargets = []struct{ options, names, must string }{
	{`undefined`, "targets", "an array of targets, another iterable of them, or an object or a Map of targets by name; got undefined"},
	{`null`, "targets", "got null"},
	{`5`, "targets", "got 5"},
	{`NaN`, "targets", "got NaN"},
	{`true`, "targets", "got true"},
	{`() => []`, "targets", "got a function"},
	{`BASE`, "targets", "an object or a Map of targets by name; got \"http://"},
	{"http.url`${BASE}/x`", "targets", "an array of targets"},
	{`[BASE, , BASE]`, "targets[1]", "a URL, an array [method, url, body?, params?] or an object"},
	{`[BASE, null]`, "targets[1]", "got null"},
	{`new Array(4000000000)`, "targets", "got"},
	{`(() => { const a = [BASE]; a[4000000000] = BASE; return a; })()`, "targets", "got"},
	{`{ length: 4000000000 }`, "targets.length", "got 4000000000"},
	{`[BASE, undefined]`, "targets[1]", "got undefined"},
	{`[5]`, "targets[0]", "got 5"},
	{`[[]]`, "targets[0]", "got an array"},
	{`[['GET']]`, "targets[0]", "got an array"},
	{`[['GET', BASE, null, {}, 5]]`, "targets[0]", "got an array"},
	{`[[5, BASE]]`, "targets[0][0]", "an HTTP method; got 5"},
	{`[['', BASE]]`, "targets[0][0]", "an HTTP method"},
	{`[[, BASE]]`, "targets[0][0]", "an HTTP method; got undefined"},
	{`[['GET', 5]]`, "targets[0][1]", "a URL; got 5"},
	{`[['GET', null]]`, "targets[0][1]", "a URL; got null"},
	{`[['POST', BASE, 5]]`, "targets[0][2]", "a string, an ArrayBuffer or an object; got 5"},
	{`[['POST', BASE, () => 5]]`, "targets[0][2]", "got a function"},
	{`[['POST', BASE, [1, 2]]]`, "targets[0][2]", "got an array"},
	{`[['GET', BASE, null, 'params']]`, "targets[0][3]", "an object of params"},
	{`[['GET', BASE, null, { tiemout: 5 }]]`, "targets[0][3].tiemout", "is not a param; there are auth, "},
	{`[['GET', BASE, null, { timeout: 'x' }]]`, "targets[0][3].timeout", `got "x"`},
	{`[{}]`, "targets[0].url", "a URL; got undefined"},
	{`[{ url: 5 }]`, "targets[0].url", "a URL; got 5"},
	{`[{ url: BASE, method: 5 }]`, "targets[0].method", "an HTTP method; got 5"},
	{`[{ url: BASE, headers: {} }]`, "targets[0].headers", "is not part of a target; there are body, method, params, url"},
	{`[{ url: BASE, params: 5 }]`, "targets[0].params", "an object of params; got 5"},
	{`[{ url: BASE, params: { concurrency: 5 } }]`, "targets[0].params.concurrency", "is not a param"},
	{`[{ url: BASE, params: { jar: {} } }]`, "targets[0].params.jar", "a cookie jar"},
	{`[{ url: BASE, params: { responseCallback: 5 } }]`, "targets[0].params.responseCallback", "null or what http.expectedStatuses() returns; got 5"},
	{`[{ url: BASE, params: { responseCallback: () => true } }]`, "targets[0].params.responseCallback", "got a function"},
	{`[{ url: BASE, params: { responseCallback: {} } }]`, "targets[0].params.responseCallback", "got an object"},
	{`{ home: 5 }`, "targets.home", "got 5"},
	{`{ home: { url: BASE, params: { redirects: -1 } } }`, "targets.home.params.redirects", "got -1"},
	{`Promise.resolve([BASE])`, "targets", "got a Promise"},
	{`new Map([['a', 5]])`, "targets.a", "a URL, an array [method, url, body?, params?] or an object"},
	{`new Map([[5, BASE]])`, "targets key", "a string; got 5"},
	{`new Map([[Symbol('a'), BASE]])`, "targets key", "a string; got a symbol"},
	{`new Map([['a', BASE], ['\ud800', BASE]])`, "targets", "half of a surrogate pair"},
	{`new Set([5])`, "targets[0]", "got 5"},
	{`(function* () { yield BASE; yield null; })()`, "targets[1]", "got null"},
	{`(function* () { yield BASE; })`, "targets", "got a function"},
	{`new WeakMap()`, "targets", "got a WeakMap"},
	{`new WeakSet()`, "targets", "got a WeakSet"},
	{`new DataView(new ArrayBuffer(3))`, "targets", "got a DataView"},
	{`new Uint8Array(0)`, "targets", "got a typed array"},
	{`new BigInt64Array(1)`, "targets", "got a typed array"},
	{`Object('x')`, "targets", "got a String"},
	{`Object(Symbol('x'))`, "targets", "got a Symbol"},
	{`new Error('x')`, "targets", "got an Error"},
	{`Math`, "targets", "got a Math"},
	{`Symbol('x')`, "targets", "got a symbol"},
	{`5n`, "targets", "got 5n"},
	{`new Date()`, "targets", "got a Date"},
	{`/x/`, "targets", "got a RegExp"},
	{`new ArrayBuffer(3)`, "targets", "got an ArrayBuffer"},
	{`new Uint8Array(3)`, "targets", "got a"},
	{`new String('x')`, "targets", "got"},
	{`[Promise.resolve(BASE)]`, "targets[0]", "got a Promise"},
	{`[['GET', BASE, null, new Map()]]`, "targets[0][3]", "got a Map"},
}

// misuses runs each case as a call of its own, and asks the server whether anything came.
const misuses = `
const list = JSON.parse(__ENV.CASES);
for (const c of list) test(c.call, async () => {
	const made = new Function('fetch', 'http', 'BASE', 'return ' + c.call);
	const e = c.throws ? thrown(() => made(fetch, http, BASE)) : await rejection(made(fetch, http, BASE));
	ok(e instanceof TypeError, 'no TypeError: ' + e);
	ok(e.message.startsWith(c.names) && e.message.includes(c.must), e.message);
});
`

func TestMisuseIsRejectedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	type call struct {
		Call   string `json:"call"`
		Names  string `json:"names"`
		Must   string `json:"must"`
		Throws bool   `json:"throws"`
	}
	calls := make([]call, 0, 3*len(misusedOptions)+3*len(misusedTargets))
	for _, c := range misusedOptions {
		calls = append(calls,
			call{"fetch.concurrent([BASE + '/echo'], " + c.options + ")", "concurrent " + c.names, c.must, false},
			call{"fetch.stream([BASE + '/echo'], " + c.options + ")", "stream " + c.names, c.must, true})
	}
	for _, c := range misusedOptions[:20] {
		calls = append(calls, call{"new fetch.Client(" + c.options + ")", "Client " + c.names, c.must, true})
	}
	for _, c := range misusedCompare {
		calls = append(calls, call{"fetch.compare([BASE + '/echo'], " + c.options + ")", c.names, c.must, false})
	}
	calls = append(calls, call{
		"fetch.sequential([BASE + '/echo'], { rounds: 2 })", "sequential options.rounds", "is not an option", false,
	})
	for _, c := range misusedClient {
		calls = append(calls, call{"new fetch.Client(" + c.options + ")", c.names, c.must, true})
	}
	for _, c := range misusedTargets {
		calls = append(calls,
			call{"fetch.sequential(" + c.options + ")", "sequential " + c.names, c.must, false},
			call{"fetch.stream(" + c.options + ")", "stream " + c.names, c.must, true},
			call{"new fetch.Client().compare(" + c.options + ")", "compare " + c.names, c.must, false})
	}
	for _, args := range []string{"", "'x'", "{}", "[200]", "200, {min: 1}", "NaN", "null"} {
		calls = append(calls, call{"fetch.expectedStatuses(" + args + ")", "expectedStatuses()", "", true})
	}
	table, err := json.Marshal(calls)
	require.NoError(t, err)
	srv := newWeb(t)
	runCases(t, srv, misuses, "-e", "CASES="+string(table))
	require.Zero(t, srv.total(), "requests reached the server")
}

func TestBatchOfZeroNeedsConcurrencyOfItsOwn(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
test('without concurrency', async () => {
	const e = await rejection(concurrent([BASE + '/echo']));
	same(e.message, "concurrent options.concurrency must be an integer of at least 1; it is not given, and k6's option batch is 0");
});
test('with concurrency', async () => { same((await concurrent([BASE + '/echo'], { concurrency: 2 })).ok, 1); });
test('one at a time', async () => { same((await sequential([BASE + '/echo'])).ok, 1); });
`, "--batch", "0")
}
