package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// What is wrong is said in one line, with what is allowed. Nothing is sent, and the exit status is 104.
func TestUsage(t *testing.T) {
	t.Parallel()
	dir := files(t, map[string]string{
		"urls": "http://a.test/\n", "wrong": "http://a.test/\npage\n", "table.csv": "a,b\n", "report.json": `{"version": 9}`,
	})
	for args, want := range map[string]string{
		"":                                      "there is nothing to fetch: give URLs, or a list with --input, --sitemap, --har or --csv",
		"a.example":                             `"a.example": the URL does not begin with http:// or https://`,
		"me:secret@a.example/b":                 `"****@a.example/b": the URL does not begin with http:// or https://`,
		"ftp://me:secret@a.example":             `"ftp://****:****@a.example": the URL does not begin with http:// or https://`,
		"URL --concurency 5":                    "unknown flag: --concurency; did you mean --concurrency? k6 x fetch --help shows all flags",
		"URL --conc 5":                          "unknown flag: --conc; did you mean --concurrency? k6 x fetch --help shows all flags",
		"URL --xyz":                             "unknown flag: --xyz; k6 x fetch --help shows all flags",
		"URL -Z":                                "unknown shorthand flag: 'Z' in -Z; k6 x fetch --help shows all flags",
		"URL --concurrency":                     "flag needs an argument: --concurrency; k6 x fetch --help shows all flags",
		"URL --concurrency 0":                   "--concurrency must be an integer of at least 1; got 0",
		"URL --concurrency many":                `--concurrency must be an integer of at least 1; got "many"`,
		"URL --per-host -1":                     "--per-host must be an integer of at least 0; got -1",
		"URL --rate 0":                          "--rate must be a number of starts per second above 0; got 0",
		"URL --retries 1.5":                     "--retries must be an integer of at least 0; got 1.5",
		"URL --timeout soon":                    `--timeout must be a duration of more than 0, as a string ('1m30s') or in milliseconds; got "soon"`,
		"URL --deadline 0":                      "--deadline must be a duration of more than 0, as a string ('1m30s') or in milliseconds; got 0",
		"URL --max-redirects -1":                "--max-redirects must be an integer of at least 0; got -1",
		"URL --max-body-size big":               `--max-body-size must be a size of more than 0, as a string ('10MB') or in bytes; got "big"`,
		"URL --response-type json":              `--response-type must be one of 'none', 'text', 'binary'; got "json"`,
		"URL --auth oauth":                      `--auth must be one of 'basic', 'digest', 'ntlm'; got "oauth"`,
		"URL --tracing b3":                      `--tracing.propagator must be one of 'w3c', 'jaeger'; got "b3"`,
		"URL --compression zip":                 `--compression must be a list of gzip, deflate, br and zstd; got "zip"`,
		"URL --name {query}":                    `--name must be a string in which nothing but {host}, {path}, {key} and {index} is in braces; got "{query}"`,
		"URL --base-url page":                   `--base-url must be an absolute URL; got "page"`,
		"URL --rounds 3":                        "--rounds is for --compare",
		"URL --no-warmup":                       "--no-warmup is for --compare",
		"URL --compare --rounds 0":              "--rounds must be an integer of at least 1; got 0",
		"URL --sequential --compare":            "--sequential and --compare cannot be given together",
		"URL --page --compare":                  "--page and --compare cannot be given together",
		"URL --sequential --page":               "--sequential and --page cannot be given together",
		"URL --page --rounds 2":                 "--rounds is for --compare",
		"URL --ignore image":                    "--ignore is for --page",
		"URL --cache":                           "--cache is for --page",
		"URL --viewport 1x1 --sequential":       "--viewport is for --page",
		"URL --page --ignore images":            `--ignore[0] must be a regular expression, a host ('cdn.example', '*.example') or a type (document, style, script, font, image, media, track, manifest, embed, object, other), or an array of those; got "images" (did you mean image?`,
		"URL --page --include /(/":              `--include must be a type, a host or a /pattern/ as in JavaScript; got "/(/"`,
		"URL --page --include /(?=a)/":          "--include[0] must be a regular expression without lookaround and back-references, because Go matches it; got /(?=a)/",
		"URL --page --include /a/x":             `--include must be a type, a host or a /pattern/ as in JavaScript; got "/a/x"`,
		"URL --page --ignore /a":                `--ignore must be a type, a host or a /pattern/ as in JavaScript; got "/a"`,
		"URL --page --max-resources -1":         "--max-resources must be an integer from 0 to 100000; got -1",
		"URL --page --depth 11":                 "--depth must be an integer from 0 to 10; got 11",
		"URL --page --css none":                 `--css must be one of 'used', 'all'; got "none"`,
		"URL --page --lazy=maybe":               `--lazy must be true or false; got "maybe"`,
		"URL --page --viewport 390":             `--viewport must be width x height in CSS pixels, such as 390x844; got "390"`,
		"URL --page --viewport 0x5":             "--viewport.width must be an integer from 1 to 100000; got 0",
		"URL --page --viewport 5xtall":          `--viewport.height must be an integer from 1 to 100000; got "tall"`,
		"URL --page --dpr 0":                    "--dpr must be a number of device pixels for each CSS pixel, above 0 and up to 16; got 0",
		"URL --page --color-scheme sepia":       `--color-scheme must be one of 'light', 'dark'; got "sepia"`,
		"URL --expect has=a":                    `--expect must be contains=, lacks=, matches=/…/, sha256=, status=, header:NAME=, json:PATH= or days-left=, such as 'contains=Welcome'; got "has=a"`,
		"URL --expect contains":                 "--expect must be contains=, la",
		"URL --expect json=1":                   "--expect must be contains=, la",
		"URL --expect header:=1":                "--expect must be contains=, la",
		"URL --expect contains=":                `--expect.body.contains[0] must be a string that is not empty, or an array of those; got ""`,
		"URL --expect matches=a":                `--expect.body.matches[0] must be a regular expression, or an array of those; got "a"`,
		"URL --expect matches=/a(?=b)/":         "--expect.body.matches[0] must be a regular expression without lookaround and back-references",
		"URL --expect status=ok":                `--expect must be statuses and ranges of them, such as status=200,300-399; got "status=ok"`,
		"URL --expect days-left=soon":           `--expect.certificate.daysLeft must be a number of days of at least 0; got "soon"`,
		"URL --expect sha256=ab":                "--expect.body.sha256[0] must be a SHA-256 digest of 64 hexadecimal digits",
		"URL --page --budget count:image":       "--budget.count is not a key of a budget; allowed: attempts, blocked, bytes, bytes:<type>, certificate_days, connecting, count:<type>, ",
		"URL --page --budget count:images<5":    "--budget.count:images is not a key of a budget (did you mean count:image?); allowed: attempts, ",
		"URL --page --budget bytes:image<5s":    `--budget.bytes:image[0] must be a number of bytes, a size ('100kB') or a bound ('<100kB'), or an array of those; got "<5s"`,
		"URL --page --budget bytes:p(95)<5":     `--budget.bytes[0] must be a number of bytes`,
		"URL --budget count:image<5":            "--budget.count:image is not a key of a budget, except of that of page(); allowed: attempts, ",
		"URL --budget page_load<5s":             "--budget.page_load is not a key of a budget, except of that of page(); allowed: attempts, ",
		"URL --http1.1 --http2":                 "--http1.1 and --http2 cannot be given together",
		"URL --http3 --http2":                   "--http3 and --http2 cannot be given together",
		"URL --http2 --alt-svc":                 "--alt-svc has no effect with --http2",
		"URL --http3 --alt-svc":                 "--alt-svc has no effect with --http3",
		"URL --http1.1 --early-data":            "--early-data has no effect with --http1.1",
		"URL --compare=http1.1":                 `--compare must be two or three of http1.1, http2 and http3, with commas; got "http1.1"`,
		"URL --compare=http2,http4":             `--compare must be two or three of http1.1, http2 and http3, with commas; got "http2,http4"`,
		"URL --compare=http2,http2":             `--compare must be two or three of http1.1, http2 and http3, with commas; got "http2,http2"`,
		"URL --compare=http2,http3 --http3":     "--http3 and versions for --compare cannot be given together",
		"URL --compare=http2,http3 --alt-svc":   "--alt-svc has no effect with versions for --compare",
		"http2,http3 URL":                       `"http2,http3": `,
		"URL --insecure=maybe":                  `--insecure must be true or false; got "maybe"`,
		"URL -X G~T":                            `--method must be an HTTP method; got "G T"`,
		"URL -H topsecret":                      "--header must be the name of a header, a colon and its value",
		"URL -b topsecret":                      "--cookie must be name=value, or several with semicolons",
		"URL -u topsecret":                      "--user must be a name, a colon and a password",
		"URL -d @none":                          "--data: open DIR/none: no such file or directory",
		"URL --expect-status 2xx":               `--expect-status must be statuses and ranges of them, such as 200,300-399; got "2xx"`,
		"URL --expect-status 300-200":           `--expect-status must be statuses and ranges of them, such as 200,300-399; got "300-200"`,
		"URL --budget fast":                     `--budget must be a key and a bound, such as 'elapsed<500ms' or 'elapsed:p(95)<1s'; got "fast"`,
		"URL --budget time<5":                   "--budget.time is not a key of a budget; allowed: attempts, ",
		"URL --budget elapsed<fast":             "--budget.elapsed[0] must be milliseconds, a duration ('500ms'), a bound ('<500') or an expression ('p(95)<500'), or an array of those; got \"<fast\"",
		"URL --budget status:ok":                `--budget must be statuses and ranges of them, such as status:200,300-399; got "status:ok"`,
		"URL --dns policy=none":                 "--dns must be settings such as ttl=5m,select=random,policy=preferIPv4: none does not belong to DNSPolicy values",
		"URL --dns ttl=soon":                    `--dns: ttl must be a duration, inf or 0; got "soon"`,
		"URL --resolve a.test":                  `--resolve must be host:port:address, such as a.example:443:127.0.0.1; got "a.test"`,
		"URL --resolve a.test:0:127.0.0.1":      `--resolve must be host:port:address, such as a.example:443:127.0.0.1; got "a.test:0:127.0.0.1"`,
		"URL --hosts a.test":                    `--hosts must be host=address, such as a.example=127.0.0.1; got "a.test"`,
		"URL --hosts a.test=b.test":             `--hosts must be host=address, such as a.example=127.0.0.1; got "a.test=b.test"`,
		"URL --blacklist-ip 10.0.0.0/99":        "--blacklist-ip: ",
		"URL --http-debug=all":                  `--http-debug must be headers or full; got "all"`,
		"URL --report pdf=a.pdf":                `--report must be one of text, html, json, markdown, csv, junit, tap, har, baseline, and = with a file; got "pdf=a.pdf"`,
		"URL --report json=none/a.json":         "--report: there is no folder for none/a.json",
		"URL --report json=.":                   "--report: . is a folder",
		"URL --report json=http://a:secret@b/c": "--report: there is no folder for http://****:****@b/c",
		"URL --report json --json":              "--json and --report without a file both write to standard output: give the report a file",
		"URL --baseline=":                       "--baseline must be the path of a report",
		"URL --baseline http://a:secret@b/c":    "http://****:****@b/c: ",
		"URL --baseline - -i -":                 "standard input can be read only once, and both --baseline - and --input - read it",
		"URL -d @- --baseline -":                "standard input can be read only once, and both --data @- and --baseline - read it",
		"URL --baseline none":                   "none: open DIR/none: no such file or directory",
		"URL --baseline urls":                   "urls is no report of the format json or baseline: ",
		"URL --baseline report.json":            "report.json is no report of the format json or baseline: version is 9, which is later than the 1 that this extension reads",
		"URL --significance 2":                  `--significance must be a probability above 0 and below 1; got "2"`,
		"URL --tolerance -1":                    `--tolerance must be a share of at least 0 (0.05 is 5 %); got "-1"`,
		"URL --tolerance inf":                   `--tolerance must be a share of at least 0 (0.05 is 5 %); got "inf"`,
		"--input http://me:secret@a.example/":   "http://****:****@a.example/: there is no such file",
		"--input none":                          "none: there is no such file",
		"--input .":                             ".: it is a directory",
		"--input wrong":                         "wrong:2: the URL does not begin with http:// or https://",
		"--input - --input -":                   "standard input can be read only once: --input - was given several times",
		"-d @- -i -":                            "standard input can be read only once, and both --data @- and --input - read it",
		"URL -d @- -d @-":                       "standard input can be read only once: --data @- was given several times",
		"--input - --concurrency 2147483647":    "--concurrency must be at most 65536 for -, because nobody knows how many URLs come",
		"--input - --compare":                   "--compare fetches its URLs several times, and standard input can be read only once: give --input a file",
		"--input /dev/stdin --compare":          "--compare fetches its URLs several times, and /dev/stdin can be read only once",
		"--input - --script":                    "a script cannot read standard input: give --input a file",
		"--har -":                               "--har must be a file: standard input is read once, by --input",
		"--har urls":                            "urls:1: ",
		"--csv table.csv":                       `table.csv:1: there is no column "url"; there are a, b`,
		"--csv table.csv --csv-column a":        `--csv-column must be url, method, name, body or header.NAME, and = with a column; got "a"`,
		"--csv table.csv --csv-delimiter ab":    `--csv-delimiter must be one character; got "ab"`,
		"--csv table.csv --csv-column method=1": "--csv-column must give all columns by name, or all of them by number, url among them",
		"URL --csv-delimiter ;":                 "--csv-column, --csv-delimiter and --csv-comment are for --csv",
		"URL --script --json":                   "--json and --script cannot be given together: a script writes JSON with --report json=FILE",
		"-i urls -u a:b --auth ntlm --script":   "--user with --auth digest or ntlm has no script for lists: write name:password@ into their URLs",
		"compare urls":                          "compare takes two reports, the old one and the new one; got 1",
		"compare - -":                           "standard input can be read only once: both reports are -",
		"compare urls ./urls":                   "urls is no report of the format json or baseline: ",
		"compare a b --concurrency 5":           "unknown flag: --concurrency; k6 x fetch compare --help shows all flags",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			in := k6test.Command{Dir: dir, Stdin: strings.NewReader("")}
			for arg := range strings.FieldsSeq(args) {
				arg = strings.ReplaceAll(arg, "URL", "http://127.0.0.1:1/")
				in.Args = append(in.Args, strings.ReplaceAll(arg, "~", " "))
			}
			out := in.Run(t)
			require.Equal(t, 104, out.ExitCode, "%s%s", out.Stdout, out.Stderr)
			require.Empty(t, out.Stdout)
			text, isLine := strings.CutSuffix(out.Stderr, "\n")
			require.True(t, isLine)
			require.NotContains(t, text, "\n", "it is one line")
			// Before k6 knows how to log, it quotes what is wrong with a flag. It calls itself what its file is called.
			text = strings.ReplaceAll(text, filepath.Base(os.Args[0]), "k6")
			require.Contains(t, text, strings.ReplaceAll(want, "DIR", dir))
			require.NotContains(t, text, "secret")
		})
	}
}

// k6's own options hold as they do for scripts: those in its configuration file, and those of the environment.
func TestK6sConfiguration(t *testing.T) {
	t.Parallel()
	site := startSite(t)
	dir := files(t, map[string]string{configFile: `{"userAgent": "of the file", "maxRedirects": 1}`, "broken.json": "{"})
	args := strings.Fields("--json --response-type text " + site.Web.URL + "/echo")
	userAgent := func(c k6test.Command) string {
		c.Dir = dir
		out := c.Run(t)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		return echoes(t, out)[0].Headers["User-Agent"]
	}
	config := []string{"--config", configFile}
	require.Equal(t, "of the file", userAgent(k6test.Command{Args: args, Root: config}))
	env := []string{"K6_USER_AGENT=of the environment"}
	require.Equal(t, "of the environment", userAgent(k6test.Command{Args: args, Root: config, Env: env}))
	require.Equal(t, "of the flag", userAgent(k6test.Command{Args: append(args, "-A", "of the flag"), Root: config, Env: env}))

	for text, c := range map[string]k6test.Command{
		"the configuration: ":                {Root: []string{"--config", "none.json"}},
		"the configuration in broken.json: ": {Root: []string{"--config", "broken.json"}},
		"the environment: ":                  {Env: []string{"K6_BATCH=many"}},
		"--concurrency must be an integer of at least 1; it is not given, and k6's option batch is 0": {Env: []string{"K6_BATCH=0"}},
	} {
		c.Dir, c.Args = dir, args
		out := c.Run(t)
		require.Equal(t, 104, out.ExitCode, out.Stderr)
		require.Contains(t, out.Stderr, text)
	}
}

// A proxy is that of the environment, as for scripts.
func TestTheProxyIsThatOfTheEnvironment(t *testing.T) {
	t.Parallel()
	site := startSite(t)
	out := k6test.Command{Args: []string{"http://a.example/"}, Env: []string{"HTTP_PROXY=" + site.Proxy()}}.Run(t)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.EqualValues(t, 1, site.Proxied.Load())
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for args, want := range map[string][]string{
		"--comp":          {"--compare", "--compression"},
		"--report ":       {"html=", "junit="},
		"--auth ":         {"basic", "digest", "ntlm"},
		"--concurrency ":  {":4"}, // cobra: no files
		"--input ":        {":0"}, // files
		"compare --sig":   {"--significance"},
		"comp":            {"compare"},
		"http://a.test/ ": {":4"},
	} {
		words := strings.Split(args, " ")
		out := k6test.Command{Root: []string{"__complete"}, Args: words}.Run(t)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		for _, word := range want {
			require.Contains(t, out.Stdout, word, args)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	out := k6test.Command{Args: []string{"--help"}}.Run(t)
	require.Equal(t, 0, out.ExitCode)
	for _, text := range []string{"k6 x fetch https://a.example https://b.example", "Exit status", "--concurrency n", "-k, --insecure "} {
		require.Contains(t, out.Stdout, text)
	}
	for line := range strings.Lines(out.Stdout) {
		require.LessOrEqual(t, len(line), 130, line)
	}
}
