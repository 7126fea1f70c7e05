package js_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// TestSamplesAreThoseOfHTTPBatch compares them request by request, for each set of system tags.
func TestSamplesAreThoseOfHTTPBatch(t *testing.T) {
	t.Parallel()
	all := "proto,subproto,status,method,url,name,group,check,error,error_code,tls_version,scenario,service,rpc_type," +
		"expected_response,vu,iter,ip,ocsp_status"
	for name, args := range map[string][]string{
		"default system tags":      nil,
		"all system tags":          {"--system-tags", all},
		"few system tags":          {"--system-tags", "status"},
		"discarded bodies":         {"--discard-response-bodies", "--tag", "run=1"},
		"no connection reuse, rps": {"--no-connection-reuse", "--rps", "10000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := judge(t, web.New(t), "samples", args...)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			batch, own := byTag(out, "batch"), byTag(out, "fetch")
			require.Len(t, batch, 22)
			for what := range batch {
				t.Run(what, func(t *testing.T) { require.Equal(t, batch[what], own[what]) })
			}
		})
	}
}

// byTag returns, per case, how often each sample occurs, without the times that no two requests have in common.
func byTag(out *k6test.Outcome, by string) map[string]map[string]int {
	found := make(map[string]map[string]int)
	for _, s := range out.Samples {
		if s.Tags["by"] != by || strings.HasPrefix(s.Metric, "fetch_") {
			continue
		}
		what := s.Tags["case"]
		if found[what] == nil {
			found[what] = make(map[string]int)
		}
		delete(s.Tags, "by")
		text := fmt.Sprint(s.Metric, " ", s.Tags, " ", s.Meta)
		if s.Metric == "http_reqs" || s.Metric == "http_req_failed" {
			text += fmt.Sprint(" = ", s.Value)
		}
		found[what][text]++
	}
	return found
}

// The tags of a group cannot be told apart by a tag that is set outside of it, since the group ends at the first await.
func TestSamplesInGroupsSetupAndTeardown(t *testing.T) {
	t.Parallel()
	script := func(request string) string {
		return `
			async function ask() { ` + request + ` }
			export async function setup() { await ask(); return {}; }
			export default function () {
				group('outer', () => group('inner', () => { ask(); }));
			}
			export async function teardown() { await ask(); }`
	}
	batch := runScript(t, web.New(t), script(`http.batch(['http://127.0.0.1:1/', 'http://127.0.0.1:1/']);`))
	own := runScript(t, web.New(t), script(`await concurrent(['http://127.0.0.1:1/', 'http://127.0.0.1:1/']);`))
	require.Equal(t, 0, own.ExitCode, own.Stderr)
	require.NotEmpty(t, byTag(batch, "")[""])
	require.Equal(t, withoutGroups(batch), withoutGroups(own))
}

// withoutGroups leaves out what only groups themselves emit.
func withoutGroups(out *k6test.Outcome) map[string]int {
	samples := byTag(out, "")[""]
	maps.DeleteFunc(samples, func(text string, _ int) bool { return !strings.HasPrefix(text, "http_") })
	return samples
}

// Bytes are k6's own samples, once per iteration: the same requests must count as many.
func TestBytesOnTheWireAreCounted(t *testing.T) {
	t.Parallel()
	requests := `const targets = [BASE + '/bytes/1000', ['POST', BASE + '/bytes/10', 'x'.repeat(500)], BASE + '/bytes/30000'];`
	sum := make(map[string][2]float64)
	for by, call := range map[string]string{
		"batch": "http.batch(targets);", "fetch": "await concurrent(targets);",
	} {
		srv := web.New(t)
		out := runScript(t, srv, `export default async function () { `+requests+call+` }`)
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		sum[by] = [2]float64{out.Sum("data_sent"), out.Sum("data_received")}
	}
	require.Greater(t, sum["batch"][1], 31000.0)
	// The port of the server and the number of a connection may be a digit longer.
	require.InDelta(t, sum["batch"][0], sum["fetch"][0], 10)
	require.InDelta(t, sum["batch"][1], sum["fetch"][1], 10)
}
