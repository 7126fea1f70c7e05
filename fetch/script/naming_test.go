package script_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesAreMadeOfURLs(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
const host = BASE.split('//')[1];
const named = async (name, targets, more = {}) =>
	(await concurrent(targets || [BASE + '/echo?1', BASE + '/status/200'], { name, ...more })).results.map((r) => r.name);

test('words stand for parts of the URL', async () => {
	same(await named('url'), [BASE + '/echo?1', BASE + '/status/200']);
	same(await named('host'), [host, host]);
	same(await named('path'), ['/echo', '/status/200']);
});
test('a template has parts of the URL', async () => {
	same(await named('{path} no. {index}'), ['/echo no. 0', '/status/200 no. 1']);
	same(await named('{host}{host}'), [host + host, host + host]);
	same(await named('{index}'), ['0', '1']);
});
test('other braces are as they are', async () => {
	for (const name of ['a/\${}', '{}', '{', '}{', '{Host}', '{a b}']) same(await named(name), [name, name]);
	same(await named('{}{index}'), ['{}0', '{}1']);
});
test('a word in braces that stands for nothing is a TypeError', async () => {
	const e = await rejection(concurrent([], { name: 'a{hots}' }));
	same(String(e), 'TypeError: concurrent options.name must be a string in which nothing but {host}, {path} and {index} '
		+ 'is in braces; got "a{hots}"');
});
test('a function is asked once for each target', async () => {
	const seen = [];
	const targets = [BASE + '/echo', ['PUT', BASE + '/echo?2'], { url: BASE + '/echo?3', params: { name: 'own' } }];
	same(await named((t) => { seen.push([t.url, t.method, t.index]); return 'no. ' + t.index; }, targets), ['no. 0', 'no. 1', 'own']);
	same(seen, [[BASE + '/echo', 'GET', 0], [BASE + '/echo?2', 'PUT', 1]]);
});
test('a function that throws, or returns something else, is an error', async () => {
	same(String(await rejection(concurrent([BASE], { name: () => { throw new RangeError('mine'); } }))), 'RangeError: mine');
	same(String(thrown(() => stream([BASE], { name: () => { throw new RangeError('mine'); } }))), 'RangeError: mine');
	same(String(await rejection(concurrent([BASE], { name: () => 5 }))), 'TypeError: concurrent options.name() must be a string; got 5');
});
test('params and options are named alike, and params win', async () => {
	same(await named('host', [BASE, { url: BASE + '/echo', params: { name: 'path' } }]), [host, '/echo']);
	same(await named('path', [{ url: BASE + '/echo', params: { tags: { name: 'tag' } } }]), ['tag']);
	same(await named(undefined, [{ url: BASE + '/echo', params: { name: '{index}{path}' } }]), ['0/echo']);
	same(await named('path', [http.url`+"`${BASE}/echo?${1}`"+`]), ['/echo']);
	same((await new Client({ name: 'path' }).concurrent([BASE + '/echo'])).results[0].name, '/echo');
	same((await concurrent({ a: BASE + '/echo' }, { name: '{index}{path}' })).get('a').name, '0/echo');
});
test('user and password are in no name', async () => {
	const secret = BASE.replace('//', '//me:secret@') + '/echo';
	for (const name of ['url', 'host', 'path', '{host}{path}']) ok(!(await named(name, [secret]))[0].includes('secret'), name);
});
`)
}

func TestNamesAreTagsAndStandForURLs(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	out := runScript(t, srv, `
export default async function () {
	await concurrent([BASE + '/echo?1', BASE + '/echo?2'], { name: 'path' });
}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	for _, metric := range []string{"http_reqs", "fetch_elapsed"} {
		require.Len(t, out.Of(metric), 2)
		for _, s := range out.Of(metric) {
			require.Equal(t, "/echo", s.Tags["name"])
		}
	}
	require.Equal(t, "/echo", out.Of("http_reqs")[0].Tags["url"])
}

func TestManyNamesAreWorthOneWarning(t *testing.T) {
	t.Parallel()
	const warning = "There are more than 1000 distinct names in the metrics"
	for _, c := range []struct {
		name     string
		n        string
		warnings int
	}{{"url", "1001", 1}, {"url", "1000", 0}, {"host", "1500", 0}} {
		srv := newWeb(t)
		out := runScript(t, srv, `
export const options = { vus: 2, iterations: 4, throw: false };
export default async function () {
	await concurrent(times(`+c.n+`, (i) => BASE + '/echo?' + i), { name: '`+c.name+`', perHost: 0 });
}`)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		require.Equal(t, c.warnings, strings.Count(out.Stderr, warning), c)
	}
}
