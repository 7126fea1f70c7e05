package cache_test

import "strings"

// suiteFields are the fields that the suite sends, with two values each.
func suiteFields() []struct{ name, a, b string } {
	return []struct{ name, a, b string }{
		{"Test-Header", "1", "2"},
		{"X-Test-Header", "1", "2"},
		{"Content-Foo", "1", "2"},
		{"X-Content-Foo", "1", "2"},
		{cacheControl, "max-age=1", "max-age=3600"},
		{"Content-Encoding", "one", "two"},
		{"Content-Length", "36", "10"},
		{"Content-Location", "/foo", "/bar"},
		{"Content-MD5", "rL0Y20zC+Fzt72VPzMSk2A==", "N7UdGUp1E+RbVvZSTy1R8g=="},
		{"Content-Range", "one", "two"},
		{"Content-Security-Policy", "default-src 'self'", "default-src 'self' cdn.example.com"},
		{"Content-Type", "text/plain", "text/plain;charset=utf-8"},
		{"Clear-Site-Data", "cache", "cookies"},
		{"ETag", `"abcdef"`, `"ghijkl"`},
		{"Expires", "Fri, 01 Jan 2038 01:01:01 GMT", "Mon, 11 Jan 2038 11:11:11 GMT"},
		{"Public-Key-Pins", "1", "2"},
		{"Set-Cookie", "a=b", "a=c"},
		{"Set-Cookie2", "a=b", "a=c"},
		{"X-Frame-Options", "deny", "sameorigin"},
		{"X-XSS-Protection", "1", "1; mode=block"},
		{"Connection", "one", "two"},
		{"Keep-Alive", "one", "two"},
		{"Proxy-Authenticate", "one", "two"},
		{"Proxy-Authentication-Info", "one", "two"},
		{"Proxy-Authorization", "one", "two"},
		{"Proxy-Connection", "one", "two"},
		{"TE", "one", "two"},
		{"Transfer-Encoding", "one", "two"},
		{"Upgrade", "one", "two"},
	}
}

// unstoredFields are those that concern a connection, a proxy, or one response.
const unstoredFields = " Connection Keep-Alive Proxy-Authenticate Proxy-Authentication-Info Proxy-Authorization" +
	" Proxy-Connection TE Transfer-Encoding Upgrade Set-Cookie Set-Cookie2 Clear-Site-Data "

func fieldCases() []suiteCase {
	fields := suiteFields()
	cases := make([]suiteCase, 0, 1+len(fields))
	cases = append(cases, suiteCase{
		id: "headers-omit-headers-listed-in-Connection", says: "does not store fields that Connection lists",
		steps:     []step{{answer: "Cache-Control: max-age=100000\nConnection: a, b\nA: 1\nB: 2\nC: 3"}, {wait: pause, want: reused, has: "C: 3", lacks: "a b connection"}},
		otherwise: "no browser does",
	})
	for _, f := range fields {
		answer := f.name + ": " + f.b
		if f.name != "Cache-Control" {
			answer += "\nCache-Control: max-age=3600"
		}
		c := suiteCase{id: "headers-store-" + f.name, says: "stores the field " + f.name}
		second := step{wait: pause, want: reused, has: f.name + ": " + f.b}
		if strings.Contains(unstoredFields, " "+f.name+" ") {
			c.says = "does not store the field " + f.name
			second = step{wait: pause, want: reused, lacks: f.name}
		}
		switch f.name {
		case "Set-Cookie", "Set-Cookie2", "Clear-Site-Data":
			c.otherwise = "Chromium does not store it either; the suite, which cannot see it in browsers, would have it stored"
		}
		c.steps = []step{{answer: answer}, second}
		cases = append(cases, c)
	}
	return cases
}

func updateCases() []suiteCase {
	const modified = "Last-Modified: Wed, 01 Jan 2020 00:00:00 GMT"
	cases := []suiteCase{{
		id: "304-lm-use-stored-Test-Header", says: "keeps a field that the 304 omits",
		steps: []step{
			{answer: "Cache-Control: max-age=2\n" + modified + "\nTest-Header: 1"},
			{wait: pause, want: validated, asks: strings.Replace(modified, "Last-Modified", "If-Modified-Since", 1), answer: modified, has: "Test-Header: 1"},
		},
	}}
	const kept = " Content-Encoding Content-Length Content-Range Content-Type ETag "
	const suiteUpdates = " Set-Cookie Set-Cookie2 Clear-Site-Data " // of those that are not stored, the suite updates these
	const notChromium = " Content-Location Content-MD5 X-Content-Foo X-Frame-Options X-XSS-Protection "
	for _, f := range suiteFields() {
		c := suiteCase{id: "304-etag-update-response-" + f.name, says: "takes the field " + f.name + " from a 304"}
		want := f.b
		switch name := " " + f.name + " "; {
		case strings.Contains(kept, name):
			c.says = "keeps the field " + f.name + ", which describes the stored body"
			want = f.a
		case strings.Contains(notChromium, name):
			c.otherwise = "Chromium keeps the stored one, although section 3.2 wants it updated"
		}
		has, lacks := f.name+": "+want, ""
		if strings.Contains(unstoredFields, " "+f.name+" ") {
			c.says = "does not store the field " + f.name + " of a 304"
			has, lacks = "", f.name
			if !strings.Contains(suiteUpdates, " "+f.name+" ") {
				c.id = "own-304-" + f.name
			}
		}
		with := func(value string) string {
			answer := f.name + ": " + value
			if f.name != "Cache-Control" {
				answer += "\nCache-Control: max-age=2"
			}
			if f.name != "ETag" {
				answer += "\nETag: \"abcdef\""
			}
			return answer
		}
		c.steps = []step{
			{answer: with(f.a)},
			{wait: pause, want: validated, asks: tagSent, answer: with(f.b), has: has, lacks: lacks},
			{want: reused, has: has, lacks: lacks},
		}
		if f.name == "ETag" {
			c.says = "updates nothing by a 304 with another ETag, see section 4.3.4"
			c.steps[2] = step{want: validated, asks: tagSent}
			c.otherwise = "browsers keep the ETag too, but update the rest"
		}
		cases = append(cases, c)
	}
	const tagged = "Cache-Control: max-age=2\nETag: "
	return append(cases,
		// What follows is not in the suite.
		suiteCase{id: "own-304-weak", says: "takes a 304 whose tag is strong for an update of a weak one", steps: []step{
			{answer: tagged + `W/"a"`}, {wait: pause, want: validated, answer: tagged + `"a"`, has: `ETag: W/"a"`}, {want: reused},
		}},
		suiteCase{id: "own-304-weak-other", says: "takes a 304 with another weak tag for no update", steps: []step{
			{answer: tagged + `W/"a"`}, {wait: pause, want: validated, answer: tagged + `W/"b"`}, {want: validated},
		}},
		suiteCase{id: "own-304-bare", says: "takes a 304 without validators for an update", steps: []step{
			{answer: tagged + `"a"`}, {wait: pause, want: validated, answer: maxAge60}, {wait: pause, want: reused},
		}},
		suiteCase{id: "own-304-modified", says: "takes a 304 with another Last-Modified for no update", steps: []step{
			{answer: "Cache-Control: max-age=2\n" + modified},
			{wait: pause, want: validated, answer: "Cache-Control: max-age=60\nLast-Modified: @0"},
			{want: validated},
		}},
		suiteCase{id: "own-304-age", says: "forgets the old Age and Date when a 304 has none", steps: []step{
			{answer: "Cache-Control: max-age=60\nETag: \"a\"\nAge: 100"},
			{wait: pause, want: validated, answer: "ETag: \"a\"", lacks: "age"},
			{wait: pause, want: reused, has: "Age: 3"},
		}},
		suiteCase{id: "own-304-no-store", says: "forgets a response whose 304 has no-store", steps: []step{
			{answer: tagged + `"a"`}, {wait: pause, want: validated, answer: "Cache-Control: no-store\nETag: \"a\""}, {want: asked},
		}},
		suiteCase{id: "own-304-again", says: "validates again when the update is stale", steps: []step{
			{answer: tagged + `"a"`}, {wait: pause, want: validated, answer: tagged + `"a"`}, {want: reused}, {wait: pause, want: validated},
		}},
		suiteCase{id: "own-200-replaces", says: "takes a 200 instead of a 304 for the new response", steps: []step{
			{answer: tagged + `"a"`}, {wait: pause, want: changed, answer: tagged + `"b"`}, {want: reused, from: 2}, {wait: pause, want: validated, from: 2, asks: `If-None-Match: "b"`},
		}},
		suiteCase{id: "own-200-no-store", says: "forgets a response whose successor must not be stored", steps: []step{
			{answer: "Cache-Control: max-age=3600\nETag: \"a\""}, {send: noCache, want: changed, answer: noStore}, {want: asked},
		}},
		suiteCase{id: "own-404-supersedes", says: "forgets a response that is no longer there", steps: []step{
			{answer: tagged + `"a"`}, {wait: pause, want: changed, status: 404}, {want: asked},
		}},
		suiteCase{id: "own-500-keeps", says: "keeps a response whose validation failed", steps: []step{
			{answer: tagged + `"a"`}, {wait: pause, want: changed, status: 500}, {want: validated},
		}},
	)
}

func headCases() []suiteCase {
	const noBrowser = "no browser does; the suite only looks"
	const two = "Cache-Control: max-age=2\nTemplate-A: 1"
	return []suiteCase{
		{id: "head-writethrough", says: "passes on a HEAD when what is stored is stale", steps: []step{{answer: two}, {wait: pause, method: "HEAD"}}},
		{id: "head-200-retain", says: "does not mix a response to a HEAD with what is stored", steps: []step{{answer: two}, {wait: pause, method: "HEAD", lacks: "Template-A"}}},
		{id: "head-200-freshness-update", says: "takes freshness from the response to a HEAD", steps: []step{
			{answer: two}, {wait: pause, method: "HEAD", answer: "Cache-Control: max-age=1000"}, {want: reused},
		}, otherwise: noBrowser},
		{id: "head-200-update", says: "takes fields from the response to a HEAD", steps: []step{
			{answer: two}, {wait: pause, method: "HEAD", answer: "Cache-Control: max-age=1000\nTemplate-A: 2"}, {want: reused, has: "Template-A: 2"},
		}, otherwise: noBrowser},
		{id: "head-410-update", says: "takes nothing from an error in response to a HEAD", steps: []step{
			{answer: two}, {wait: pause, method: "HEAD", status: 410, answer: "Cache-Control: max-age=1000\nTemplate-A: 2"}, {want: asked},
		}, otherwise: noBrowser},
		// What follows is not in the suite.
		{id: "own-head-reuses", says: "answers a HEAD with the response to a GET", steps: []step{{answer: maxAge60}, {method: "HEAD", want: reused}}},
		{id: "own-head-not-stored", says: "does not store the response to a HEAD", steps: []step{{method: "HEAD", answer: maxAge60}, {want: asked}}},
		{id: "own-head-other-tag", says: "forgets a response if a HEAD has another ETag", steps: []step{
			{answer: "Cache-Control: max-age=60\nETag: \"a\""}, {method: "HEAD", send: noCache, want: changed, answer: "Cache-Control: max-age=60\nETag: \"b\""}, {want: asked},
		}},
		{id: "own-head-other-length", says: "forgets a response if a HEAD has another length", steps: []step{
			{answer: "Cache-Control: max-age=2\nContent-Length: 1"}, {wait: pause, method: "HEAD", answer: "Cache-Control: max-age=60\nContent-Length: 2"}, {want: asked},
		}},
		{id: "own-head-other-status", says: "forgets an error if a HEAD succeeds", steps: []step{
			{status: 404, answer: maxAge60}, {method: "HEAD", send: noCache, answer: maxAge60}, {want: asked},
		}},
		{id: "own-head-range", says: "leaves alone what is stored when a HEAD has conditions of its own", steps: []step{
			{answer: maxAge60 + "\nETag: \"a\""}, {method: "HEAD", send: bareTagSent, answer: "ETag: \"b\""}, {want: reused},
		}},
		{id: "own-head-request-no-store", says: "keeps what is stored if a HEAD asks for no-store", steps: []step{
			{answer: maxAge60 + "\nETag: \"a\""}, {method: "HEAD", send: noStore, answer: "ETag: \"b\""}, {want: reused},
		}},
		{id: "own-head-no-store", says: "forgets a response if a HEAD has no-store", steps: []step{
			{answer: "Cache-Control: max-age=2\nETag: \"a\""}, {wait: pause, method: "HEAD", want: changed, answer: noStore}, {want: asked},
		}},
	}
}
