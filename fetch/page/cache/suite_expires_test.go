package cache_test

func ageCases() []suiteCase {
	const hour = "Cache-Control: max-age=3600\n"
	return []suiteCase{
		{id: "age-parse-nonnumeric", says: "ignores an Age that is no number", steps: then(hour+"Age: abc", reused)},
		{id: "age-parse-negative", says: "ignores a negative Age", steps: then(hour+"Age: -7200", reused), otherwise: "Firefox asks"},
		{id: "age-parse-float", says: "ignores a fractional Age", steps: then(hour+"Age: 7200.0", reused), otherwise: "Firefox and Safari ask"},
		{id: "age-parse-large-minus-one", says: "takes an Age of 2^31-1 for stale", steps: then(hour+"Age: 2147483647", asked)},
		{id: "age-parse-large", says: "takes an Age of 2^31 for stale", steps: then(hour+"Age: 2147483648", asked)},
		{id: "age-parse-larger", says: "takes an Age of more than 2^31 for stale", steps: then(hour+"Age: 2147483649", asked)},
		{id: "age-parse-suffix", says: "takes the first of two Ages in a line, the old one", steps: then(hour+"Age: 7200, 0", asked), otherwise: "Safari reuses"},
		{id: "age-parse-prefix", says: "takes the first of two Ages in a line, the young one", steps: then(hour+"Age: 0, 7200", reused)},
		{id: "age-parse-suffix-twoline", says: "takes the first of two lines with Age, the old one", steps: then(hour+"Age: 7200\nAge: 0", asked), otherwise: "Safari reuses"},
		{id: "age-parse-prefix-twoline", says: "takes the first of two lines with Age, the young one", steps: then(hour+"Age: 0\nAge: 7200", reused)},
		{id: "age-parse-dup-0", says: "reads an Age given twice in a line", steps: then(hour+"Age: 0, 0", reused)},
		{id: "age-parse-dup-0-twoline", says: "reads an Age given in two lines", steps: then(hour+"Age: 0\nAge: 0", reused)},
		{id: "age-parse-dup-old", says: "does not add up two Ages", steps: then("Cache-Control: max-age=10000\nAge: 3600\nAge: 3600", reused)},
		{
			id: "age-parse-parameter", says: "ignores an Age with a parameter", steps: then(hour+"Age: 7200;foo=bar", reused),
			otherwise: "Firefox asks; the suite only looks",
		},
		{
			id: "age-parse-numeric-parameter", says: "ignores an Age with a numeric parameter", steps: then(hour+"Age: 7200;foo=111", reused),
			otherwise: "Firefox asks; the suite only looks",
		},
	}
}

func expiresCases() []suiteCase {
	const lenient = "all browsers reuse: they read dates leniently. RFC 9111, section 5.3, wants invalid ones to be past"
	const chromiumAndFirefox = "Chromium and Firefox reuse: they read dates leniently"
	return []suiteCase{
		{id: "freshness-expires-future", says: "reuses until Expires", steps: then("Expires: @2592000", reused)},
		{id: "freshness-expires-past", says: "does not reuse after Expires", steps: then("Expires: @-2592000", asked)},
		{id: "freshness-expires-present", says: "does not reuse at Expires", steps: []step{{answer: "Expires: @0"}, {}}},
		{id: "freshness-expires-old-date", says: "compares Expires with Date, not with its clock", steps: then("Expires: @300\nDate: @400", asked)},
		{id: "freshness-expires-invalid", says: "takes Expires: 0 for past", steps: then("Expires: 0", asked)},
		{id: "freshness-expires-invalid-date", says: "takes the time of arrival for an invalid Date", steps: then("Date: foo\nExpires: @10", reused)},
		{
			id: "freshness-expires-age-slow-date", says: "does not reuse if Age is more than Expires minus a slow Date",
			steps: []step{{answer: "Date: @-10\nExpires: @10\nAge: 25"}, {}},
		},
		{
			id: "freshness-expires-age-fast-date", says: "does not reuse if Age is more than Expires minus a fast Date",
			steps: []step{{answer: "Date: @10\nExpires: @20\nAge: 15"}, {}},
		},
		{id: "freshness-expires-32bit", says: "reads a date after 32 bits", steps: then("Expires: Tue, 19 Jan 2038 14:14:08 GMT", reused)},
		{id: "freshness-expires-far-future", says: "reads a date far away", steps: then("Expires: Sun, 21 Nov 2286 04:46:39 GMT", reused), otherwise: "Firefox asks"},
		{id: "freshness-expires-rfc850", says: "reads the form of RFC 850", steps: then("Expires: Thursday, 18-Aug-50 02:01:18 GMT", reused), otherwise: "Safari asks"},
		{id: "freshness-expires-ansi-c", says: "reads the form of asctime", steps: then("Expires: Thu Aug  8 02:01:18 2050", reused)},
		{id: "freshness-expires-wrong-case-weekday", says: "reads a weekday in any case", steps: then("Expires: THU, 18 Aug 2050 02:01:18 GMT", reused)},
		{id: "freshness-expires-wrong-case-month", says: "reads a month in any case", steps: then("Expires: Thu, 18 AUG 2050 02:01:18 GMT", reused)},
		{id: "freshness-expires-wrong-case-tz", says: "reads GMT in any case", steps: then("Expires: Thu, 18 Aug 2050 02:01:18 gMT", reused)},
		{id: "freshness-expires-invalid-utc", says: "takes UTC for invalid", steps: then("Expires: Thu, 18 Aug 2050 02:01:18 UTC", asked), otherwise: lenient},
		{id: "freshness-expires-invalid-aest", says: "takes another zone for invalid", steps: then("Expires: Thu, 18 Aug 2050 02:01:18 AEST", asked), otherwise: chromiumAndFirefox},
		{id: "freshness-expires-invalid-2-digit-year", says: "takes two digits of a year for invalid", steps: then("Expires: Thu, 18 Aug 50 02:01:18 GMT", asked), otherwise: chromiumAndFirefox},
		{id: "freshness-expires-invalid-no-comma", says: "takes a missing comma for invalid", steps: then("Expires: Thu 18 Aug 2050 02:01:18 GMT", asked), otherwise: lenient},
		{id: "freshness-expires-invalid-multiple-spaces", says: "takes several spaces for invalid", steps: then("Expires: Thu, 18  Aug  2050 02:01:18 GMT", asked), otherwise: lenient},
		{id: "freshness-expires-invalid-date-dashes", says: "takes dashes in the date for invalid", steps: then("Expires: Thu, 18-Aug-2050 02:01:18 GMT", asked), otherwise: lenient},
		{id: "freshness-expires-invalid-time-periods", says: "takes periods in the time for invalid", steps: then("Expires: Thu, 18 Aug 2050 02.01.18 GMT", asked), otherwise: chromiumAndFirefox},
		{id: "freshness-expires-invalid-1-digit-hour", says: "takes one digit of an hour for invalid", steps: then("Expires: Thu, 18 Aug 2050 2:01:18 GMT", asked), otherwise: lenient},
		{
			id: "freshness-expires-invalid-multiple-lines", says: "takes the first of two lines, which is invalid",
			steps: then("Expires: Thu, 18 Aug 2050 2:01:18 GMT\nExpires: Thu, 18 Aug 2050 2:01:19 GMT", asked), otherwise: chromiumAndFirefox,
		},
		// What follows is not in the suite.
		{id: "own-expires-two-lines", says: "takes the first of two valid lines", steps: then("Expires: @2\nExpires: @3600", asked)},
		{id: "own-expires-empty", says: "takes an empty Expires for past", steps: then("Expires: \nLast-Modified: @-100000", validated)},
	}
}
