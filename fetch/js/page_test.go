package js_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// visit runs a script in this process, which begins with the prelude and is the body of an iteration.
func visit(t *testing.T, site *web.Site, script string) *k6test.Outcome {
	t.Helper()
	if !strings.Contains(script, "export default") {
		script = "export default async function () {\n" + script + "\n}"
	}
	return runFile(t, writeScript(t, prelude(t)+script), site.Env())
}

// tagsOf are the values of a tag that the samples of a metric have, in which the servers' addresses are words.
func tagsOf(out *k6test.Outcome, site *web.Site, metric, tag string) []string {
	address := strings.NewReplacer(site.Web.URL, "BASE", site.Other.URL, "OTHER",
		strings.TrimPrefix(site.Web.URL, "http://"), "base", strings.TrimPrefix(site.Other.URL, "http://"), "other")
	samples := out.Of(metric)
	values := make([]string, 0, len(samples))
	for _, s := range samples {
		values = append(values, address.Replace(s.Tags[tag]))
	}
	return values
}

const elapsed, failed = "fetch_elapsed", "fetch_failed"

// visited is a page with a script, two images with a hash in their names, one of another host, and one that is missing.
const visited = `file('p.html', '<script src=/file/app.1f2e.js></script><img src=/file/a.77.png><img src=/file/b.78.png>' +
	'<img src=' + __ENV.BASE2 + '/file/c.79.png><img src=/status/404>')`

// Names are made of hosts and types, so that names of files with a hash in them make no series.
func TestNamesOfAPageAndItsResources(t *testing.T) {
	t.Parallel()
	const image = "base image"
	resources := []string{"base script", image, image, "other image", image}
	for options, document := range map[string]string{
		"{ name: 'home' }": "home", "{ name: 'host' }": "base", "{ name: '{path} of {host}' }": "/file/p.html of base",
		"{ name: (t) => t.method + t.index }": "GET0", "{ tags: { name: 'tag' } }": "tag",
	} {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			site := startSite(t)
			out := visit(t, site, `await page(`+visited+`, `+options+`);`)
			names := append([]string{document}, resources...)
			for _, metric := range []string{"http_reqs", "fetch_queued"} {
				require.ElementsMatch(t, names, tagsOf(out, site, metric, "name"), metric)
			}
			require.ElementsMatch(t, names, tagsOf(out, site, "http_reqs", "url"), "names stand for URLs, as in k6")
			for _, metric := range []string{"fetch_page_load", "fetch_page_blocking"} {
				require.Equal(t, []string{document}, tagsOf(out, site, metric, "name"), metric)
			}
		})
	}
	t.Run("a URL", func(t *testing.T) {
		t.Parallel()
		site := startSite(t)
		out := visit(t, site, `await page(BASE + '/file/p.html?body=<img/src=/file/a.77.png>');`)
		names := []string{"BASE/file/p.html?body=<img/src=/file/a.77.png>", image}
		require.ElementsMatch(t, names, tagsOf(out, site, elapsed, "name"))
		require.Equal(t, names[:1], tagsOf(out, site, "fetch_page_load", "name"))
	})
}

func TestHashedNamesAreNoReasonToWarn(t *testing.T) {
	t.Parallel()
	out := visit(t, startSite(t), `
		const visit = await page(file('p.html', times(1500, (i) => '<img src=/status/200?' + i + '>').join('')), { maxResources: 2000 });
		if (visit.ok !== 1501) throw new Error(visit.text());`)
	require.NotContains(t, out.Stderr, "distinct names")
}

func TestSamplesOfAVisit(t *testing.T) {
	t.Parallel()
	site := startSite(t)
	out := visit(t, site, `await page(`+visited+`, { name: 'home', tags: { by: 'me' } });`)
	types := []string{"document", "script", "image", "image", "image", "image"}
	for _, metric := range []string{
		"http_reqs", "http_req_duration", "http_req_failed", elapsed, "fetch_queued", "fetch_looking_up", failed,
	} {
		require.ElementsMatch(t, types, tagsOf(out, site, metric, "type"), metric)
	}
	for _, s := range out.Samples {
		if strings.HasPrefix(s.Metric, "fetch_") {
			require.Equal(t, "page", s.Tags["mode"], s.Metric)
		}
		require.Equal(t, "me", s.Tags["by"], s.Metric)
	}
	require.InDelta(t, 6, out.Sum("fetch_planned"), 0)
	require.InDelta(t, 1, out.Sum(failed), 0)
	load, blocking, run := out.Sum("fetch_page_load"), out.Sum("fetch_page_blocking"), out.Sum("fetch_run_elapsed")
	require.True(t, 0 < blocking && blocking <= load && load <= run, "%v %v %v", blocking, load, run)
	require.Empty(t, out.Of("fetch_not_run"))
}

// The trends are of pages that could be shown, and of which nothing is missing because the run ended.
func TestPagesThatHaveNoTimes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script string
		pages  int
	}{
		"a page of which an image is missing": {`await page(file('p.html', '<img src=/status/404>'));`, 1},
		"a page that is no HTML":              {`await page(BASE + '/echo');`, 1},
		"a page that fails":                   {`await page(BASE + '/status/500');`, 0},
		"a page that was meant to fail":       {`await page(BASE + '/status/500', { expectedStatuses: 500 });`, 1},
		"a page that is cut off": {
			`await page(file('p.html', times(9, (i) => '<img src=/hang?' + i + '>').join('')), { deadline: '300ms' });`, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := visit(t, startSite(t), c.script)
			require.Len(t, out.Of("fetch_page_load"), c.pages)
			require.Len(t, out.Of("fetch_page_blocking"), c.pages)
			require.Len(t, out.Of("fetch_run_elapsed"), 1)
		})
	}
}

// What a cache had was no request, and has none of a request's samples.
func TestSamplesOfAReturningVisit(t *testing.T) {
	t.Parallel()
	site := startSite(t)
	out := visit(t, site, `
		const url = file('p.html', '<img src="' + file('kept.png', 'x', { cache: 'max-age=60' }, '') + '"><img src=/file/a.png>');
		await page(url, { name: 'first', cache: 'vu', tags: { visit: 1 } });
		await page(url, { name: 'again', cache: 'vu', tags: { visit: 2 } });`)
	for metric, want := range map[string]string{
		"http_reqs": "1 1 1 2 2", elapsed: "1 1 1 2 2", failed: "1 1 1 2 2", "fetch_page_load": "1 2",
		"fetch_planned": "1 1 2 2",
	} {
		require.Equal(t, want, strings.Join(tagsOf(out, site, metric, "visit"), " "), metric)
	}
	require.InDelta(t, 3+3, out.Sum("fetch_planned"), 0)
	require.Len(t, out.Of("http_reqs"), site.Web.Total())
}

// A VU's cache lasts as long as the VU, and that of all VUs as long as the test.
func TestK6CachesOfSeveralVUs(t *testing.T) {
	t.Parallel()
	for cache, requests := range map[string]int{"none": 3 * 4 * 2, "vu": 3 * (4 + 1), "shared": 3*4 + 1} {
		t.Run(cache, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			// The VUs visit one after another, so that nobody asks for what another is fetching.
			out := runScript(t, srv, `
				export const options = { scenarios: Object.fromEntries([1, 2, 3].map((vu) => ['vu' + vu, {
					executor: 'per-vu-iterations', iterations: 4, env: { TURN: String(vu) } }])) };
				export default async function () {
					const turn = Number(__ENV.TURN);
					if (turn > 1 && exec.vu.iterationInScenario === 0) arrived('/status/200', turn - 1);
					const visit = await page(file('p.html', '<img src="' + file('kept.png', 'x', { cache: 'max-age=600' }, '') + '">'),
						{ cache: '`+cache+`' });
					if (visit.ok !== 2) throw new Error(visit.text());
					if (exec.vu.iterationInScenario === 3) await concurrent([BASE + '/status/200']);
				}`)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			require.Equal(t, requests, srv.Hits("/file/p.html")+srv.Hits("/file/kept.png"))
			require.Len(t, withoutControl(out).Of("http_reqs"), srv.Total())
		})
	}
}

// A Visit is data in setup(), and pages are visited in setup() and teardown().
func TestK6PagesOfSetupAndTeardown(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	out := runScript(t, srv, `
		const shop = file('p.html', '<img src=/file/a.png><script src=/status/404></script>');
		export async function setup() {
			const visit = await page(shop);
			return { visit, document: visit.document, types: visit.byType(), targets: visit.toTargets() };
		}
		export default async function (data) {
			const { visit, document, types, targets } = data;
			same([visit.mode, visit.count, visit.failed, visit.misses, visit.timings.load > 0], ['page', 3, 1, 3, true]);
			same(visit.results.map((r) => [r.type, r.status, r.initiator && r.initiator.element]),
				[['document', 200, null], ['image', 200, 'img'], ['script', 404, 'script']]);
			same([document.type, document.status, types.image.count, types.script.failed], ['document', 200, 1, 1]);
			same((await concurrent(targets)).results.map((r) => [r.status, r.started >= targets[r.index].start]),
				targets.map((t) => [t.url.endsWith('404') ? 404 : 200, true]));
			console.log('iteration done');
		}
		export async function teardown(data) {
			same([(await page(shop)).count, data.visit.ok], [3, 2]);
			console.log('teardown done');
		}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "iteration done")
	require.Contains(t, out.Stderr, "teardown done")
	require.Len(t, out.Of("http_reqs"), 9)
	require.Len(t, out.Of("fetch_page_load"), 2)
}

// The budget of a page is made of checks, as that of any run.
func TestChecksOfThePagesBudget(t *testing.T) {
	t.Parallel()
	out := visit(t, startSite(t), `await page(`+visited+`, { name: 'home', tags: { by: 'me' }, budget: {
		'count:image': 3, 'bytes:image': '1MB', page_load: '1m', requests: '<=6', attempts: 1 } });`)
	checks := map[string]int{}
	for _, s := range out.Of("checks") {
		require.Equal(t, "page", s.Tags["mode"])
		require.Equal(t, "me", s.Tags["by"])
		checks[s.Tags["check"]] += int(s.Value) + 10
	}
	require.Equal(t, map[string]int{
		"attempts <= 1": 66, "count:image <= 3": 10, "bytes:image <= 1 MB": 11, "page_load <= 60 s": 11, "requests <= 6": 11,
	}, checks)
}
