package command_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// peak checks how many URLs were in flight at once, at most.
func peak(want int) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		_, end := read(t, out)
		require.Equal(t, want, end.Totals.Peak)
	}
}

func modeCases() []flagCase {
	const four = " {BASE}/delay/30?1 {BASE}/delay/30?2 {BASE}/delay/30?3 {BASE}/delay/30?4"
	return []flagCase{
		{flag: "sequential", sentence: "one at a time", args: "--json --sequential" + four, check: peak(1)},
		{
			flag: "compare", sentence: "both ways", args: "--compare" + four,
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				require.Regexp(t, `concurrent is \d\.\d times as fast: [\d.]+ ms instead of [\d.]+ ms\n$`, out.Stdout)
				require.Equal(t, 12, site.Web.Hits("/delay/30"), "a round before, and one each way")
			},
		},
		{
			flag: "compare", sentence: "three versions", args: "-k --compare=http1.1,http2,http3 {TLS2}/delay/5 {TLS2}/echo",
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				for _, way := range []string{"http1.1", "http2", "http3"} {
					require.Contains(t, out.Stdout, way+", 2 at once\n")
				}
				require.Equal(t, 6, site.Web.Hits("/delay/5"), "a round before, and one each way")
			},
		},
		{
			flag: "compare", sentence: "versions behind a space, of a list, in lines",
			args:  "--json -k --no-warmup --sequential=false --compare http3,http2 -i list {TLS2}/echo",
			files: map[string]string{"list": "{TLS2}/bytes/10\n"},
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, end := read(t, out)
				require.Len(t, results, 4)
				for _, r := range results {
					require.Equal(t, map[string]string{"http3": "HTTP/3.0", "http2": "HTTP/2.0"}[r.Mode], r.Proto)
				}
				require.NotZero(t, *end.Speedup)
			},
		},
		{
			flag: "rounds", sentence: "three", args: "--json --compare --rounds 3" + four,
			check: func(t *testing.T, site *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, end := read(t, out)
				require.Len(t, results, 3*2*4)
				require.Greater(t, *end.Speedup, 1.5)
				require.Equal(t, (1+3*2)*4, site.Web.Hits("/delay/30"))
			},
		},
		{
			flag: "no-warmup", sentence: "nothing before", args: "--compare --no-warmup" + four,
			check: func(t *testing.T, site *web.Site, _ *k6test.Outcome) {
				t.Helper()
				require.Equal(t, 8, site.Web.Hits("/delay/30"))
			},
		},
		{flag: "concurrency", sentence: "three", args: "--json --concurrency 3 {BASE}/gate/a?n=3 {BASE}/gate/a?n=3 {BASE}/gate/a?n=3 {BASE}/hold/a", check: peak(3)},
		{
			flag: "per-host", sentence: "one", args: "--json --per-host 1" + four,
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				peak(1)(t, nil, out)
			},
		},
		{
			flag: "rate", sentence: "ten each second", args: "--json --rate 10 {BASE}/echo {BASE}/echo {BASE}/echo",
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				last := 0.
				for _, r := range results {
					last = max(last, r.Timings["queued"])
				}
				require.Greater(t, last, 150.)
			},
		},
		{
			flag: "retries", sentence: "two", args: "--json --retries 2 {BASE}/flaky/a?n=2&status=503&after=0",
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				require.Equal(t, 3, results[0].Attempts)
			},
		},
		{
			flag: "timeout", sentence: "of a request", args: "--json --timeout 50ms {BASE}/hang", exit: 99,
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				results, _ := read(t, out)
				require.Equal(t, 1050, results[0].ErrorCode)
			},
		},
		{
			flag: "deadline", sentence: "of the run", args: "--json --deadline 100ms --concurrency 1 {BASE}/hang {BASE}/echo", exit: 99,
			check: func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
				t.Helper()
				_, end := read(t, out)
				require.Equal(t, 1, end.Totals.Failed)
				require.Equal(t, 1, end.Totals.NotRun)
				require.False(t, end.Interrupted)
			},
		},
	}
}
