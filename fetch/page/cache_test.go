package page_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

func cached() map[string]string {
	const forever = "+Cache-Control: max-age=3600\n"
	return map[string]string{
		"/":           "+Cache-Control: no-cache\n+ETag: \"1\"\n" + `<link rel=stylesheet href=/main.css><img src=/a.png><img src=/never.png>`,
		"/main.css":   forever + `@import "more.css"`,
		"/more.css":   forever + "+ETag: \"2\"\na {}",
		"/a.png":      forever + "a",
		"/never.png":  "+Cache-Control: no-store\nnever",
		"/moved":      "+Location: /\n",
		"/text":       "<img src=/stale.png>",
		"/stale.png":  "+Cache-Control: max-age=0, stale-while-revalidate=60\n+ETag: \"3\"\nstale",
		"/broken":     "<img src=/missing.png>",
		"/unexpected": "<img src=/a.png>",
	}
}

// The second visit asks only for what may have changed, and knows all resources although their documents did not come.
func TestAReturningVisitAsksForWhatMayHaveChanged(t *testing.T) {
	t.Parallel()
	for _, kept := range []transport.ResponseType{transport.ResponseNone, transport.ResponseText} {
		s := newSite(t, cached())
		v := visitor(t, s)
		v.page.Cache = cache.New(10 << 20)
		v.document.ResponseType = kept
		v.page.SpecOf = func(string, string) *fetch.Spec {
			sp := spec()
			sp.ResponseType = kept
			return sp
		}
		first := v.visit(s.URL + "/")
		require.ElementsMatch(t, []string{"/", "/main.css", "/more.css", "/a.png", "/never.png"}, s.paths())
		require.Equal(t, fetch.PageLoad{Misses: 5}, counts(first))
		again := v.visit(s.URL + "/")
		require.Equal(t, []string{"/", "/never.png"}, s.paths())
		require.Equal(t, fetch.PageLoad{Hits: 3, Validated: 1, Misses: 1}, counts(again))
		require.ElementsMatch(t, results(first), results(again))
		require.Equal(t, 5, again.Ok)
		require.Equal(t, 2, again.Requests)
		hit := result(t, again, "/main.css")
		require.True(t, hit.FromCache)
		require.Equal(t, http.StatusOK, hit.Status)
		require.Equal(t, "200 OK", hit.Response.StatusText)
		require.NotEmpty(t, hit.Response.Header().Get("Age"))
		require.Zero(t, hit.Requests)
		require.Zero(t, hit.Bytes)
		require.Zero(t, hit.Elapsed)
		require.Equal(t, http.StatusNotModified, again.Results.At(0).Status, "as it was answered")
		for _, r := range again.Results.All() {
			if kept == transport.ResponseText {
				require.Equal(t, string(result(t, first, results(again)[r.Index]).Response.Body), string(r.Response.Body))
			} else {
				require.Nil(t, r.Response.Body)
			}
		}
	}
}

func counts(run *fetch.Run) fetch.PageLoad {
	return fetch.PageLoad{Hits: run.Page.Hits, Validated: run.Page.Validated, Misses: run.Page.Misses}
}

// Nobody would see the result of a request beside a visit, so what is stale is validated in it.
func TestWhatIsStaleIsValidatedBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	s := newSite(t, cached())
	v := visitor(t, s)
	v.page.Cache = cache.New(10 << 20)
	v.visit(s.URL + "/text")
	run := v.visit(s.URL + "/text")
	require.Equal(t, http.StatusNotModified, result(t, run, "/stale.png").Status)
	require.Equal(t, fetch.PageLoad{Validated: 1, Misses: 1}, counts(run))
}

// An entry without a body does not answer a visit that keeps bodies.
func TestWhatWasStoredWithoutItsBodyIsFetchedForIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, cached())
	v := visitor(t, s)
	v.page.Cache = cache.New(10 << 20)
	v.visit(s.URL + "/unexpected")
	v.page.SpecOf = func(string, string) *fetch.Spec {
		sp := spec()
		sp.ResponseType = transport.ResponseText
		return sp
	}
	for _, want := range []fetch.PageLoad{{Misses: 2}, {Hits: 1, Misses: 1}} {
		run := v.visit(s.URL + "/unexpected")
		require.Equal(t, want, counts(run))
		require.Equal(t, "a", string(result(t, run, "/a.png").Response.Body))
	}
}

// What a redirect led to is not stored under the URL that redirects.
func TestRedirectsAreFollowedEachTime(t *testing.T) {
	t.Parallel()
	s := newSite(t, cached())
	v := visitor(t, s)
	v.page.Cache = cache.New(10 << 20)
	for range 2 {
		s.paths()
		run := v.visit(s.URL + "/moved")
		require.Equal(t, []string{"/moved", "/"}, s.paths()[:2])
		require.Equal(t, s.URL+"/main.css", run.Results.At(1).Target.URL)
	}
}

func TestPagesOfOtherSitesShareNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, cached())
	other := newSite(t, map[string]string{"/": "<img src=" + s.URL + "/a.png>"})
	v := visitor(t, s)
	v.page.Cache = cache.New(10 << 20)
	v.visit(s.URL + "/")
	s.paths()
	v.visit("http://localhost" + other.URL[len("http://127.0.0.1"):])
	require.Equal(t, []string{"/a.png"}, s.paths())
}
