package js_test

import (
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// What a script opens goes with it, and what it imports.
func TestK6ListsAreInTheArchive(t *testing.T) {
	t.Parallel()
	site := startSite(t).Env()
	env := make([]string, 0, 2*len(site))
	for _, variable := range site {
		env = append(env, "-e", variable)
	}
	folder, archive := t.TempDir(), filepath.Join(t.TempDir(), "archive.tar")
	require.NoError(t, os.CopyFS(folder, os.DirFS("testdata")))
	script := filepath.Join(folder, "lists", "lists"+testFile)
	out := k6test.StartCommand(t, append(append([]string{"archive", "--archive-out", archive}, env...), script)...).Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.NoError(t, os.RemoveAll(folder))
	reportCases(t, k6test.RunFile(t, archive, env...))
}

func TestK6ListsThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	folder, next := t.TempDir(), new(atomic.Int64)
	require.NoError(t, os.CopyFS(folder, os.DirFS(testdata(t, "lists"))))
	for call, says := range map[string]string{
		`lines('bad.txt')`:                           "lines(): bad.txt:2: the URL does not begin with http:// or https://",
		`lines('none.txt')`:                          "lines(): none.txt: there is no such file",
		`lines('file://')`:                           "TypeError: lines path must be the path of a file; got \"file://\"",
		`if (__VU > 0) lines('urls.txt')`:            "lines(): urls.txt: it must be opened by all VUs, whatever __VU is",
		`lines('.')`:                                 "lines(): .: it is a directory",
		`lines()`:                                    "TypeError: lines path must be the path of a file; got undefined",
		`lines('urls.txt', { onEror: 'skip' })`:      "TypeError: lines options.onEror is not an option (did you mean onError?); allowed: onError",
		`lines('urls.txt', { onError: 'no' })`:       "TypeError: lines options.onError must be one of 'fail', 'skip'; got \"no\"",
		`csv('urls.csv')`:                            `csv(): urls.csv:1: there is no column "url"; there are what, where, called, kind, text`,
		`csv('urls.csv', { url: 1, name: 'a' })`:     "TypeError: csv options must give all columns by name, or all of them by number",
		`csv('urls.csv', { delimiter: '--' })`:       "TypeError: csv options.delimiter must be one character; got \"--\"",
		`har('paced.har', { pace: 'recorded' })`:     "har(): paced.har:7: startedDateTime is missing",
		`har('paced.har', { pace: 0 })`:              "TypeError: har options.pace must be 'recorded' or a finite number above 0; got 0",
		`har('paced.har', { pace: -1 })`:             "har options.pace must be 'recorded' or a finite number above 0; got -1",
		`har('paced.har', { pace: Infinity })`:       "har options.pace must be 'recorded' or a finite number above 0; got Infinity",
		`har('paced.har', { pace: NaN })`:            "har options.pace must be 'recorded' or a finite number above 0; got NaN",
		`har('paced.har', { pace: '2' })`:            "har options.pace must be 'recorded' or a finite number above 0; got \"2\"",
		`har('paced.har', { pace: true })`:           "har options.pace must be 'recorded' or a finite number above 0; got true",
		`har('paced.har', { pace: null })`:           "har options.pace must be 'recorded' or a finite number above 0; got null",
		`har('paced.har', { peace: 1 })`:             "TypeError: har options.peace is not an option (did you mean pace?); allowed: onError, pace",
		`lines('urls.txt', { pace: 'recorded' })`:    "TypeError: lines options.pace is not an option; allowed: onError",
		`har('urls.txt')`:                            "har(): urls.txt:1: the file is not JSON",
		`sitemap('page.har')`:                        "sitemap(): page.har:",
		`sitemap('http://maps.example/sitemap.xml')`: "Using sitemap() of a URL in the init context is not supported",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			script := filepath.Join(folder, strconv.Itoa(int(next.Add(1)))+".js")
			text := "import { csv, har, lines, sitemap } from 'k6/x/fetch';\n" + call + ";\nexport default function () {}\n"
			require.NoError(t, os.WriteFile(script, []byte(text), 0o600))
			out := k6test.RunFile(t, script)
			require.NotEqual(t, 0, out.ExitCode)
			require.Contains(t, out.Stderr, says)
		})
	}
}
