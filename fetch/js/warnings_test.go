package js_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// TestFailedRequestsAreWarnedOf compares what k6's log has of requests without an answer.
func TestFailedRequestsAreWarnedOf(t *testing.T) {
	t.Parallel()
	const dead = "http://127.0.0.1:1/"
	options := `"blacklistIPs":["127.0.0.8/31"],"hosts":{"there.example":"127.0.0.9"},"blockHostnames":["*.blocked.example"]`
	for name, c := range map[string]struct {
		theirs, ours string
		args         []string
		want         []string // of ours, where it is not what k6 says
	}{
		"the cause in full, as k6 has it": {
			theirs: `http.batch([urls[0]]); http.batch([urls[1]]); http.batch([urls[2]]); http.batch([urls[3]]); http.batch([urls[4]]);`,
			ours:   `await sequential(urls);`,
		},
		"an answer is no failure here, whatever its status": {theirs: `http.batch([BASE + '/status/500'])`, ours: `await concurrent([BASE + '/status/500'])`},
		"what rejects is not warned of": {
			theirs: `try { http.get(dead, { throw: true }) } catch {}`,
			ours: `for (const how of [true, 'failed']) try { await concurrent([dead], { throw: how }) } catch {}
				await concurrent([['GET', dead, null, { throw: true }]]).catch(() => {});`,
		},
		"five of a run, and how many more": {
			ours: `await concurrent(times(8, () => dead)); await concurrent(times(5, () => dead));`,
			want: append(fill(11, `Get "`+dead+`": dial tcp 127.0.0.1:1: connect: connection refused`)[:5],
				append([]string{"3 more targets of this run have no answer"}, fill(5, `Get "`+dead+`": dial tcp 127.0.0.1:1: connect: connection refused`)...)...),
		},
		"streams, callbacks and comparisons, but not warm-ups": {
			ours: `await drain(stream([dead], { throw: true })); await concurrent([dead], { onResult: () => {} }); await compare([dead]);`,
			want: fill(4, `Get "`+dead+`": dial tcp 127.0.0.1:1: connect: connection refused`),
		},
		"what a deadline cuts off is not warned of": {ours: `await concurrent([BASE + '/hang'], { deadline: '200ms' })`},
		"a target is warned of once, after its retries": {
			ours: `await concurrent([dead, [ 'PURGE', dead ]], { retries: 1, concurrency: 1 })`,
			want: []string{`Get "` + dead + `": dial tcp 127.0.0.1:1: connect: connection refused`, `Purge "` + dead + `": dial tcp 127.0.0.1:1: connect: connection refused`},
		},
		"without secrets": {
			ours: `await sequential(['http://hush:s3cr@127.0.0.1:1/', 'http://hush:s3cr@[::1/', 'ftp://hush:s3cr@x/',
				BASE + '/to?url=' + encodeURIComponent('http://hush:s3cr@127.0.0.1:1/'), BASE + '/location']);`,
			want: []string{
				`Get "http://****:****@127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused`,
				`Get "http://****:****@[::1/": invalid URL: missing ']' in host`,
				`Get "ftp://****:****@x/": unsupported protocol scheme "ftp"`,
				`Get "http://****:****@127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused`,
				`Get "BASE/location": failed to parse Location header "http://****:****@%zz": parse "http://****:****@%zz": invalid URL escape "%zz"`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			mux := srv.Config.Handler
			srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/location" {
					mux.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Location", "http://hush:s3cr t@%zz")
				w.WriteHeader(http.StatusFound)
			})
			warned := func(do string) []string {
				script := `const dead = '` + dead + `', urls = [dead, 'http://there.example/', 'http://a.blocked.example/', 'ftp://127.0.0.1/',
					BASE + '/to?url=' + encodeURIComponent('http://127.0.0.8/')];
					export const options = {` + options + `}; export default async function () { ` + do + ` }`
				out := runScript(t, srv, script, "--log-format", "json")
				require.Equal(t, 0, out.ExitCode, out.Stderr)
				return warnings(t, out.Stderr)
			}
			want := c.want
			if c.theirs != "" {
				want = warned(c.theirs)
			}
			for i := range want {
				want[i] = strings.ReplaceAll(want[i], "BASE", srv.URL)
			}
			require.Equal(t, want, warned(c.ours))
		})
	}
}

func fill(n int, text string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = text
	}
	return all
}

// warnings are the errors of requests in a log.
func warnings(t *testing.T, log string) []string {
	t.Helper()
	var errs []string
	for line := range strings.SplitSeq(strings.TrimSpace(log), "\n") {
		var entry struct{ Level, Msg, Error string }
		if line == "" {
			continue
		}
		require.NoError(t, json.Unmarshal([]byte(line), &entry), line)
		if entry.Msg == "Request Failed" {
			require.Equal(t, "warning", entry.Level)
			errs = append(errs, entry.Error)
		} else {
			require.Fail(t, fmt.Sprint(entry))
		}
	}
	return errs
}
