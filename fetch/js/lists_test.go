package js_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// listFiles are the files that scripts of these tests open, by name. BASE stands for the server.
func listFiles(t *testing.T) map[string]string {
	t.Helper()
	plain := "# what to fetch\nBASE/status/200?a\n\nBASE/status/200?b # the second\nBASE/status/404?c\n"
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte(strings.ReplaceAll(plain, "BASE", "http://a.example")))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return map[string]string{
		"urls.txt":    plain,
		"urls.txt.gz": zipped.String(),
		"bad.txt":     "BASE/status/200\nexample.com\nBASE/status/201\n",
		"urls.csv":    "what,where,called,kind,text\nget,BASE/echo?1,first,a/b,\npost,BASE/echo?2,second,,\"hello, you\"\n",
		"plain.csv":   "1;BASE/echo?1\n2;BASE/echo?2\n",
		"page.har": `{"log": {"entries": [
			{"request": {"method": "GET", "url": "BASE/echo?1", "headers": [{"name": "X-Kind", "value": "page"}]}},
			{"request": {"method": "POST", "url": "BASE/echo?2", "headers": [], "postData": {"text": "sent"}}}]}}`,
		"binary.har": `{"log": {"entries": [{"request": {"method": "POST", "url": "BASE/echo",
			"postData": {"encoding": "base64", "text": "/wA="}}}]}}`,
		"index.xml": `<sitemapindex><sitemap><loc>https://www.example/maps/one.xml</loc></sitemap>
			<sitemap><loc>https://www.example/maps/two.xml</loc></sitemap></sitemapindex>`,
		"one.xml": `<urlset><url><loc>BASE/status/200?one</loc></url></urlset>`,
		"two.xml": `<urlset><url><loc>BASE/status/200?two</loc></url><url><loc>BASE/status/200?three</loc></url></urlset>`,
	}
}

// writeLists writes a script and the files that it opens.
func writeLists(t *testing.T, srv *web, script string) (path string) {
	t.Helper()
	const imports = "const { chunk, chunks, csv, har, lines, partition, sitemap } = fetch;\n"
	path = writeScript(t, prelude+cases+imports+script)
	for name, text := range listFiles(t) {
		text = strings.ReplaceAll(text, "BASE", srv.URL)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(path), name), []byte(text), 0o600))
	}
	return path
}

func requireCasesPass(t *testing.T, out *k6test.Outcome) {
	t.Helper()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "ran ")
}

const listCases = `
const urls = lines('urls.txt'), zipped = lines('./urls.txt.gz'), some = lines('bad.txt', { onError: 'skip' });
const rows = csv('urls.csv', {
	url: 'where', method: 'what', name: 'called', headers: { 'X-Kind': 'kind' }, body: 'text',
});
const numbered = csv('plain.csv', { url: 1, name: 0, delimiter: ';' });
const binary = har('binary.har'), page = har('page.har'), map = sitemap('index.xml');

test('a list knows its length, and how many entries were skipped', () => {
	same([urls.length, urls.skipped, zipped.length, some.length, some.skipped], [3, 0, 3, 2, 1]);
	same([rows.length, numbered.length, page.length, map.length], [2, 2, 2, 3]);
	same(Object.keys(urls), ['length', 'skipped']);
});
test('every function takes a list', async () => {
	for (const verb of [sequential, concurrent]) {
		const run = await verb(urls);
		same([run.count, run.ok, run.failed], [3, 2, 1]);
		same(run.results.map((r) => [r.index, r.status, r.url.slice(-1)]), [[0, 200, 'a'], [1, 200, 'b'], [2, 404, 'c']]);
		same(run.get(2).status, 404);
	}
	same((await compare(map)).concurrent.ok, 3);
	same((await drain(stream(map))).map((r) => r.url.split('?')[1]).sort(), ['one', 'three', 'two']);
	same((await new Client({ expectedStatuses: 404 }).concurrent(urls)).ok, 1);
});
test('options hold for a list', async () => {
	const run = await concurrent(page, { responseType: 'text', headers: { 'X-Common': 'yes' } });
	const [first, second] = run.results.map((r) => r.json());
	same([first.method, first.headers['X-Kind'], first.headers['X-Common']], ['GET', 'page', 'yes']);
	same([second.method, second.body, second.headers['X-Kind']], ['POST', 'sent', undefined]);
});
test('a row of a CSV says how to ask', async () => {
	const run = await concurrent(rows, { responseType: 'text' });
	const [first, second] = run.results.map((r) => r.json());
	same([first.method, first.headers['X-Kind'], first.body], ['GET', 'a/b', '']);
	same([second.method, second.body], ['POST', 'hello, you']);
	same(run.results.map((r) => r.name), ['first', 'second']);
	same((await concurrent(numbered)).results.map((r) => r.name), ['1', '2']);
});
test('parts of a list are lists', async () => {
	const names = (list) => list.toJSON().map((u) => u.slice(-1)).join('');
	same([names(urls.slice(1)), names(urls.slice(-1)), names(urls.slice(0, -2)), names(urls.slice(2, 1))], ['bc', 'c', 'a', '']);
	same(names(urls.filter((t, i) => i !== 1 && t.url.startsWith('http'))), 'ac');
	same(names(urls.sample(2, 7)), names(urls.sample(2, 7)));
	same(urls.sample(2).length, 2);
	same(urls.sample(2, Date.now()).length, 2);
	same((await concurrent(urls.filter((t) => t.url.endsWith('b')).slice(0, 1))).ok, 1);
	same(chunks(urls, 2), 2);
	same(urls.filter(() => new Array(2 ** 32 - 1)).length, 3);
});
test('a list with a binary body is sent as it is, and becomes no array', async () => {
	same((await concurrent(binary)).ok, 1);
	let message = '';
	try { binary.toJSON(); } catch (e) { message = String(e); }
	ok(message.includes('the body for ' + BASE + '/echo is binary, which JSON cannot hold'), message);
});
test('a list becomes an array of targets', async () => {
	same(JSON.parse(JSON.stringify(numbered))[0], { url: BASE + '/echo?1', params: { name: '1' } });
	same(rows.toJSON()[1], { method: 'POST', url: BASE + '/echo?2', body: 'hello, you', params: { name: 'second' } });
	same((await concurrent(rows.toJSON())).ok, 2);
});
test('its metrics are named by the host, unless something else is said', async () => {
	const host = BASE.split('//')[1];
	same((await concurrent(urls)).results.map((r) => r.name), [host, host, host]);
	same((await concurrent(urls, { name: 'url' })).results[0].name, BASE + '/status/200?a');
	same((await concurrent(urls, { name: 'mine' })).results[0].name, 'mine');
	same((await concurrent(urls, { name: 'path' })).results[2].name, '/status/404');
	same((await concurrent(urls, { name: '{index} of {host}{path}' })).results[2].name, '2 of ' + host + '/status/404');
	same((await concurrent(urls, { tags: { name: 'tagged' } })).results[0].name, 'tagged');
	const seen = [];
	const run = await concurrent(urls, { name: (t) => { seen.push(t.index); return t.url.slice(-1); } });
	same([run.results.map((r) => r.name), seen], [['a', 'b', 'c'], [0, 1, 2]]);
});
test('with onResult, nothing of a list is kept', async () => {
	const seen = [];
	const run = await concurrent(urls, { onResult: (r) => seen.push(r.status) });
	same([run.results.length, run.count, run.ok, run.failed, run.failures().length], [0, 3, 2, 1, 0]);
	same(seen.sort(), [200, 200, 404]);
	same((await concurrent(urls.toJSON(), { onResult: () => {} })).results.length, 3);
	same((await concurrent(urls, { throw: true, onResult: () => {} })).failed, 1);
	const e = await rejection(concurrent(urls, { throw: 'failed', onResult: () => {} }));
	ok(e.message.startsWith('1 of 3 targets failed; targets[2]'), e.message);
	same(e.run.failed, 1);
});
test('what cannot be meant is a TypeError', () => {
	const says = (fn, text) => ok(String(thrown(fn)).includes(text), String(thrown(fn)));
	says(() => urls.slice('a'), 'TypeError: slice() from must be an integer');
	says(() => urls.sample(-1), 'TypeError: sample() n must be an integer of at least 0; got -1');
	says(() => urls.filter('x'), 'TypeError: filter() function must be a function; got "x"');
	says(() => urls.filter(async () => false), 'TypeError: filter() function must return a value, not a promise');
	says(() => urls.sample(2, 2 ** 53), 'TypeError: sample() seed must be an integer from 0 to 9007199254740991; got 9007199254740992');
	says(() => urls.filter(() => { throw new RangeError('mine'); }), 'RangeError: mine');
	says(() => lines('urls.txt'), 'Using lines() outside the init context is not supported');
});
`

func TestK6ListsAreTargets(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	out := k6test.RunFile(t, writeLists(t, srv, listCases), "-e", "BASE="+srv.URL, "--vus", "2", "--iterations", "4")
	requireCasesPass(t, out)
}

// What a script opens goes with it.
func TestK6ListsAreInTheArchive(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	script := writeLists(t, srv, listCases)
	archive := filepath.Join(t.TempDir(), "archive.tar")
	out := k6test.StartCommand(t, "archive", "-e", "BASE="+srv.URL, "--archive-out", archive, script).Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.NoError(t, os.RemoveAll(filepath.Dir(script)))
	requireCasesPass(t, k6test.RunFile(t, archive, "-e", "BASE="+srv.URL))
}

func TestK6ListsThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	for call, says := range map[string]string{
		`lines('bad.txt')`:                       "lines(): bad.txt:2: the URL does not begin with http:// or https://",
		`lines('none.txt')`:                      "lines(): none.txt: there is no such file",
		`lines('file://')`:                       "TypeError: lines path must be the path of a file; got \"file://\"",
		`if (__VU > 0) lines('urls.txt')`:        "lines(): urls.txt: it must be opened by all VUs, whatever __VU is",
		`lines('.')`:                             "lines(): .: it is a directory",
		`lines()`:                                "TypeError: lines path must be the path of a file; got undefined",
		`lines('urls.txt', { onEror: 'skip' })`:  "TypeError: lines options.onEror is not an option; there are onError",
		`lines('urls.txt', { onError: 'no' })`:   "TypeError: lines options.onError must be one of 'fail', 'skip'; got \"no\"",
		`csv('urls.csv')`:                        `csv(): urls.csv:1: there is no column "url"; there are what, where, called, kind, text`,
		`csv('urls.csv', { url: 1, name: 'a' })`: "TypeError: csv options must give all columns by name, or all of them by number",
		`csv('urls.csv', { delimiter: '--' })`:   "TypeError: csv options.delimiter must be one character; got \"--\"",
		`har('urls.txt')`:                        "har(): urls.txt:1: the file is no JSON",
		`sitemap('page.har')`:                    "sitemap(): page.har:",
		`sitemap(BASE + '/sitemap.xml')`:         "Using sitemap() of a URL in the init context is not supported",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			out := k6test.RunFile(t, writeLists(t, srv, call), "-e", "BASE="+srv.URL)
			require.NotEqual(t, 0, out.ExitCode)
			require.Contains(t, out.Stderr, says)
		})
	}
}

func TestK6SitemapsOfSites(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	files := http.NewServeMux()
	for name, text := range listFiles(t) {
		files.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(strings.NewReplacer("BASE", srv.URL, "https://www.example/maps", "http://maps.example").Replace(text)))
		})
	}
	files.HandleFunc("GET /pages", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, "<sitemapindex><sitemap><loc>http://maps.example/gone</loc></sitemap>"+
			"<sitemap><loc>http://maps.example/one.xml</loc></sitemap></sitemapindex>")
	})
	files.HandleFunc("GET /slashes", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<sitemapindex><sitemap><loc>/slash</loc></sitemap><sitemap><loc>/slashes</loc></sitemap></sitemapindex>")
	})
	files.HandleFunc("GET /slash", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<urlset><url><loc>/page?a=1&b=2</loc></url></urlset>")
	})
	files.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://moved.example/deep/slash", http.StatusFound)
	})
	files.HandleFunc("GET /deep/slash", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<urlset><url><loc>/page</loc></url><url><loc>./near</loc></url></urlset>")
	})
	files.HandleFunc("GET /attributes", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<urlset><url "+strings.Repeat("a='' ", 1<<20)+"></url></urlset>")
	})
	files.HandleFunc("GET /bomb", func(w http.ResponseWriter, _ *http.Request) {
		zipped := gzip.NewWriter(w)
		_, _ = zipped.Write([]byte("<urlset>"))
		for range 65 << 10 {
			_, _ = zipped.Write([]byte("<!--" + strings.Repeat(" ", 1<<10) + "-->"))
		}
		_ = zipped.Close()
	})
	maps := serve(t, files)
	out := runScript(t, srv, cases+`
const { sitemap } = fetch;
export async function setup() { return { urls: await sitemap('http://maps.example/index.xml') }; }
const pages = (list) => list.toJSON().map((u) => u.split('?')[1]).join();
test('an index leads to all URLs', async () => {
	const list = await sitemap('http://maps.example/index.xml');
	same([list.length, pages(list)], [3, 'one,two,three']);
	same((await concurrent(list)).ok, 3);
});
test('a sitemap that is not there is an error, or skipped', async () => {
	const e = await rejection(sitemap('http://maps.example/pages'));
	ok(String(e).includes('sitemap(): http://maps.example/pages: http://maps.example/gone: status 404'), String(e));
	const list = await sitemap('http://maps.example/pages', { onError: 'skip' });
	same([list.length, list.skipped], [1, 1]);
	const none = await rejection(sitemap('http://maps.example/none'));
	ok(String(none).includes('http://maps.example/none: status 404'), String(none));
});
test('URLs without a host are of the host of the sitemap', async () => {
	same((await sitemap('http://maps.example/slashes')).toJSON(), ['http://maps.example/page?a=1&b=2']);
});
test('they are of the host that a redirect has led to, user info is not', async () => {
	const urls = ['http://moved.example/page', 'http://moved.example/deep/near'];
	same((await sitemap('http://me:pw@maps.example/moved')).toJSON(), urls);
	same((await sitemap('http://me:pw@maps.example/slash')).toJSON(), ['http://me:pw@maps.example/page?a=1&b=2']);
});
test('what takes too much memory to read is an error', async () => {
	const e = await rejection(sitemap('http://maps.example/attributes'));
	ok(String(e).includes('http://maps.example/attributes:1: a tag, text or comment has more than 256 KiB'), String(e));
});
test('a small sitemap may not have a large one in it', async () => {
	const e = await rejection(sitemap('http://maps.example/bomb'));
	ok(String(e).includes('there is too much in the compressed file'), String(e));
});
test('what is no sitemap is an error', async () => {
	const e = await rejection(sitemap('http://maps.example/urls.csv'));
	ok(String(e).includes('http://maps.example/urls.csv:'), String(e));
});
`, "-e", `OPTIONS={"hosts": {"*.example": `+strconv.Quote(maps)+`}}`)
	requireCasesPass(t, out)
	require.NotEmpty(t, out.Of("http_reqs"))
	require.Len(t, out.Of("fetch_elapsed"), 3)
}

// Each VU has its list, and none of them a copy.
func TestK6ListsOfSetup(t *testing.T) {
	t.Parallel()
	srv := newWeb(t)
	out := k6test.RunFile(t, writeLists(t, srv, `
const all = lines('urls.txt');
export function setup() { return all.slice(0, 2); }
test('what setup returned is an array of targets', () => {});
export async function teardown(data) { console.log('got ' + data.length + ', ok ' + (await concurrent(data)).ok); }
`), "-e", "BASE="+srv.URL)
	requireCasesPass(t, out)
	require.Contains(t, out.Stderr, "got 2, ok 2")
}

// serve serves on loopback, and returns where.
func serve(t *testing.T, handler http.Handler) (address string) {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}
