//nolint:goconst // names of options
package js_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// both makes the same requests with http.batch and with concurrent, and tells their samples apart by the tag "by".
const both = `
const both = async (what, targets, options) => {
	exec.vu.metrics.tags.case = what;
	exec.vu.metrics.tags.by = 'batch';
	for (const jar of [http.cookieJar()]) jar.clear(BASE);
	http.batch(targets);
	exec.vu.metrics.tags.by = 'fetch';
	for (const jar of [http.cookieJar()]) jar.clear(BASE);
	await concurrent(targets, options);
	delete exec.vu.metrics.tags.by;
	delete exec.vu.metrics.tags.case;
};
export const options = Object.assign({ iterations: 1 }, JSON.parse(__ENV.OPTIONS || '{}'));
export default async function () {
	await both('plain', [BASE + '/bytes/10', BASE + '/bytes/10', BASE + '/bytes/20']);
	await both('redirects', [BASE + '/redirect/3', ['GET', BASE + '/redirect/3', null, { redirects: 1 }],
		['GET', BASE + '/redirect/2', null, { redirects: 0 }], ['POST', BASE + '/redirect/1', 'x']]);
	await both('bodies', [['POST', BASE + '/echo', 'body'], ['POST', BASE + '/echo', { form: 1 }], ['PUT', BASE + '/echo', 'x'],
		['DELETE', BASE + '/echo'], ['HEAD', BASE + '/echo'], ['OPTIONS', BASE + '/echo'], ['PATCH', BASE + '/echo', 'p']]);
	await both('statuses', [BASE + '/status/404', BASE + '/status/500', BASE + '/status/204', BASE + '/status/304', BASE + '/status/418']);
	await both('refused', ['http://127.0.0.1:1/', ['POST', 'http://127.0.0.1:1/x', 'b']]);
	await both('timeout', [['GET', BASE + '/hang', null, { timeout: '50ms' }]]);
	await both('tags', [['GET', BASE + '/bytes/1', null, { tags: { mine: 'a', n: 5, yes: true } }],
		{ method: 'GET', url: BASE + '/bytes/2', params: { tags: { mine: 'b' } } }]);
	await both('named by a tag', [['GET', BASE + '/bytes/1', null, { tags: { name: 'by tag' } }],
		['GET', BASE + '/redirect/1', null, { tags: { name: 'by tag' } }], ['GET', BASE + '/status/404', null, { tags: { name: 'by tag' } }]]);
	await both('overridden tags', [['GET', BASE + '/bytes/1', null, { tags: { url: 'u', method: 'm', status: 's', expected_response: 'e' } }]]);
	await both('templates', [http.url` + "`${BASE}/bytes/${1}`, ['GET', http.url`${BASE}/bytes/${2}`], http.url`${BASE}/redirect/${1}`" + `]);
	await both('cookies', [['GET', BASE + '/echo', null, { cookies: { a: 'b' } }], BASE + '/cookie/x/y']);
	await both('expected', [['GET', BASE + '/status/404', null, { responseCallback: http.expectedStatuses(404) }],
		['GET', BASE + '/status/200', null, { responseCallback: http.expectedStatuses({ min: 300, max: 400 }) }],
		['GET', BASE + '/redirect/1', null, { responseCallback: http.expectedStatuses(200) }]]);
	await both('unjudged', [['GET', BASE + '/status/404', null, { responseCallback: null }],
		['GET', 'http://127.0.0.1:1/', null, { responseCallback: null }]]);
	await both('queries', [BASE + '/bytes/1?a=b&c=%20d#fragment', BASE + '/bytes/1?ü=ä']);
	await both('credentials', [BASE.replace('://', '://me:plain@') + '/basic', BASE.replace('://', '://me@') + '/basic']);
	await both('digest', [['GET', BASE.replace('://', '://me:s3cr%2Ft@') + '/digest', null, { auth: 'digest' }],
		['GET', BASE.replace('://', '://me:wrong@') + '/digest', null, { auth: 'digest' }]]);
	await both('unknown scheme', ['ftp://127.0.0.1/', 'odd://127.0.0.1/', BASE + '/to?url=ftp://127.0.0.1/']);
	await both('no host', ['http:///x', '/x', 'x']);
	await both('headers that are none', [{ 'b ad': 'x' }, { '': 'x' }, { 'a"b': 'x' }, { ok: 'a\nb' }].map((headers) => ['GET', BASE + '/bytes/1', null, { headers }]));
	await both('methods', ['get', 'PaTcH', 'PURGE', 'B AD'].map((method) => [method, BASE + '/bytes/1']));
	await both('gzip', [BASE + '/gzip', ['GET', BASE + '/gzip', null, { responseType: 'none' }]], { responseType: 'text' });
	exec.vu.metrics.tags.own = 'vu';
	exec.vu.metrics.metadata.trace = 'abc';
	await both('tags and metadata of the VU', [BASE + '/bytes/1', ['GET', BASE + '/bytes/1', null, { tags: { own: 'target' } }]]);
}
`

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
			out := runScript(t, web.New(t), both, args...)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			batch, own := byTag(out, "batch"), byTag(out, "fetch")
			require.Len(t, slices.Collect(maps.Keys(batch)), strings.Count(both, "await both("))
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
