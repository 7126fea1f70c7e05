package command

import (
	"slices"

	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

// flags are all flags of the command, in the order of its help.
func flags() []*flag {
	return slices.Concat(
		inputFlags(), modeFlags(), pageFlags(), requestFlags(), networkFlags(), judgeFlags(), reportFlags(),
	)
}

// inputFlags say what is fetched, besides the URLs.
func inputFlags() []*flag {
	return []*flag{
		{
			name: "input", short: "i", value: "file", file: true, many: true, set: setInput("lines"),
			usage: "fetch the URLs in a file, one on each line; - for standard input, as they come",
		},
		{
			name: "sitemap", value: "URL|file", file: true, many: true, set: setInput("sitemap"),
			usage: "fetch the URLs of a sitemap, and of those that it leads to",
		},
		{
			name: "har", value: "file", file: true, many: true, set: setInput("har"),
			usage: "fetch the requests of an HTTP archive",
		},
		{
			name: "csv", value: "file", file: true, many: true, set: setInput("csv"),
			usage: "fetch the requests of a CSV file, whose column url has the URLs",
		},
		{
			name: "csv-column", value: "what=column", many: true, set: setCSVColumn,
			usage: "column of the CSV file that has the url, method, name, body or header.NAME, by name or number",
		},
		{
			name: "csv-delimiter", value: "character", set: setCSV("delimiter"),
			usage: "what separates columns of the CSV file (default ,)",
		},
		{
			name: "csv-comment", value: "character", set: setCSV("comment"),
			usage: "what lines of the CSV file begin with that are left out",
		},
		{
			name: "skip-invalid", set: setSkipInvalid,
			usage: "leave invalid entries of files out",
		},
		{
			name: "base-url", value: "URL", option: "baseURL", set: setText,
			usage: "what relative URLs are resolved against",
		},
	}
}

// modeFlags say how the targets are fetched together.
func modeFlags() []*flag {
	return []*flag{
		{name: "sequential", set: setMode, usage: "fetch one URL at a time"},
		{
			name: "compare", value: "versions", optional: bothWays, set: setCompare,
			choices: []string{"http1.1,http2", "http1.1,http2,http3"},
			usage:   "fetch one at a time and together, or with versions of HTTP (http1.1,http2,http3), and compare",
		},
		{name: "page", set: setMode, usage: "visit each URL as a page, with all that it needs, as a browser fetches it"},
		{
			name: "rounds", value: "n", option: "rounds", set: setNumber,
			usage: "how often to compare; the round of the median speed-up is shown (default 1)",
		},
		{
			name: "no-warmup", option: "warmup", set: setOff,
			usage: "compare without a round before that is not measured",
		},
		{
			name: "concurrency", value: "n", option: "concurrency", set: setNumber,
			usage: "URLs in flight at once (default 20)",
		},
		{
			name: "per-host", value: "n", option: "perHost", set: setNumber,
			usage: "URLs in flight to one host; 0 for no limit (default 6)",
		},
		{name: "rate", value: "n", option: "rate", set: setNumber, usage: "URLs started per second (default no limit)"},
		{
			name: "retries", value: "n", option: "retries", set: setNumber,
			usage: "further attempts after a connection error or a status of 429, 502, 503 or 504 (default 0)",
		},
		{
			name: "timeout", value: "duration", option: "timeout", set: setNumber,
			usage: "bound on each attempt, such as 10s (default 60s)",
		},
		{
			name: "deadline", value: "duration", option: "deadline", set: setNumber,
			usage: "bound on the whole run, such as 5m (default none)",
		},
	}
}

// pageFlags say what of pages is fetched.
func pageFlags() []*flag {
	return []*flag{
		{
			name: "ignore", value: "filter", option: "ignore", many: true, set: setFilter, choices: page.Types(),
			usage: "what of pages not to fetch: a type such as image, a host such as *.ads.example, or a /pattern/ of URLs",
		},
		{
			name: "include", value: "filter", option: "include", many: true, set: setFilter, choices: page.Types(),
			usage: "what of pages to fetch, and nothing else",
		},
		{
			name: "max-resources", value: "n", option: "maxResources", set: setNumber,
			usage: "resources of a page to fetch (default 500)",
		},
		{
			name: "cache", option: "cache", set: setCache,
			usage: "keep responses from page to page, as a browser does",
		},
		{
			name: "depth", value: "n", option: "depth", set: setNumber,
			usage: "how deep to follow frames of pages; 0 for none (default 1)",
		},
		{
			name: "css", value: "what", option: "css", set: setText, choices: []string{"used", "all"},
			usage: "what to fetch of stylesheets: used is imports and fonts, all is every url() (default used)",
		},
		{name: "lazy", option: "lazy", set: setOn, usage: "fetch what pages load when somebody scrolls down"},
		{
			name: "viewport", value: "WxH", option: "viewport", set: setViewport,
			usage: "window that pages are for, in CSS pixels (default 1280x720)",
		},
		{
			name: "dpr", value: "n", option: "dpr", set: setNumber,
			usage: "device pixels for each CSS pixel, by which pages choose images (default 1)",
		},
		{
			name: "color-scheme", value: "scheme", option: "colorScheme", set: setText, choices: []string{"light", "dark"},
			usage: "colors that pages are asked for: light or dark (default light)",
		},
	}
}

// requestFlags say what is sent.
func requestFlags() []*flag {
	return []*flag{
		{name: "method", short: "X", value: "method", set: setMethod, usage: "HTTP method (default GET, POST with --data)"},
		{
			name: "header", short: "H", value: "'name: value'", option: "headers", many: true, set: setHeader,
			usage: "header to send",
		},
		{
			name: "data", short: "d", value: "text|@file", many: true, set: setData,
			usage: "body to send; several are joined with &",
		},
		{
			name: "compression", value: "codings", option: "compression", set: setText,
			choices: []string{"gzip", "deflate", "br", "zstd"},
			usage:   "how to compress the body: gzip, deflate, br, zstd, or several with commas",
		},
		{
			name: "cookie", short: "b", value: "name=value", option: "cookies", many: true, set: setCookie,
			usage: "cookie to send; several with semicolons",
		},
		{
			name: "no-cookie-jar", option: "jar", set: setNoJar,
			usage: "do not keep the cookies that responses set",
		},
		{name: "user", short: "u", value: "name:password", set: setUser, usage: "credentials to log in with"},
		{
			name: "auth", value: "way", option: "auth", set: setText, choices: []string{"basic", "digest", "ntlm"},
			usage: "how to answer with credentials: basic, digest or ntlm (default basic)",
		},
		{
			name: "user-agent", short: "A", value: "text", set: setK6Text("userAgent"),
			usage: "header User-Agent (default that of k6)",
		},
		{
			name: "max-redirects", value: "n", option: "redirects", set: setNumber,
			usage: "redirects to follow (default 10)",
		},
		{
			name: "tracing", value: "format", option: "tracing", set: setTracing, choices: []string{"w3c", "jaeger"},
			usage: "send a trace header: w3c is traceparent, jaeger is uber-trace-id",
		},
	}
}

// networkFlags say how requests are sent.
func networkFlags() []*flag {
	return []*flag{
		{name: "http1.1", option: httpVersion, set: setVersion("1.1"), usage: "use HTTP/1.1 alone"},
		{name: "http2", option: httpVersion, set: setVersion("2"), usage: "use HTTP/2 alone"},
		{name: "http3", option: httpVersion, set: setVersion("3"), usage: "use HTTP/3 alone"},
		{name: "alt-svc", option: "altSvc", set: setOn, usage: "use HTTP/3 with servers that have offered it by Alt-Svc"},
		{
			name: "early-data", option: "earlyData", set: setOn,
			usage: "send safe requests as early data when a connection of HTTP/3 is resumed",
		},
		{
			name: "insecure", short: "k", set: setK6Bool("insecureSkipTLSVerify"),
			usage: "do not verify TLS certificates",
		},
		{
			name: "dns", value: "settings", set: setDNS,
			usage: "how k6 looks names up: ttl=5m,select=random,policy=preferIPv4 (default)",
		},
		{
			name: "resolve", value: "host:port:address", many: true, set: setResolve,
			usage: "address for a host and port instead of a look-up",
		},
		{
			name: "hosts", value: "host=address", many: true, set: setHosts,
			usage: "address for a host, as k6's option hosts: *.a.example=127.0.0.1:8080",
		},
		{
			name: "blacklist-ip", value: "range", many: true, set: setK6List("blacklistIPs"),
			usage: "range of addresses that may not be fetched from",
		},
		{
			name: "block-hostnames", value: "pattern", many: true, set: setK6List("blockHostnames"),
			usage: "hosts that may not be fetched from, such as *.a.example",
		},
		{
			name: "no-connection-reuse", set: setK6Bool("noConnectionReuse"),
			usage: "make a connection for each request",
		},
		{
			name: "http-debug", value: "what", optional: "headers", set: setDebug, choices: []string{"headers", "full"},
			usage: "log requests and responses: headers, or full with bodies",
		},
	}
}

// judgeFlags say what counts as a success.
func judgeFlags() []*flag {
	return []*flag{
		{
			name: "expect-status", value: "statuses", option: "expectedStatuses", set: setStatuses,
			usage: "statuses that count as a success, such as 200,300-399 (default 200-399)",
		},
		{
			name: "expect", value: "what", option: "expect", many: true, set: setExpect,
			usage: "what responses must be: 'contains=Welcome', 'lacks=not found', 'json:status=up', 'header:server'",
		},
		{
			name: "budget", value: "bound", option: "budget", many: true, set: setBudget,
			usage: "what a URL or the run may cost: 'elapsed<500ms', 'elapsed:p(95)<1s', 'failed:rate<0.01'",
		},
		{
			name: "baseline", value: "file", file: true, set: setBaseline,
			usage: "earlier report to compare with: what --report json= or baseline= wrote",
		},
		{
			name: "significance", value: "p", set: setSignificance,
			usage: "probability of calling anything slower by chance (default 0.01)",
		},
		{
			name: "tolerance", value: "share", set: setTolerance,
			usage: "change that does not matter (default 0.05, which is 5 %)",
		},
	}
}

// reportFlags say what is written.
func reportFlags() []*flag {
	return []*flag{
		{
			name: "report", value: "format[=file]", many: true, set: setReport, choices: reportChoices(),
			usage: "write a report: text, html, json, markdown, csv, junit, tap, har or baseline",
		},
		{name: "title", value: "text", set: setTitle, usage: "title of the reports"},
		{
			name: "name", value: "template", option: "name", set: setText,
			usage: "what reports call URLs: url, host, path, or text with {host}, {path} and {index}",
		},
		{
			name: "response-type", value: "type", option: "responseType", set: setText,
			choices: []string{"none", "text", "binary"},
			usage:   "what to keep of bodies, which --json shows: none, text or binary (default none)",
		},
		{
			name: "max-body-size", value: "size", option: "maxBodySize", set: setNumber,
			usage: "bytes after which a body fails, such as 1MB (default 10MB where it is kept)",
		},
		{name: "json", set: setJSON, usage: "write a line of JSON for each result, and one at the end"},
		{name: "script", set: setScript, usage: "print the k6 script that does the same, and fetch nothing"},
	}
}

// reportChoices are the formats, for completion.
func reportChoices() []string {
	choices := report.Formats()
	for i := range choices {
		choices[i] += "="
	}
	return choices
}
