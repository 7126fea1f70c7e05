package command_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// recorder is a server that notes what it is asked for. A path that ends in a status is answered with it.
type recorder struct {
	*httptest.Server

	mu       sync.Mutex
	requests []string
}

func startRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// noted are the headers that are noted.
//
//nolint:gochecknoglobals // a constant list
var noted = []string{"Accept", "Authorization", "Content-Encoding", "Content-Type", "Cookie", "User-Agent", "X-A", "__proto__"}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	line := fmt.Sprintf("%s %s %q", req.Method, req.RequestURI, body)
	for _, name := range noted {
		if value := req.Header.Get(name); value != "" {
			if name == "Authorization" && strings.HasPrefix(value, "Digest") {
				value = "Digest" // with a nonce
			}
			line += fmt.Sprintf(" %s=%q", name, value)
		}
	}
	r.mu.Lock()
	r.requests = append(r.requests, line)
	r.mu.Unlock()
	switch {
	case strings.HasSuffix(req.URL.Path, "/404"):
		w.WriteHeader(http.StatusNotFound)
	case strings.HasSuffix(req.URL.Path, "/digest") && req.Header.Get("Authorization") == "":
		w.Header().Set("WWW-Authenticate", `Digest realm="test", qop="auth", nonce="n", algorithm=MD5`)
		w.WriteHeader(http.StatusUnauthorized)
	case strings.HasSuffix(req.URL.Path, "/html"):
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<script src=/s.js></script><img src=/a.png><img src=/b.png?q=/x/><img src=/404>")
	case strings.HasSuffix(req.URL.Path, "/moved"):
		http.Redirect(w, req, "/page", http.StatusFound)
	case strings.HasSuffix(req.URL.Path, "/map.xml"):
		_, _ = fmt.Fprintf(w, "<urlset><url><loc>http://%s/a</loc></url><url><loc>http://%s/b</loc></url></urlset>", req.Host, req.Host)
	}
}

// taken are the requests until now, sorted: what is fetched together has no order.
func (r *recorder) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.requests
	r.requests = nil
	slices.Sort(all)
	return all
}

// A script that --script prints fetches what the command fetches, exits with the same status, and writes the reports.
func TestScriptsDoTheSame(t *testing.T) {
	t.Parallel()
	for args, exit := range map[string]int{
		"BASE/a BASE/b":                                   0,
		"BASE/a BASE/404":                                 99,
		"BASE/a --budget elapsed<1us":                     99,
		"BASE/a --budget elapsed<1m --budget status:200":  0,
		"--sequential BASE/a BASE/b":                      0,
		"--compare --rounds 2 --no-warmup BASE/a":         0,
		"BASE/a -H X-A:it's~\"quoted\"\\ -A me/1 -b c=d":  0,
		"BASE/a -d a=b&c=d -X PUT -H Content-Type:text/x": 0,
		"BASE/a -d @body --compression gzip":              0,
		"BASE/a -d @binary":                               0,
		"-i list BASE/c --name host":                      0,
		"--page BASE/html --ignore /404/":                 0,
		"--page BASE/html":                                99,
		"--page -i list BASE/html --include script --budget count:script<=1 --budget bytes:image:1": 0,
		"--page --sitemap BASE/map.xml --cache --lazy --viewport 390x844 --dpr 2 --css all":         0,
		"--page -i list -d a=b --color-scheme dark --depth 0 --max-resources 1":                     0,
		"--page --csv a.csv --csv-column url=where --csv-column name=kind --report json=out.json":   0,
		`--page --base-url BASE /html --ignore /[/]x\/|\.png$|(?:404)/iu`:                           0,
		"--page BASE/html --budget count:image<=2":                                                  99,
		"-i list -d a=b":                0,
		"-i list --har a.har -X DELETE": 0,
		"--csv a.csv --csv-column method=verb --csv-column url=where --csv-column header.Accept=kind --csv-column body=text": 0,
		"-i wrong --skip-invalid":                          0,
		"--sitemap BASE/map.xml":                           0,
		"--sitemap map.xml --base-url BASE":                0,
		"--base-url BASE /x y":                             0,
		"-u me:secret BASE/a -i list":                      0,
		"-u me:secret --auth digest BASE/digest":           0,
		"--hosts web.test=HOST http://web.test/a":          0,
		"--block-hostnames *.test http://web.test/a":       99,
		"--expect-status 404 BASE/404 --http1.1":           0,
		"--max-redirects 0 --expect-status 302 BASE/moved": 0,
		"--no-cookie-jar --timeout 5s --deadline 1m --rate 1000 --retries 1 --per-host 0 --concurrency 3 BASE/a": 0,
		"--tracing jaeger BASE/a":                                                                0,
		"--compare=http1.1,http2 --no-warmup BASE/a":                                             99,
		"--alt-svc --early-data BASE/a":                                                          0,
		"--response-type text --max-body-size 1kB BASE/a":                                        0,
		"BASE/a --report json=out.json --title It's --report junit=out.xml --baseline old.jsonl": 0,
		"BASE/a --report text":                                                                   0,
		"BASE/a -H __proto__:1":                                                                  0,
		"BASE/a --report csv=stdout --report text=stderr":                                        0,
		"--base-url BASE -u me:secret --auth digest /digest":                                     0,
		"-u me:secret --auth digest BASE/a%2Fb/digest?q=a|b":                                     0,
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			server := startRecorder(t)
			inPlace := func(text string) string {
				text = strings.ReplaceAll(text, "HOST", strings.TrimPrefix(server.URL, "http://"))
				return strings.ReplaceAll(strings.ReplaceAll(text, "BASE", server.URL), "{BASE}", server.URL)
			}
			contents := map[string]string{
				"body": "a body", "binary": "\xff\x00", "list": "BASE/1\nBASE/2\n", "wrong": "page\nBASE/1\n",
				"map.xml": "<urlset><url><loc>/m</loc></url></urlset>", "old.jsonl": `{"baseline":1,"title":"old"}` + "\n",
				"a.har": strings.ReplaceAll(archive, "{BASE}", "BASE"), "a.csv": "where,verb,kind,text\nBASE/csv,POST,a/b,it\n",
			}
			for name := range contents {
				contents[name] = inPlace(contents[name])
			}
			dir := files(t, contents)
			c := k6test.Command{Dir: dir}
			for arg := range strings.FieldsSeq(inPlace(args)) {
				c.Args = append(c.Args, strings.ReplaceAll(arg, "~", " "))
			}
			out := c.Run(t)
			require.Equal(t, exit, out.ExitCode, "%s%s", out.Stdout, out.Stderr)
			fetched := server.taken()
			written := removeReports(t, dir)

			c.Args = append(c.Args, "--script")
			printed := c.Run(t)
			require.Equal(t, 0, printed.ExitCode, printed.Stderr)
			require.Empty(t, server.taken())
			script := filepath.Join(dir, "load.js")
			require.NoError(t, os.WriteFile(script, []byte(printed.Stdout), 0o600))
			out = k6test.RunFile(t, script)
			require.Equal(t, exit, out.ExitCode, "%s\n%s%s", printed.Stdout, out.Stdout, out.Stderr)
			require.Equal(t, fetched, server.taken(), printed.Stdout)
			require.Equal(t, written, removeReports(t, dir), printed.Stdout)
		})
	}
}

// removeReports removes the reports in a folder, and returns their names.
func removeReports(t *testing.T, dir string) (names []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "out.*"))
	require.NoError(t, err)
	others, err := filepath.Glob(filepath.Join(dir, "std*")) // stdout and stderr
	require.NoError(t, err)
	found = append(found, others...)
	for _, path := range found {
		names = append(names, filepath.Base(path))
		require.NoError(t, os.Remove(path))
	}
	return names
}
