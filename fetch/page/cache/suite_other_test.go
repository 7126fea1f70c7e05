package cache_test

func invalidationCases() []suiteCase {
	const fresh = "Cache-Control: max-age=100000"
	const noLocation = "Chromium and Safari do not"
	var cases []suiteCase
	for _, method := range []string{"POST", "PUT", "DELETE", "M-SEARCH"} {
		plain := suiteCase{id: "invalidate-" + method, says: "invalidates the URL of a " + method, steps: []step{{answer: fresh}, {wait: pause, method: method}, {want: asked}}}
		if method == "M-SEARCH" {
			plain.otherwise = "Chromium does not, because it does not know the method"
		}
		location := []step{
			{path: "location", answer: fresh},
			{path: "content", answer: fresh},
			{method: method, answer: "Location: location\nContent-Location: /content"},
		}
		cases = append(cases, plain,
			suiteCase{
				id: plain.id + "-failed", says: "does not invalidate the URL of a failed " + method, otherwise: "Firefox and Safari do",
				steps: []step{{answer: fresh}, {wait: pause, method: method, status: 500}, {want: reused}},
			},
			suiteCase{
				id: plain.id + "-location", says: "invalidates the Location of a " + method, otherwise: noLocation,
				steps: append(location[:3:3], step{path: "location", want: asked}),
			},
			suiteCase{
				id: plain.id + "-cl", says: "invalidates the Content-Location of a " + method, otherwise: noLocation,
				steps: append(location[:3:3], step{path: "content", want: asked}),
			},
		)
	}
	return append(cases,
		// What follows is not in the suite.
		suiteCase{id: "own-invalidate-redirect", says: "invalidates by a redirect", steps: []step{{answer: fresh}, {method: "POST", status: 303, answer: "Location: /"}, {want: asked}}},
		suiteCase{id: "own-invalidate-404", says: "does not invalidate by a 404", steps: []step{{answer: fresh}, {method: "POST", status: 404}, {want: reused}}},
		suiteCase{id: "own-invalidate-origin", says: "does not invalidate a Location of another origin", steps: []step{
			{path: "x", answer: fresh},
			{method: "POST", answer: "Location: http://a.test/x\nContent-Location: https://b.test/x"},
			{method: "POST", answer: "Location: https://a.test:444/x\nContent-Location: //u@%zz/x"},
			{path: "x", want: reused},
		}},
		suiteCase{id: "own-invalidate-port", says: "takes the default port and the case of a host for the same origin", steps: []step{
			{path: "x", answer: fresh}, {method: "POST", answer: "Location: https://A.test:443/x#y"}, {path: "x", want: asked},
		}},
		suiteCase{id: "own-options", says: "does not invalidate by a safe method", steps: []step{{answer: fresh}, {method: "OPTIONS"}, {want: reused}}},
	)
}

func partialCases() []suiteCase {
	const otherwise = "the suite would like partial responses to be stored and made; Chromium makes them from complete ones"
	const ranged = "Range: bytes=-5"
	partial := step{send: ranged, status: 206, answer: "Cache-Control: max-age=3600\nContent-Range: bytes 4-9/10"}
	complete := step{answer: "Cache-Control: max-age=3600\nA: 1"}
	var cases []suiteCase
	for _, c := range []struct {
		id    string
		first step
		send  string
	}{
		{"partial-store-partial-reuse-partial", partial, ranged},
		{"partial-store-complete-reuse-partial", complete, "Range: bytes=0-1"},
		{"partial-store-complete-reuse-partial-no-last", complete, "Range: bytes=1-"},
		{"partial-store-complete-reuse-partial-suffix", complete, "Range: bytes=-1"},
		{"partial-store-partial-reuse-partial-byterange", partial, "Range: bytes=6-8"},
		{"partial-store-partial-reuse-partial-absent", partial, "Range: bytes=6-"},
		{"partial-store-partial-reuse-partial-suffix", partial, "Range: bytes=-1"},
		{"partial-store-partial-complete", partial, ""},
		{"partial-use-headers", complete, "Range: bytes=0-1"},
		{"partial-use-stored-headers", complete, "Range: bytes=0-1"},
	} {
		cases = append(cases, suiteCase{
			id: c.id, says: "neither stores parts nor answers requests for them", otherwise: otherwise,
			steps: []step{c.first, {send: c.send, status: c.first.status, want: asked}},
		})
	}
	return append(cases,
		// What follows is not in the suite.
		suiteCase{id: "own-range-keeps", says: "keeps what is stored when a part is requested", steps: []step{
			complete, {send: ranged, status: 206, answer: noStore}, {want: reused},
		}},
		suiteCase{id: "own-206-unasked", says: "does not store a 206 that nobody asked for", steps: []step{
			{status: 206, answer: "Cache-Control: max-age=60\nContent-Range: bytes 0-0/1"}, {want: asked},
		}},
	)
}

func otherCases() []suiteCase {
	const fresh = "Cache-Control: max-age=100000"
	const private = "the suite asks shared caches for the opposite"
	const noAge = "no browser adds Age; section 4 requires it"
	const interim = "the suite leaves browsers out. Interim responses never come to this cache"
	return []suiteCase{
		{
			id: "other-authorization", says: "reuses the response to a request with Authorization, because the cache is private",
			steps: []step{{send: authorization, answer: fresh}, {wait: pause, want: reused}}, otherwise: private,
		},
		{id: "other-authorization-public", says: "reuses it with public too", steps: []step{{send: authorization, answer: "Cache-Control: max-age=3600, public"}, {wait: pause, want: reused}}},
		{id: "other-authorization-must-revalidate", says: "reuses it with must-revalidate too", steps: []step{{send: authorization, answer: "Cache-Control: max-age=3600, must-revalidate"}, {wait: pause, want: reused}}},
		{id: "other-authorization-smaxage", says: "does not take s-maxage for freshness", steps: []step{{send: authorization, answer: "Cache-Control: s-maxage=3600"}, {wait: pause, want: asked}}, otherwise: private},
		{id: "other-age-gen", says: "adds Age to what it reuses", steps: []step{{answer: fresh}, {wait: pause, want: reused, has: "Age: 3"}}, otherwise: noAge},
		{id: "other-age-delay", says: "adds no Age to what came from the server", steps: []step{{answer: fresh, lacks: "Age"}}, otherwise: "no browser does; the suite only looks"},
		{id: "other-age-update-expires", says: "counts Age on with Expires", steps: []step{{answer: "Expires: @2592000\nAge: 30"}, {wait: pause, want: reused, has: "Age: 33"}}, otherwise: noAge},
		{id: "other-age-update-max-age", says: "counts Age on with max-age", steps: []step{{answer: fresh + "\nAge: 30"}, {wait: pause, want: reused, has: "Age: 33"}}, otherwise: noAge},
		{id: "other-date-update", says: "leaves Date alone", steps: []step{{answer: fresh}, {wait: pause, want: reused, has: "Date: @-3"}}},
		{id: "other-date-update-expires", says: "leaves Date alone with Expires", steps: []step{{answer: "Expires: @2592000"}, {wait: pause, want: reused, has: "Date: @-3"}}},
		{id: "other-date-update-expires-update", says: "leaves Expires alone", steps: []step{{answer: "Expires: @2592000"}, {wait: pause, want: reused, has: "Expires: @2591997"}}},
		{id: "query-args-different", says: "distinguishes queries", steps: []step{{path: "?test=1", answer: fresh}, {path: "?test=2", want: asked}}},
		{id: "query-args-same", says: "reuses what has a query", steps: []step{{path: "?test=1", answer: fresh}, {path: "?test=1", want: reused}}},
		{
			id: "other-heuristic-content-disposition-attachment", says: "chooses a freshness for attachments too",
			steps: then("Last-Modified: @-100000\nContent-Disposition: attachment; filename=example.txt", reused),
		},
		{id: "other-fresh-content-disposition-attachment", says: "reuses attachments", steps: then(fresh+"\nContent-Disposition: attachment; filename=example.txt", reused)},
		{id: "other-set-cookie", says: "reuses what set a cookie", steps: then(fresh+"\nSet-Cookie: a=b", reused)},
		{id: "other-cookie", says: "reuses for a request with a cookie", steps: []step{{answer: fresh}, {wait: pause, send: "Cookie: a=b", want: reused}}},
		{id: "cdn-max-age", says: "ignores CDN-Cache-Control", steps: then("CDN-Cache-Control: max-age=3600", asked), otherwise: "the suite asks CDNs for the opposite, and leaves browsers out"},
		{id: "cdn-no-store-cc-fresh", says: "reuses what CDN-Cache-Control forbids CDNs to store", steps: then("CDN-Cache-Control: no-store\nCache-Control: max-age=3600", reused), otherwise: "the suite asks CDNs for the opposite, and leaves browsers out"},
		{id: "interim-102", says: "stores the response after a 102", steps: []step{{status: 102}, {answer: fresh}, {want: reused, from: 2}}, otherwise: interim},
		{id: "interim-103", says: "stores the response after a 103", steps: []step{{status: 103, answer: "Link: </a.css>"}, {answer: fresh}, {want: reused, from: 2}}, otherwise: interim},
		{id: "interim-not-cached", says: "does not store a 103", steps: []step{{status: 103, answer: fresh}, {want: asked}}, otherwise: interim},
		{id: "interim-no-header-reuse", says: "stores no field of a 103", steps: []step{{status: 103, answer: "Link: </a.css>"}, {answer: fresh}, {want: reused, from: 2, lacks: "link"}}, otherwise: interim},

		// What follows is not in the suite.
		{id: "own-fragment", says: "ignores fragments", steps: []step{{path: "#a", answer: fresh}, {path: "#b", want: reused}}},
	}
}
