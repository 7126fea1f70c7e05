package command_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

const (
	archive = `{"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": [
{"request": {"method": "GET", "url": "{BASE}/echo?har", "headers": [{"name": "X-A", "value": "b"}]}, "response": {"status": 200}}]}}`
	table = "url,method,page,text,kind\n{BASE}/echo?csv,POST,first,body,a/b\n"
)

// paths checks what was fetched: the paths and the queries, in the order of the targets.
func paths(want ...string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		all := echoes(t, out)
		got := make([]string, len(all))
		for i, e := range all {
			got[i] = e.Path
			if e.Query != "" {
				got[i] += "?" + e.Query
			}
		}
		require.Equal(t, want, got)
	}
}

// oneLeftOut checks that the list had an invalid entry, which was left out, and that this is said.
func oneLeftOut(t *testing.T, site *web.Site, out *k6test.Outcome) {
	t.Helper()
	paths("/echo?1")(t, site, out)
	_, end := read(t, out)
	require.Equal(t, 1, end.Skipped)
	require.Contains(t, out.Stderr, "invalid entries were left out: 1")
}

const echo = "--json --response-type text "

func inputCases() []flagCase {
	list := map[string]string{"list": "# pages\n{BASE}/echo?1\n{BASE}/echo?2\n"}
	return []flagCase{
		{flag: "input", sentence: "lines of a file, after URLs", args: echo + "{BASE}/echo?0 --input list", files: list, check: paths("/echo?0", "/echo?1", "/echo?2")},
		{flag: "input", sentence: "several", args: echo + "-i list -i list", files: list, check: paths("/echo?1", "/echo?2", "/echo?1", "/echo?2")},
		{flag: "input", sentence: fromPipe, args: echo + "{BASE}/echo?0 -i -", stdin: list["list"], check: paths("/echo?0", "/echo?1", "/echo?2")},
		{flag: "input", sentence: "standard input comes last", args: echo + "-i - -i list", files: list, stdin: "{BASE}/echo?3", check: paths("/echo?1", "/echo?2", "/echo?3")},
		{
			flag: "input", sentence: "a pipe by its name", args: echo + "-i /dev/stdin", stdin: list["list"],
			check: paths("/echo?1", "/echo?2"),
		},
		{
			flag: "input", sentence: "an invalid line of a pipe is a failed result", args: "--json -i -", stdin: "{BASE}/status/200\nnone\n", exit: 99,
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, end := read(t, out)
				require.Equal(t, "failed", results[1].State)
				require.NotEmpty(t, results[1].Error)
				require.Equal(t, 1, end.Totals.Ok)
			},
		},
		{
			flag: "input", sentence: "a password in an invalid line of a pipe is shown nowhere", exit: 99,
			args: "-i - --report json=/dev/stdout --report html=/dev/stdout", stdin: "me:secret@a.test/b\nhttps:/me:secret@a.test/\n",
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				require.Contains(t, out.Stdout, "****@a.test/b")
				require.NotContains(t, out.Stdout+out.Stderr, "secret")
			},
		},
		{
			flag: "sitemap", sentence: "an index of the network, and what it leads to", exit: 0,
			args: "--json --sitemap http://maps.example/index.xml --hosts maps.example={MAPS} --hosts web.test={BASE_HOST}",
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				require.Len(t, results, 3)
				require.Equal(t, "http://web.test/status/200?three", results[2].URL)
			},
		},
		{
			flag: "sitemap", sentence: "a file", args: echo + "--sitemap map.xml",
			files: map[string]string{"map.xml": "<urlset><url><loc>{BASE}/echo?map</loc></url></urlset>"},
			check: paths("/echo?map"),
		},
		{flag: "har", sentence: "requests of an archive", args: echo + "--har a.har", files: map[string]string{"a.har": archive}, check: paths("/echo?har")},
		{flag: "csv", sentence: "the column url", args: echo + "--csv a.csv", files: map[string]string{"a.csv": table}, check: paths("/echo?csv")},
		{
			flag: "csv-column", sentence: "all that a request has",
			args:  echo + "--csv a.csv --csv-column method=method --csv-column body=text --csv-column name=page --csv-column header.Accept=kind",
			files: map[string]string{"a.csv": table},
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				request := echoes(t, out)[0]
				require.Equal(t, "POST", request.Method)
				require.Equal(t, "body", request.Body)
				require.Equal(t, "a/b", request.Headers["Accept"])
				results, _ := read(t, out)
				require.Equal(t, "first", results[0].Name)
			},
		},
		{flag: "csv-column", sentence: "by numbers", args: echo + "--csv a.csv --csv-column url=1", files: map[string]string{"a.csv": "a,{BASE}/echo?1\nb,{BASE}/echo?2\n"}, check: paths("/echo?1", "/echo?2")},
		{flag: "csv-delimiter", sentence: "a semicolon", args: echo + "--csv a.csv --csv-delimiter ;", files: map[string]string{"a.csv": "a;url\nb;{BASE}/echo?1\n"}, check: paths("/echo?1")},
		{flag: "csv-comment", sentence: "a number sign", args: echo + "--csv a.csv --csv-comment #", files: map[string]string{"a.csv": "url\n#none\n{BASE}/echo?1\n"}, check: paths("/echo?1")},
		{flag: "skip-invalid", sentence: "of a file", args: echo + "-i list --skip-invalid", files: map[string]string{"list": "none\n{BASE}/echo?1\n"}, check: oneLeftOut},
		{flag: "skip-invalid", sentence: "of standard input", args: echo + "-i - --skip-invalid", stdin: "none\n{BASE}/echo?1\n", check: oneLeftOut},
		{flag: "base-url", sentence: "relative URLs", args: echo + "--base-url {BASE} echo /echo?2", check: paths("/echo", "/echo?2")},
		{flag: "base-url", sentence: "lines", args: echo + "--base-url {BASE} -i -", stdin: "/echo?1\n", check: paths("/echo?1")},
	}
}
