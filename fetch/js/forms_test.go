package js_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// forms are bodies as a script writes them, in JavaScript that k6 and Node both run.
const forms = `
const forms = {
	order: { b: 1, a: 2, c: 3, '10': 'ten', '9': 'nine' },
	numbers: { a: 1e21, b: 0.1, c: -0, d: NaN, e: Infinity, f: 1000000.5, g: 123456789012, h: 1e-7, i: 0.1 + 0.2, j: 2 ** 53 },
	others: { yes: true, no: false, nil: null, not: undefined, big: 12345678901234567890n, text: new String('boxed'), n: new Number(1e21) },
	objects: { own: { toString() { return 'its own'; } }, failure: new Error('what'), pattern: /a+b/ },
	lists: { list: ['p', 1e21, true, null, undefined], none: [], one: [''] },
	characters: { 'a b&c=d': 'e f&g=h', 'größe': '日本 ☃ 😀', safe: "*-._~!'()%+,/:;?@[]$", lines: 'a\r\nb\nc', '': 'no name', empty: '' },
	half: { a: 'x\ud800y' },
	nothing: {},
	file: { f: http.file('data', 'a b.txt', 'text/plain'), n: 1e21, yes: true, nil: null, big: 10n },
	files: { z: 'first', files: [http.file('one', 'a"b.txt', 'text/plain'), 'between', http.file('two', 'größe.txt', 'image/png')], a: [1, 2] },
	lastfile: { a: ['x', http.file('data', 'n', 'text/x')] },
	names: { 'a"b': http.file('x', 'back\\slash%41.txt', 'text/plain'), 'größe': 'ü', ';': 'x' },
};`

// sent is a request as it came to a server.
type sent struct{ Kind, Body string }

// receive runs a script against a server that keeps what is posted to its paths.
func receive(t *testing.T, script string) map[string]sent {
	t.Helper()
	var mu sync.Mutex
	came := make(map[string]sent)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		came[r.URL.Path[1:]] = sent{r.Header.Get("Content-Type"), string(body)}
	}))
	defer srv.Close()
	out := runScript(t, &web.Server{Server: srv}, script)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	return came
}

// node runs JavaScript and returns the JSON that it prints.
func node(t *testing.T, script string, in, out any) {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no node")
	}
	require.NoError(t, err)
	data, err := json.Marshal(in)
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), path, "-e", script)
	command.Stdin = bytes.NewReader(data)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	printed, err := command.Output()
	require.NoError(t, err, stderr.String())
	require.NoError(t, json.Unmarshal(printed, out))
}

// nodeForms prints what each form is to a browser: as URLSearchParams writes it, or the parts of a FormData; and the
// parts that it reads of what was sent.
const nodeForms = `
const http = { file: (data, name, type) => new File([data], name, { type }) };
` + forms + `
async function parts(form) {
	const out = [];
	for (const [name, value] of form) {
		if (typeof value === 'string') out.push([name, value]);
		else out.push([name, value.name, value.type, await value.text()]);
	}
	return out;
}
const chunks = [];
process.stdin.on('data', (c) => chunks.push(c)).on('end', async () => {
	const sent = JSON.parse(Buffer.concat(chunks));
	const out = {};
	for (const [name, form] of Object.entries(forms)) {
		const pairs = Object.entries(form).flatMap(([k, v]) => Array.isArray(v) ? v.map((x) => [k, x]) : [[k, v]]);
		if (pairs.some(([, v]) => v instanceof File)) {
			const data = new FormData();
			for (const [k, v] of pairs) data.append(k, v instanceof File ? v : String(v));
			const response = new Response(sent[name].Body, { headers: { 'content-type': sent[name].Kind } });
			out[name] = { want: await parts(data), got: await parts(await response.formData()) };
		} else {
			out[name] = { want: new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString(), got: sent[name].Body };
		}
	}
	console.log(JSON.stringify(out));
});`

// TestFormsAreThoseOfBrowsers compares forms with those that Node makes of the same JavaScript.
func TestFormsAreThoseOfBrowsers(t *testing.T) {
	t.Parallel()
	came := receive(t, forms+`
		export default async function () {
			const run = await concurrent(Object.keys(forms).map((name) => ['POST', BASE + '/' + name, forms[name]]));
			for (const r of run.results) if (!r.ok) throw new Error(r.error);
		}`)
	var compared map[string]struct{ Want, Got any }
	node(t, nodeForms, came, &compared)
	require.Len(t, compared, len(came))
	for name, c := range compared {
		require.Equal(t, c.Want, c.Got, name)
		kind := "application/x-www-form-urlencoded"
		if _, isText := c.Want.(string); !isText {
			kind = "multipart/form-data; boundary="
		}
		require.True(t, strings.HasPrefix(came[name].Kind, kind), "%s: %s", name, came[name].Kind)
	}
}

// TestFormsOfHTTPBatch has the forms that are sane in k6, sent by both.
func TestFormsOfHTTPBatch(t *testing.T) {
	t.Parallel()
	came := receive(t, `
		const forms = {
			text: { a: 'x', b: 'y z' }, numbers: { a: 1, b: 0.5, c: -7 }, yes: { a: true, b: false }, lists: { a: ['x', 'y', 2], b: [] },
			characters: { a: 'e f&g=h', b: '日本 ☃ 😀', 'größe': '%+/?' }, nothing: {},
		};
		const targets = (by) => Object.keys(forms).map((name) => ['POST', BASE + '/' + by + '/' + name, forms[name]]);
		export default async function () {
			http.batch(targets('batch'));
			await concurrent(targets('fetch'));
		}`)
	require.Len(t, came, 12)
	for path, got := range came {
		if name, ok := strings.CutPrefix(path, "fetch/"); ok {
			require.Equal(t, came["batch/"+name], got, name)
		}
	}
}
