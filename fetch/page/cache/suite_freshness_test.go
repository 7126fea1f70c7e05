package cache_test

import "strings"

func freshnessCases() []suiteCase {
	return []suiteCase{
		{id: "freshness-none", says: "does not reuse what says nothing about its freshness", steps: then("", asked)},
		{id: "freshness-max-age", says: "reuses within max-age", steps: then("Cache-Control: max-age=3600", reused)},
		{id: "freshness-max-age-stale", says: "does not reuse after max-age", steps: then(maxAge2, asked)},
		{id: "freshness-max-age-0", says: "does not reuse with max-age=0", steps: []step{{answer: maxAge0}, {}}},
		{id: "freshness-max-age-max-minus-1", says: "takes 2^31-1 for a long time", steps: then("Cache-Control: max-age=2147483647", reused)},
		{id: "freshness-max-age-max", says: "takes 2^31 for a long time", steps: then("Cache-Control: max-age=2147483648", reused)},
		{id: "freshness-max-age-max-plus-1", says: "takes more than 2^31 for 2^31", steps: then("Cache-Control: max-age=2147483649", reused)},
		{
			id: "freshness-max-age-max-plus", says: "takes far more than 2^31 for 2^31", steps: then("Cache-Control: max-age=99999999999", reused),
			otherwise: "Firefox asks",
		},
		{id: "freshness-max-age-age", says: "does not reuse what came older than its max-age", steps: then("Cache-Control: max-age=3600\nAge: 7200", asked)},
		{id: "freshness-max-age-date", says: "takes an old Date for age", steps: then("Date: @-7200\nCache-Control: max-age=3600", asked)},
		{id: "freshness-max-age-expires", says: "prefers max-age to a past Expires", steps: then("Cache-Control: max-age=3600\nExpires: @-7200", reused)},
		{id: "freshness-max-age-expires-invalid", says: "prefers max-age to an invalid Expires", steps: then("Cache-Control: max-age=3600\nExpires: 0", reused)},
		{id: "freshness-max-age-0-expires", says: "prefers max-age=0 to a future Expires", steps: then("Cache-Control: max-age=0\nExpires: @3600", asked)},
		{id: "freshness-max-age-extension", says: "ignores an unknown directive", steps: then("Cache-Control: foobar, max-age=3600", reused)},
		{id: "freshness-max-age-case-insenstive", says: "reads directives in any case", steps: then("Cache-Control: MaX-aGe=3600", reused)},
		{id: "freshness-max-age-negative", says: "does not reuse with a negative max-age", steps: then("Cache-Control: max-age=-3600", asked)},
		{
			id: "freshness-max-age-s-maxage-private", says: "ignores s-maxage, which is for shared caches",
			steps: then("Cache-Control: s-maxage=3600, max-age=1", asked),
		},
		{
			id: "freshness-max-age-s-maxage-private-multiple", says: "ignores s-maxage in a line of its own",
			steps: then("Cache-Control: s-maxage=3600\nCache-Control: max-age=1", asked),
		},
		{
			id: "freshness-s-maxage-shared", says: "does not take s-maxage for freshness", steps: then("Cache-Control: s-maxage=3600", asked),
			otherwise: "the suite asks shared caches for the opposite",
		},
		{
			id: "freshness-max-age-s-maxage-shared-longer", says: "reuses within max-age although s-maxage is over",
			steps:     then("Cache-Control: max-age=3600, s-maxage=1", reused),
			otherwise: "the suite asks shared caches for the opposite",
		},
	}
}

func parsingCases() []suiteCase {
	const firefoxLast = "Firefox takes the last one"
	return []suiteCase{
		{
			id: "freshness-max-age-two-fresh-stale-sameline", says: "takes the first max-age of a line, a long one",
			steps: then("Cache-Control: max-age=1800, max-age=1", reused), otherwise: firefoxLast,
		},
		{
			id: "freshness-max-age-two-fresh-stale-sepline", says: "takes the first max-age of two lines, a long one",
			steps: then("Cache-Control: max-age=1800\nCache-Control: max-age=1", reused), otherwise: firefoxLast,
		},
		{
			id: "freshness-max-age-two-stale-fresh-sameline", says: "takes the first max-age of a line, a short one",
			steps: then("Cache-Control: max-age=1, max-age=1800", asked), otherwise: firefoxLast,
		},
		{
			id: "freshness-max-age-two-stale-fresh-sepline", says: "takes the first max-age of two lines, a short one",
			steps: then("Cache-Control: max-age=1\nCache-Control: max-age=1800", asked), otherwise: firefoxLast,
		},
		{
			id: "freshness-max-age-quoted", says: "reads a max-age in quotes", steps: then(`Cache-Control: max-age="3600"`, reused),
			otherwise: "Chromium and Firefox ask",
		},
		{
			id: "freshness-max-age-ignore-quoted", says: "does not look for directives in quotes before the real one",
			steps: then(`Cache-Control: extension="max-age=3600", max-age=1`, asked),
		},
		{
			id: "freshness-max-age-ignore-quoted-rev", says: "does not look for directives in quotes after the real one",
			steps: then(`Cache-Control: max-age=1, extension="max-age=3600"`, asked),
		},
		{
			id: "freshness-max-age-space-before-equals", says: "takes a max-age with space before = for malformed",
			steps: then("Cache-Control: max-age =3600", asked), otherwise: "Firefox and Safari reuse",
		},
		{
			id: "freshness-max-age-space-after-equals", says: "reads a max-age with space after =",
			steps: then("Cache-Control: max-age= 3600", reused), otherwise: "all browsers do, although the grammar forbids the space",
		},
		{id: "freshness-max-age-leading-zero", says: "reads leading zeros", steps: then("Cache-Control: max-age=003600", reused)},
		{id: "freshness-max-age-single-quoted", says: "takes single quotes for malformed", steps: then("Cache-Control: max-age='3600'", asked)},
		{
			id: "freshness-max-age-decimal-zero", says: "takes 3600.0 for malformed", steps: then("Cache-Control: max-age=3600.0", asked),
			otherwise: "Firefox and Safari reuse",
		},
		{
			id: "freshness-max-age-decimal-five", says: "takes 3600.5 for malformed", steps: then("Cache-Control: max-age=3600.5", asked),
			otherwise: "Firefox and Safari reuse",
		},
		{id: "freshness-max-age-a100", says: "takes a letter before the number for malformed", steps: then("Cache-Control: max-age=a3600", asked)},
		{
			id: "freshness-max-age-100a", says: "takes a letter after the number for malformed", steps: then("Cache-Control: max-age=3600a", asked),
			otherwise: "Firefox reuses",
		},
		// What follows is not in the suite.
		{id: "own-max-age-malformed-expires", says: "takes a malformed max-age for stale, whatever Expires says", steps: then("Cache-Control: max-age=x\nExpires: @3600", asked), otherwise: "Chromium goes on to Expires"},
		{id: "own-max-age-malformed-first", says: "takes the first max-age even if it is malformed", steps: then("Cache-Control: max-age=x, max-age=3600", asked), otherwise: "Chromium goes on to the second"},
		{id: "own-max-age-endless", says: "takes a number of any length for 2^31", steps: then("Cache-Control: max-age="+strings.Repeat("2147483648", 5), reused)},
		{id: "own-max-age-bare", says: "takes a max-age without a number for malformed", steps: then("Cache-Control: max-age", asked)},
		{id: "own-max-age-empty", says: "takes a max-age with an empty number for malformed", steps: then("Cache-Control: max-age=", asked)},
		{id: "own-quoted-tail", says: "takes text after a quoted max-age for malformed", steps: then(`Cache-Control: max-age="3600"x`, asked)},
		{id: "own-open-quote", says: "does not let a quote without an end hide a directive", steps: then(`Cache-Control: max-age=3600, a="b, no-store`, asked)},
		{id: "own-escaped-quote", says: "reads escapes in quotes", steps: then(`Cache-Control: a="\", no-store, \\", max-age="36\00"`, reused)},
		{id: "own-empty-members", says: "skips empty members of the list", steps: then("Cache-Control: ,, ,\tmax-age=3600 ,", reused)},
		{id: "own-conflict", says: "honors the most restrictive of directives that conflict", steps: then("Cache-Control: max-age=3600, no-cache", asked)},
	}
}
