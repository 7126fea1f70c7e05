package cache_test

func varyCases() []suiteCase {
	const (
		fresh   = "Cache-Control: max-age=5000\nLast-Modified: @-3000\n"
		one     = fresh + "Vary: Foo"
		two     = fresh + "Vary: Foo, Bar"
		three   = fresh + "Vary: Foo, Bar, Baz"
		foo     = "Foo: 1"
		fooBar  = "Foo: 1\nBar: abc"
		all     = "Foo: 1\nBar: abc\nBaz: 789"
		lang    = fresh + "Vary: Accept-Language"
		noOther = "no browser does"
	)
	pair := func(first, answer, second string, want source) []step {
		return []step{{send: first, answer: answer}, {send: second, want: want}}
	}
	cases := make([]suiteCase, 0, 40)
	cases = append(cases, []suiteCase{
		{id: "vary-match", says: "reuses if the field is the same", steps: pair(foo, one, foo, reused)},
		{id: "vary-no-match", says: "does not reuse if the field differs", steps: pair(foo, one, "Foo: 2", asked)},
		{id: "vary-omit-stored", says: "does not reuse if the stored request lacked the field", steps: pair("", one, foo, asked)},
		{id: "vary-omit", says: "does not reuse if the request lacks the field", steps: pair(foo, one, "", asked)},
		{
			id: "vary-invalidate", says: "stores two variants", otherwise: "no browser does: they keep one response a URL",
			steps: []step{{send: foo, answer: one}, {send: "Foo: 2", answer: one}, {send: foo, want: reused}, {send: "Foo: 2", want: reused, from: 2}},
		},
		{id: "vary-cache-key", says: "ignores fields that Vary does not name", steps: pair(foo+"\nOther: 2", one, foo+"\nOther: 3", reused)},
		{id: "vary-2-match", says: "reuses if both fields are the same", steps: pair(fooBar, two, fooBar, reused)},
		{id: "vary-2-no-match", says: "does not reuse if one of two fields differs", steps: pair(fooBar, two, "Foo: 2\nBar: abc", asked)},
		{id: "vary-2-match-omit", says: "does not reuse if the request lacks both fields", steps: pair(fooBar, two, "", asked)},
		{id: "vary-3-match", says: "reuses if all three fields are the same", steps: pair(all, three, all, reused)},
		{id: "vary-3-no-match", says: "does not reuse if one of three fields differs", steps: pair(all, three, "Foo: 2\nBar: abc\nBaz: 789", asked)},
		{id: "vary-3-order", says: "does not reuse if one of three fields differs, in any order", steps: pair(all, three, "Foo: 1\nBaz: 789\nBar: abcde", asked)},
		{id: "vary-3-omit", says: "reuses if both requests lacked a field", steps: pair("Foo: 1\nBaz: 789", three, "Foo: 1\nBaz: 789", reused)},
		{id: "vary-star", says: "does not reuse with Vary: *", steps: pair(foo, fresh+"Vary: *", foo, asked)},
		{id: "vary-normalise-combine", says: "combines lines of an unknown field", steps: pair("Foo: 1, 2", one, "Foo: 1\nFoo: 2", reused)},
		{
			id: "vary-normalise-lang-order", says: "does not ignore the order of languages, because servers prefer the first",
			steps: pair("Accept-Language: en, de", lang, "Accept-Language: de, en", asked), otherwise: noOther + " ignore it; the suite would like it",
		},
		{id: "vary-normalise-lang-case", says: "ignores the case of languages", steps: pair("Accept-Language: en, de", lang, "Accept-Language: eN, De", reused), otherwise: noOther},
		{id: "vary-normalise-lang-space", says: "ignores white space between languages", steps: pair("Accept-Language: en, de", lang, "Accept-Language:  en ,   de", reused), otherwise: noOther},
		{
			id: "vary-normalise-lang-select", says: "does not choose by Content-Language, because the server does",
			steps:     pair("Accept-Language: en, de", lang+"\nContent-Language: de", "Accept-Language: fr;q=0.5, de;q=1.0", asked),
			otherwise: noOther + "; the suite would like it",
		},
		{
			id: "vary-normalise-space", says: "does not ignore white space in an unknown field, which may be no list",
			steps: pair("Foo: 1,2", one, "Foo:  1, 2 ", asked), otherwise: noOther + "; the suite would like it",
		},
		// What follows is not in the suite.
		{id: "own-vary-lines", says: "reads several lines of Vary", steps: pair(fooBar, fresh+"Vary: Foo\nVary: bar", "Foo: 1\nBar: abcd", asked)},
		{id: "own-vary-empty", says: "distinguishes an empty field from none", steps: pair("Foo:", one, "", asked)},
		{id: "own-vary-case", says: "does not ignore the case of an unknown field", steps: pair("Foo: a", one, "Foo: A", asked)},
		{id: "own-vary-encoding", says: "ignores white space and case in Accept-Encoding", steps: pair("Accept-Encoding: gzip,br;q=0.5", fresh+"Vary: accept-encoding", "Accept-Encoding: GZIP, br; q=0.5", reused)},
		{id: "own-vary-encoding-differs", says: "asks if Accept-Encoding differs", steps: pair("Accept-Encoding: gzip, br", fresh+"Vary: Accept-Encoding", "Accept-Encoding: gzip", asked)},
		{id: "own-vary-accept-quotes", says: "leaves quotes in Accept alone", steps: pair(`Accept: a/b;c="d,e"`, fresh+"Vary: Accept", `Accept: a/b;c="d, e"`, asked)},
		{
			id: "own-vary-default", says: "selects a response without Vary as the others of its URL, see section 4.1",
			steps: []step{
				{send: foo, answer: one},
				{send: "Foo: 2", answer: fresh},
				{send: "Foo: 2", want: reused, from: 2},
				{send: foo, want: reused},
				{send: "Foo: 3", want: asked},
			},
		},
		{
			id: "own-vary-date", says: "uses the most recent of two variants by Date, see section 4",
			steps: []step{
				{send: foo, answer: fresh + "Vary: Foo\nDate: @-1"},
				{send: "Foo: 2\nBar: abc", answer: fresh + "Vary: Bar\nDate: @-2"},
				{send: fooBar, want: reused},
			},
		},
		{
			id: "own-vary-date-reversed", says: "uses the most recent of two variants, in whatever order they came",
			steps: []step{
				{send: foo, answer: fresh + "Vary: Foo\nDate: @-2"},
				{send: "Foo: 2\nBar: abc", answer: fresh + "Vary: Bar\nDate: @-1"},
				{send: fooBar, want: reused, from: 2},
			},
		},
		{
			id: "own-vary-later", says: "forgets a response without Vary when the resource begins to vary",
			steps: []step{
				{send: foo, answer: "Cache-Control: max-age=2\nLast-Modified: @-10"},
				{wait: pause, send: foo, want: changed, answer: one},
				{send: "Foo: 2", want: asked, answer: fresh},
			},
		},
	}...)
	for _, c := range []struct{ id, vary string }{
		{"vary-syntax-star", "Vary: *"},
		{"vary-syntax-star-star", "Vary: *, *"},
		{"vary-syntax-star-star-lines", "Vary: *\nVary: *"},
		{"vary-syntax-empty-star", "Vary: , *"},
		{"vary-syntax-empty-star-lines", "Vary: \n" + "Vary: *"},
		{"vary-syntax-star-foo", "Vary: *, Foo"},
		{"vary-syntax-foo-star", "Vary: Foo, *"},
	} {
		cases = append(cases, suiteCase{
			id: c.id, says: "does not reuse with " + c.vary, steps: pair("Foo: 1\nBaz: 789", fresh+c.vary, "Foo: 1\nBaz: 789", asked),
		})
	}
	return cases
}
