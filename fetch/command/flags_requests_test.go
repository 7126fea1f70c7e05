package command_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// request checks the first request.
func request(check func(t *testing.T, r echoed)) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		for _, r := range echoes(t, out) {
			check(t, r)
		}
	}
}

// cookies checks what the second request had.
func cookies(want ...string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		var r echoed
		require.NoError(t, json.Unmarshal([]byte(*results[1].Body), &r))
		require.ElementsMatch(t, want, r.Cookies)
	}
}

func statusOf(want int) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		require.Equal(t, want, results[0].Status, "%+v", results[0])
	}
}

func requestCases() []flagCase {
	const page = echo + "{BASE}/echo "
	form := func(body string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
		return request(func(t *testing.T, r echoed) {
			t.Helper()
			require.Equal(t, "POST", r.Method)
			require.Equal(t, body, r.Body)
			require.Equal(t, "application/x-www-form-urlencoded", r.Headers["Content-Type"])
		})
	}
	method := func(want string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
		return request(func(t *testing.T, r echoed) {
			t.Helper()
			require.Equal(t, want, r.Method)
		})
	}
	return []flagCase{
		{flag: "method", sentence: "of URLs, in capitals", args: page + "-X put", check: method("PUT")},
		{flag: "method", sentence: "of lines as well", args: echo + "--method DELETE -i -", stdin: "{BASE}/echo\n", check: method("DELETE")},
		{
			flag: "header", sentence: "several, of which the last of a name holds", args: page + "-H x-a:~0 -H X-A:~1 -H X-B:2:3 --header x-a:4",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Equal(t, "4", r.Headers["X-A"])
				require.Equal(t, "2:3", r.Headers["X-B"])
			}),
		},
		{
			flag: "header", sentence: "Host", args: page + "-H Host:other.example",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Equal(t, "other.example", r.Host)
			}),
		},
		{flag: "data", sentence: "a form in parts", args: page + "-d a=1 --data b=2", check: form("a=1&b=2")},
		{flag: "data", sentence: "a file", args: page + "-d @body", files: map[string]string{"body": "text\n"}, check: form("text\n")},
		{flag: "data", sentence: fromPipe, args: page + "-d @-", stdin: "text", check: form("text")},
		{flag: "data", sentence: "of lines as well", args: echo + "-i - -d a=1", stdin: "{BASE}/echo\n{BASE}/echo\n", check: form("a=1")},
		{
			flag: "data", sentence: "with another method and type", args: page + "-d {} -X PATCH -H content-type:application/json",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Equal(t, "PATCH", r.Method)
				require.Equal(t, "{}", r.Body)
				require.Equal(t, "application/json", r.Headers["Content-Type"])
			}),
		},
		{
			flag: "compression", sentence: "gzip", args: page + "--compression gzip -d text",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Equal(t, "gzip", r.Headers["Content-Encoding"])
				require.NotEqual(t, "text", r.Body)
			}),
		},
		{
			flag: "cookie", sentence: "several", args: page + "-b a=1;~b=2 --cookie c=3",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.ElementsMatch(t, []string{"a=1", "b=2", "c=3"}, r.Cookies)
			}),
		},
		{flag: "no-cookie-jar", sentence: "nothing is kept", args: echo + "--sequential --no-cookie-jar {BASE}/cookie/a/b {BASE}/echo", check: cookies()},
		{flag: "no-cookie-jar", sentence: "without it, cookies are kept", args: echo + "--sequential {BASE}/cookie/a/b {BASE}/echo", check: cookies("a=b")},
		{flag: "user", sentence: "basic, for lines as well", args: "--json -u me:s3cr/t -i -", stdin: "{BASE}/basic\n", check: statusOf(200)},
		{flag: "user", sentence: "a header that says otherwise holds", args: "--json -u me:s3cr/t -H authorization:none {BASE}/basic", exit: 99, check: statusOf(401)},
		{flag: "auth", sentence: "digest", args: "--json -u me:s3cr/t --auth digest {BASE}/digest", check: statusOf(200)},
		{flag: "auth", sentence: "digest, for lines as well", args: "--json -u me:s3cr/t --auth digest -i -", stdin: "{BASE}/digest\n", check: statusOf(200)},
		{
			flag: "user-agent", sentence: "another one", args: page + "-A me/1",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Equal(t, "me/1", r.Headers["User-Agent"])
			}),
		},
		{
			flag: "user-agent", sentence: "that of k6", args: strings.TrimSpace(page),
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Regexp(t, `^Grafana k6/\d+\.\d+\.\d+`, r.Headers["User-Agent"])
			}),
		},
		{
			flag: "tracing", sentence: "by W3C, and the line has the id", args: page + "--tracing w3c",
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				require.Len(t, results[0].TraceID, 32)
				request(func(t *testing.T, r echoed) {
					t.Helper()
					require.Contains(t, r.Headers["Traceparent"], "00-"+results[0].TraceID+"-")
				})(t, site, out)
			},
		},
		{
			flag: "tracing", sentence: "by Jaeger", args: page + "--tracing jaeger",
			check: request(func(t *testing.T, r echoed) {
				t.Helper()
				require.Regexp(t, "^dc0718", r.Headers["Uber-Trace-Id"])
			}),
		},
		{flag: "max-redirects", sentence: "one", args: "--json --max-redirects 1 {BASE}/redirect/3", check: statusOf(302)},
	}
}
