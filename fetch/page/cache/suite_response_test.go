package cache_test

import (
	"fmt"
	"strconv"
	"time"
)

func directiveCases() []suiteCase {
	const long = "Cache-Control: max-age=10000\nExpires: @10000\nA: 1"
	return []suiteCase{
		{
			id: "cc-resp-private-shared", says: "stores what is private, because it is", steps: then("Cache-Control: private, max-age=3600", reused),
			otherwise: "the suite asks shared caches for the opposite",
		},
		{id: "cc-resp-private-private", says: "reuses what is private", steps: then("Cache-Control: private, max-age=3600\nA: 1", reused)},
		{id: "cc-resp-no-store", says: "does not store with no-store", steps: then(noStore, asked)},
		{id: "cc-resp-no-store-case-insensitive", says: "reads no-store in any case", steps: then("Cache-Control: No-StOrE", asked)},
		{id: "cc-resp-no-store-fresh", says: "does not store with no-store, whatever the freshness", steps: then("Cache-Control: max-age=10000, no-store\nExpires: @10000", asked)},
		{
			id: "cc-resp-no-store-old-new", says: "reuses what is fresh, so that a newer no-store does not come",
			steps: []step{{answer: long}, {wait: pause, answer: "Cache-Control: no-store\nA: 2", want: reused}, {wait: pause, want: reused, has: "A: 1"}},
		},
		{
			id: "cc-resp-no-store-old-max-age", says: "reuses what is fresh, so that a newer no-store, max-age=0 does not come",
			steps: []step{{answer: long}, {wait: pause, answer: "Cache-Control: no-store, max-age=0\nA: 2", want: reused}, {wait: pause, want: reused, has: "A: 1"}},
		},
		{id: "cc-resp-no-cache", says: "does not reuse with no-cache", steps: then("Cache-Control: max-age=10000, no-cache\nExpires: @10000", asked)},
		{id: "cc-resp-no-cache-case-insensitive", says: "reads no-cache in any case", steps: then("Cache-Control: max-age=10000, No-CaChE\nExpires: @10000", asked)},
		{id: "cc-resp-no-cache-revalidate", says: "validates with no-cache", steps: then("Cache-Control: no-cache\nETag: \"abcd\"", validated)},
		{
			id: "cc-resp-no-cache-revalidate-fresh", says: "validates with no-cache, whatever the freshness",
			steps: then("Cache-Control: max-age=10000, no-cache\nExpires: @10000\nETag: \"abcd\"", validated),
		},
		{
			id: "headers-omit-headers-listed-in-Cache-Control-no-cache-single", says: "reuses without the field that no-cache names",
			steps:     []step{{answer: "Cache-Control: no-cache=\"a\"\nA: 1\nB: 2\nCache-Control: max-age=3600"}, {wait: pause, want: reused, has: "B: 2", lacks: "a"}},
			otherwise: "Firefox asks, Safari reuses the field too",
		},
		{
			id: "headers-omit-headers-listed-in-Cache-Control-no-cache", says: "reuses without the fields that no-cache names",
			steps:     []step{{answer: "Cache-Control: no-cache=\"a, b\"\nA: 1\nB: 2\nC: 3\nCache-Control: max-age=3600"}, {wait: pause, want: reused, has: "C: 3", lacks: "a b"}},
			otherwise: "Firefox asks, Safari reuses the fields too",
		},
		{id: "cc-resp-must-revalidate-fresh", says: "reuses while fresh with must-revalidate", steps: then("Cache-Control: max-age=10000, must-revalidate\nETag: \"abcd\"", reused)},
		{
			id: "cc-resp-must-revalidate-stale", says: "validates when stale with must-revalidate",
			steps: []step{
				{answer: "Cache-Control: max-age=2, must-revalidate\nETag: \"abcd\""},
				{want: reused},
				{wait: pause, want: validated, asks: "If-None-Match: \"abcd\""},
			},
		},
		{
			id: "cc-resp-immutable-fresh", says: "does not validate what cannot change because of a reload",
			steps:     []step{{answer: "Cache-Control: max-age=10000, immutable\nETag: \"abcd\""}, {wait: pause, send: maxAge0, want: reused}},
			otherwise: "all browsers validate, because the suite's request is no reload of a page",
		},
		{
			id: "cc-resp-immutable-stale", says: "validates what cannot change when it is stale",
			steps: []step{{answer: "Cache-Control: max-age=2, immutable\nETag: \"abcd\""}, {wait: pause, send: maxAge0, want: validated}},
		},
		// What follows is not in the suite.
		{id: "own-immutable-swr", says: "validates what cannot change on a reload when it is stale, whatever stale-while-revalidate says", steps: []step{
			{answer: "Cache-Control: max-age=2, immutable, stale-while-revalidate=60\nETag: \"a\""}, {wait: pause, send: maxAge0, want: validated},
		}},
		{id: "own-immutable-forced", says: "validates what cannot change if the request insists", steps: []step{
			{answer: "Cache-Control: max-age=10000, immutable\nETag: \"a\""}, {send: noCache, want: validated},
		}},
		{id: "own-no-cache-token", says: "reads the field of no-cache without quotes", steps: []step{
			{answer: "Cache-Control: max-age=60, no-cache=a\nA: 1"}, {want: reused, lacks: "a"},
		}},
		{id: "own-no-cache-empty", says: "takes no-cache without a name for the plain one", steps: then(`Cache-Control: max-age=60, no-cache=""`, asked)},
		{id: "own-expires-no-store", says: "stores nothing with an unknown argument of no-store", steps: then("Cache-Control: max-age=60, no-store=x", asked)},
	}
}

func staleCases() []suiteCase {
	const noStale = "no browser does: without an answer, the page gets an error"
	becomes := then(maxAge2, asked)
	return []suiteCase{
		{id: "stale-close", says: "does not offer what is stale if the server is gone", steps: becomes, otherwise: noStale},
		{id: "stale-503", says: "does not offer what is stale if the server fails", steps: becomes, otherwise: noStale},
		{
			id: "stale-while-revalidate", says: "reuses what is stale within stale-while-revalidate",
			steps: then("Cache-Control: max-age=1, stale-while-revalidate=3600\nETag: \"abc\"", reused),
		},
		{
			id: "stale-while-revalidate-window", says: "validates after stale-while-revalidate",
			steps: []step{
				{answer: "Cache-Control: max-age=1, stale-while-revalidate=4\nETag: \"abc\""},
				{wait: pause, want: reused},
				{wait: pause, want: validated},
			},
		},
		{id: "stale-sie-close", says: "does not know stale-if-error if the server is gone", steps: then("Cache-Control: max-age=2, stale-if-error=60", asked), otherwise: noStale},
		{id: "stale-sie-503", says: "does not know stale-if-error if the server fails", steps: then("Cache-Control: max-age=2, stale-if-error=60", asked), otherwise: noStale},
		{id: "stale-close-must-revalidate", says: "does not reuse what is stale with must-revalidate", steps: then("Cache-Control: max-age=2, must-revalidate", asked)},
		{id: "stale-close-proxy-revalidate", says: "does not reuse what is stale with proxy-revalidate", steps: then("Cache-Control: max-age=2, proxy-revalidate", asked)},
		{id: "stale-close-no-cache", says: "does not reuse what is stale with no-cache", steps: then("Cache-Control: max-age=2, no-cache", asked)},
		{id: "stale-close-s-maxage=2", says: "does not reuse what is stale with s-maxage", steps: then("Cache-Control: max-age=2, s-maxage=2", asked)},
		{id: "stale-warning-stored", says: "does not write the obsolete Warning for what came stale", steps: then("Expires: @-5000\nLast-Modified: @-100000", validated), otherwise: noStale},
		{id: "stale-warning-become", says: "does not write the obsolete Warning for what became stale", steps: becomes, otherwise: noStale},
		// What follows is not in the suite.
		{
			id: "own-swr-must-revalidate", says: "validates with must-revalidate, whatever stale-while-revalidate says",
			steps: then("Cache-Control: max-age=1, stale-while-revalidate=60, must-revalidate\nETag: \"a\"", validated),
		},
		{id: "own-swr-head", says: "validates a HEAD at once", steps: []step{
			{answer: "Cache-Control: max-age=1, stale-while-revalidate=60\nETag: \"a\""}, {wait: pause, method: "HEAD", want: validated},
		}},
	}
}

func heuristicCases() []suiteCase {
	const notByChromium = "Chromium gives freshness by Last-Modified to 200 and 203 only"
	var cases []suiteCase
	for _, c := range []struct {
		status    int
		want      source
		id, more  string
		otherwise string
	}{
		{status: 200, want: reused},
		{status: 201, want: asked},
		{status: 202, want: asked},
		{status: 203, want: reused},
		{status: 204, want: reused, otherwise: notByChromium},
		{status: 403, want: asked},
		{status: 404, want: reused, otherwise: notByChromium + ", and Firefox does not either"},
		{status: 405, want: reused, otherwise: notByChromium + ", and Firefox does not either"},
		{status: 410, want: reused},
		{status: 414, want: reused, otherwise: notByChromium + ", and Firefox does not either"},
		{status: 501, want: reused, otherwise: notByChromium + ", and Firefox does not either"},
		{status: 502, want: asked},
		{status: 503, want: asked},
		{status: 504, want: asked},
		{status: 599, want: asked},
		{status: 599, want: reused, more: "\nCache-Control: public", otherwise: "no browser does"},
		{status: 302, want: asked, id: "own-heuristic-302"},
		{status: 303, want: asked, id: "own-heuristic-303"},
		{status: 307, want: asked, id: "own-heuristic-307"},
	} {
		id, says := fmt.Sprintf("heuristic-%d-cached", c.status), "chooses a freshness for a %d%s"
		if c.want == asked {
			id, says = fmt.Sprintf("heuristic-%d-not_cached", c.status), "chooses no freshness for a %d%s"
		}
		if c.id != "" {
			id = c.id
		}
		cases = append(cases, suiteCase{
			id: id, says: fmt.Sprintf(says, c.status, c.more), otherwise: c.otherwise,
			steps: []step{{status: c.status, answer: "Last-Modified: @-86400" + c.more}, {want: c.want, status: c.status}},
		})
	}
	for _, seconds := range []int{5, 10, 30, 60, 300, 600, 1200, 1800, 3600, 43_200, 86_400} {
		c := suiteCase{
			id: "heuristic-delta-" + strconv.Itoa(seconds), says: "chooses a tenth of the time since Last-Modified",
			steps: then("Last-Modified: @-"+strconv.Itoa(seconds), reused),
		}
		if time.Duration(seconds)*time.Second/10 <= pause {
			c.steps[1].want = validated
			c.otherwise = "no browser reuses either: that is stale after the pause"
		}
		cases = append(cases, c)
	}
	return append(cases,
		// What follows is not in the suite.
		suiteCase{id: "own-heuristic-tenth", says: "reuses for less than a tenth of the time since Last-Modified", steps: []step{
			{answer: "Last-Modified: @-100"}, {wait: 10*time.Second - 1, want: reused}, {wait: 1, want: validated},
		}},
		suiteCase{id: "own-heuristic-future", says: "chooses no freshness if Last-Modified is in the future", steps: then("Last-Modified: @3600", validated)},
		suiteCase{id: "own-heuristic-must-revalidate", says: "chooses no freshness with must-revalidate, as Chromium", steps: then("Last-Modified: @-86400\nCache-Control: must-revalidate", validated)},
		suiteCase{id: "own-heuristic-private", says: "chooses a freshness for any status with private", steps: []step{
			{status: 599, answer: "Last-Modified: @-86400\nCache-Control: private"}, {wait: pause, want: reused},
		}},
		suiteCase{id: "own-heuristic-301", says: "reuses a 301 for good, as Chromium", steps: []step{{status: 301, answer: "Location: /b"}, {wait: 1000 * time.Hour, want: reused, has: "Location: /b"}}},
		suiteCase{id: "own-heuristic-308", says: "reuses a 308 for good, as Chromium", steps: []step{{status: 308, answer: "Location: /b"}, {wait: 1000 * time.Hour, want: reused}}},
		suiteCase{id: "own-heuristic-300", says: "reuses a 300 for good, as Chromium", steps: []step{{status: 300}, {wait: 1000 * time.Hour, want: reused}}},
		suiteCase{id: "own-heuristic-410", says: "reuses a 410 for good, as Chromium", steps: []step{{status: 410}, {wait: 1000 * time.Hour, want: reused}}},
		suiteCase{id: "own-heuristic-404", says: "does not reuse a 404 without Last-Modified", steps: []step{{status: 404}, {want: asked}}},
	)
}

func statusCases() []suiteCase {
	var cases []suiteCase
	for _, status := range []int{200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599} {
		stale := asked
		if status == 200 {
			stale = validated
		}
		fresh := suiteCase{
			id: fmt.Sprintf("status-%d-fresh", status), says: fmt.Sprintf("reuses a %d that says how long it is fresh", status),
			steps: []step{{status: status, answer: "Cache-Control: max-age=100000"}, {wait: pause, want: reused}},
		}
		switch status {
		case 299, 400, 499, 500, 502, 503, 504, 599:
			fresh.otherwise = "Chromium does, Firefox and Safari do not"
		case 404:
			fresh.otherwise = "Firefox does not"
		}
		cases = append(cases, fresh, suiteCase{
			id: fmt.Sprintf("status-%d-stale", status), says: fmt.Sprintf("does not reuse a stale %d, and validates a 200 only", status),
			steps: []step{{status: status, answer: "Expires: @-5000\nLast-Modified: @-100000"}, {wait: pause, want: stale}},
		})
	}
	return append(cases,
		suiteCase{id: "status-599-must-understand", says: "does not store an unknown status with must-understand", steps: []step{
			{status: 599, answer: "Cache-Control: max-age=3600, no-store, must-understand"}, {want: asked},
		}},
		suiteCase{id: "status-200-must-understand", says: "stores a known status with no-store, must-understand", steps: []step{
			{answer: "Cache-Control: max-age=3600, no-store, must-understand"}, {want: reused},
		}, otherwise: "no browser knows must-understand"},
		suiteCase{id: "method-POST", says: "does not reuse the response to a POST", steps: []step{
			{method: "POST", answer: "Cache-Control: max-age=3600\nContent-Location: https://a.test/"}, {wait: pause, want: asked},
		}, otherwise: "no browser does, although section 4 would allow it"},
		// What follows is not in the suite.
		suiteCase{id: "own-status-304", says: "does not store a 304 that it did not ask for", steps: []step{{status: 304, answer: maxAge60}, {want: asked}}},
		suiteCase{id: "own-status-103", says: "does not store an interim response", steps: []step{{status: 103, answer: maxAge60}, {want: asked}}},
		suiteCase{id: "own-status-999", says: "does not store a status that is none", steps: []step{{status: 999, answer: maxAge60}, {want: asked}}},
	)
}
