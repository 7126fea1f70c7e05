package cache_test

func requestCases() []suiteCase {
	const advisory = "Chromium and Safari do not: requests only advise"
	const fresh = "Cache-Control: max-age=100000"
	return []suiteCase{
		{id: "ccreq-ma0", says: "does not reuse if the request says max-age=0", steps: []step{{answer: fresh}, {wait: pause, send: maxAge0}}},
		{id: "ccreq-ma1", says: "does not reuse what is older than the request's max-age", steps: []step{{answer: fresh}, {wait: pause, send: "Cache-Control: max-age=1"}}, otherwise: advisory},
		{
			id: "ccreq-magreaterage", says: "does not reuse what came older than the request's max-age",
			steps: []step{{answer: fresh + "\nAge: 1800"}, {wait: pause, send: "Cache-Control: max-age=600"}}, otherwise: advisory,
		},
		{
			id: "ccreq-max-stale", says: "reuses what is stale if the request says max-stale",
			steps: []step{{answer: maxAge2}, {wait: pause, send: "Cache-Control: max-stale=1000", want: reused}}, otherwise: "Chromium does not",
		},
		{
			id: "ccreq-max-stale-age", says: "reuses what came stale if the request says max-stale",
			steps: []step{{answer: "Cache-Control: max-age=1500\nAge: 2000"}, {send: "Cache-Control: max-stale=1000", want: reused}}, otherwise: "Chromium does not",
		},
		{
			id: "ccreq-min-fresh", says: "does not reuse what is not fresh for the request's min-fresh",
			steps: []step{{answer: "Cache-Control: max-age=1500"}, {send: "Cache-Control: min-fresh=2000"}}, otherwise: advisory,
		},
		{
			id: "ccreq-min-fresh-age", says: "does not reuse what is too old for the request's min-fresh",
			steps: []step{{answer: "Cache-Control: max-age=1500\nAge: 1000"}, {send: "Cache-Control: min-fresh=1000"}}, otherwise: advisory,
		},
		{id: "ccreq-no-cache", says: "does not reuse if the request says no-cache", steps: []step{{answer: "Cache-Control: max-age=3600"}, {send: noCache}}},
		{
			id: "ccreq-no-cache-lm", says: "validates by Last-Modified if the request says no-cache",
			steps:     []step{{answer: "Cache-Control: max-age=3600\nLast-Modified: Wed, 01 Jan 2020 00:00:00 GMT"}, {send: noCache, want: validated, asks: "If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT"}},
			otherwise: "Chromium fetches it anew",
		},
		{
			id: "ccreq-no-cache-etag", says: "validates by ETag if the request says no-cache",
			steps:     []step{{answer: "Cache-Control: max-age=3600\nETag: \"abc\""}, {send: noCache, want: validated, asks: "If-None-Match: \"abc\""}},
			otherwise: "Chromium fetches it anew",
		},
		{id: "ccreq-no-store", says: "does not reuse if the request says no-store", steps: []step{{answer: fresh}, {wait: pause, send: noStore}}, otherwise: advisory},
		{id: "ccreq-oic", says: "asks for a 504 if the request says only-if-cached and nothing is stored", steps: []step{{send: "Cache-Control: only-if-cached", want: gateway}}, otherwise: "no browser does in the suite"},

		{id: "pragma-request-no-cache", says: "does not reuse if the request says Pragma: no-cache", steps: []step{{answer: fresh}, {wait: pause, send: "Pragma: no-cache"}}, otherwise: "Firefox reuses"},
		{id: "pragma-request-extension", says: "reuses if the request says anything else in Pragma", steps: []step{{answer: fresh}, {wait: pause, send: "Pragma: unrecognised-extension", want: reused}}},
		{id: "pragma-response-no-cache", says: "does not reuse what has Pragma: no-cache", steps: then("Cache-Control: max-age=3600\nPragma: no-cache", asked), otherwise: "no browser reuses it either; the suite only looks"},
		{
			id: "pragma-response-no-cache-heuristic", says: "chooses no freshness for what has Pragma: no-cache",
			steps: then("Last-Modified: @-10000\nPragma: no-cache", validated), otherwise: "no browser chooses one either; the suite only looks",
		},
		{id: "pragma-response-extension", says: "reuses what has anything else in Pragma", steps: then("Cache-Control: max-age=3600\nPragma: unrecognised-extension", reused)},

		// What follows is not in the suite.
		{id: "own-req-no-store", says: "does not store if the request says no-store", steps: []step{{send: noStore, answer: fresh}, {want: asked}}},
		{id: "own-req-no-store-keeps", says: "keeps what is stored if the request says no-store", steps: []step{{answer: fresh}, {send: noStore, answer: fresh}, {want: reused}}},
		{id: "own-req-max-age-enough", says: "reuses what is as old as the request's max-age", steps: []step{{answer: fresh}, {wait: pause, send: "Cache-Control: max-age=3", want: reused}}},
		{id: "own-req-max-age-now", says: "takes max-age=0 for a reload, even of what came this instant", steps: []step{{answer: fresh}, {send: maxAge0}}},
		{id: "own-req-max-age-malformed", says: "takes a malformed max-age for 0", steps: []step{{answer: fresh}, {send: "Cache-Control: max-age=x"}}},
		{id: "own-req-min-fresh-enough", says: "reuses what is fresh for as long as min-fresh", steps: []step{{answer: "Cache-Control: max-age=10"}, {wait: pause, send: "Cache-Control: min-fresh=7", want: reused}}},
		{id: "own-req-min-fresh-malformed", says: "ignores a malformed min-fresh", steps: []step{{answer: "Cache-Control: max-age=10"}, {send: "Cache-Control: min-fresh=x", want: reused}}},
		{id: "own-req-max-stale-any", says: "reuses what is stale by any time if max-stale has no number", steps: []step{{answer: maxAge2}, {wait: 1000 * pause, send: "Cache-Control: max-stale", want: reused}}},
		{id: "own-req-max-stale-enough", says: "reuses what is stale by as much as max-stale", steps: []step{{answer: maxAge2}, {wait: pause, send: "Cache-Control: max-stale=1", want: reused}}},
		{id: "own-req-max-stale-over", says: "does not reuse what is stale by more than max-stale", steps: []step{{answer: maxAge2}, {wait: 2 * pause, send: "Cache-Control: max-stale=3"}}},
		{id: "own-req-max-stale-malformed", says: "ignores a malformed max-stale", steps: []step{{answer: maxAge2}, {wait: pause, send: "Cache-Control: max-stale=x"}}},
		{id: "own-req-max-stale-must-revalidate", says: "does not reuse with must-revalidate, whatever max-stale says", steps: []step{{answer: "Cache-Control: max-age=2, must-revalidate"}, {wait: pause, send: "Cache-Control: max-stale"}}},
		{id: "own-req-oic-fresh", says: "reuses what is fresh if the request says only-if-cached", steps: []step{{answer: fresh}, {send: "Cache-Control: only-if-cached", want: reused}}},
		{id: "own-req-oic-stale", says: "does not validate if the request says only-if-cached", steps: []step{{answer: "Cache-Control: max-age=2\nETag: \"a\""}, {wait: pause, send: "Cache-Control: only-if-cached", want: gateway}}},
		{id: "own-pragma-with-cc", says: "ignores the request's Pragma if it has Cache-Control", steps: []step{{answer: fresh}, {send: "Pragma: no-cache\nCache-Control: max-age=60", want: reused}}},
	}
}

// conditionalCases are about conditions. Those that a script sends itself bypass the cache, as the Fetch standard has
// it, so that the suite leaves browsers out in its cases about them.
func conditionalCases() []suiteCase {
	const fetch = "the suite leaves browsers out: by the Fetch standard, such a request bypasses the cache"
	var cases []suiteCase
	for _, c := range []struct{ id, tag, condition string }{
		{"conditional-etag-strong-respond", `"abcdef"`, tagSent},
		{"conditional-304-etag", `"abcdef"`, tagSent},
		{"conditional-etag-precedence", `"abcdef"`, "If-None-Match: \"abcdef\"\nIf-Modified-Since: @-1"},
		{"conditional-etag-strong-respond-obs-text", "\"abcdef\xfc\"", "If-None-Match: \"abcdef\xfc\""},
		{"conditional-etag-quoted-respond-unquoted", `"abcdef"`, bareTagSent},
		{"conditional-etag-unquoted-respond-unquoted", "abcdef", bareTagSent},
		{"conditional-etag-unquoted-respond-quoted", "abcdef", tagSent},
		{"conditional-etag-weak-respond", `W/"abcdef"`, `If-None-Match: W/"abcdef"`},
		{"conditional-etag-weak-respond-lowercase", `w/"abcdef"`, `If-None-Match: w/"abcdef"`},
		{"conditional-etag-weak-respond-backslash", `W\"abcdef"`, `If-None-Match: W\"abcdef"`},
		{"conditional-etag-weak-respond-omit-slash", `W"abcdef"`, `If-None-Match: W"abcdef"`},
		{"conditional-etag-strong-respond-multiple-first", `"abcdef"`, `If-None-Match: "abcdef", "1234", "5678"`},
		{"conditional-etag-strong-respond-multiple-second", `"abcdef"`, `If-None-Match: "1234", "abcdef", "5678"`},
		{"conditional-etag-strong-respond-multiple-last", `"abcdef"`, `If-None-Match: "1234", "5678", "abcdef"`},
		{"conditional-lm-fresh", "", "If-Modified-Since: @-3000"},
		{"conditional-lm-fresh-earlier", "", "If-Modified-Since: @-2000"},
		{"conditional-lm-stale", "", "If-Modified-Since: @-3001"},
		{"conditional-lm-fresh-no-lm", "", "If-Modified-Since: @-4000"},
		{"conditional-lm-fresh-rfc850", "", "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"},
	} {
		answer := "Cache-Control: max-age=100000\nLast-Modified: @-3000"
		if c.tag != "" {
			answer += "\nETag: " + c.tag
		}
		cases = append(cases, suiteCase{
			id: c.id, says: "passes on a request with " + c.condition, otherwise: fetch,
			steps: []step{{answer: answer}, {wait: pause, send: c.condition, want: asked}, {want: reused}},
		})
	}
	const stale = "Cache-Control: max-age=2\n"
	return append(cases,
		suiteCase{id: "conditional-etag-vary-headers", says: "validates a variant that the request selects", steps: []step{
			{send: "Abc: 123", answer: "Expires: @1\nETag: \"abcdef\"\nVary: Abc"},
			{wait: pause, send: "Abc: 123", want: validated, asks: tagSent},
		}},
		suiteCase{id: "conditional-etag-vary-headers-mismatch", says: "asks whether another variant would do, by its tag alone", steps: []step{
			{send: "Abc: 123", answer: "Expires: @10000\nETag: \"abcdef\"\nVary: Abc\nLast-Modified: @-10"},
			{wait: pause, send: "Abc: 456", want: validated, asks: tagSent, answer: "ETag: \"abcdef\""},
			{send: "Abc: 456", want: reused},
			{send: "Abc: 123", want: reused},
		}, otherwise: "Safari does not"},
		suiteCase{id: "conditional-etag-strong-generate", says: "validates by a strong tag", steps: []step{
			{answer: stale + `ETag: "abcdef"`}, {wait: pause, want: validated, asks: tagSent},
		}},
		suiteCase{id: "conditional-etag-weak-generate-weak", says: "validates by a weak tag", steps: []step{
			{answer: stale + `ETag: W/"abcdef"`}, {wait: pause, want: validated, asks: `If-None-Match: W/"abcdef"`},
		}},
		suiteCase{id: "conditional-etag-strong-generate-unquoted", says: "sends a tag without quotes as it came", steps: []step{
			{answer: stale + "ETag: abcdef"}, {wait: pause, want: validated, asks: bareTagSent},
		}, otherwise: "no browser adds quotes; the suite only looks"},
		suiteCase{id: "conditional-etag-forward", says: "passes on a condition if nothing is stored", steps: []step{{send: tagSent}}},
		suiteCase{id: "conditional-etag-forward-unquoted", says: "passes on a condition without quotes as it is", steps: []step{{send: bareTagSent}}, otherwise: "no browser adds quotes; the suite only looks"},
		// What follows is not in the suite.
		suiteCase{id: "own-both-validators", says: "validates by both validators", steps: []step{
			{answer: stale + "ETag: \"a\"\nLast-Modified: Wed, 01 Jan 2020 00:00:00 GMT"},
			{wait: pause, want: validated, asks: "If-None-Match: \"a\"\nIf-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT"},
		}},
		suiteCase{id: "own-conditional-not-stored", says: "does not store the response to a request with conditions of its own", steps: []step{
			{send: "If-Match: \"a\"", answer: maxAge60}, {want: asked},
		}},
		suiteCase{id: "own-mismatch-without-tag", says: "does not ask whether another variant would do by Last-Modified", steps: []step{
			{send: "Abc: 1", answer: "Expires: @1000\nLast-Modified: @-10\nVary: Abc"}, {send: "Abc: 2", want: asked},
		}},
	)
}
