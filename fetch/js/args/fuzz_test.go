package args

import (
	"io"
	"strings"
	"testing"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// fuzzState is what a VU knows, as far as reading options and targets goes.
func fuzzState() *lib.State {
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	return &lib.State{
		Logger: logger,
		Tags:   lib.NewVUStateTags(metrics.NewRegistry().RootTagSet()),
		Options: lib.Options{
			Batch: null.IntFrom(20), BatchPerHost: null.IntFrom(6), MaxRedirects: null.IntFrom(10),
			SystemTags: &metrics.DefaultSystemTagSet,
		},
	}
}

// literal evaluates what is fuzzed as a JavaScript expression; what is none is of no interest.
func literal(t *testing.T, expression string) (*sobek.Runtime, sobek.Value) {
	t.Helper()
	if len(expression) > 300 {
		t.Skip()
	}
	rt := sobek.New()
	rt.SetFieldNameMapper(common.FieldNameMapper{})
	rt.SetMaxCallStackSize(100)
	// Expressions alone: a loop would never end.
	program, err := sobek.Parse("fuzz", "("+expression+"\n)")
	if err != nil || !isLiteral(program) {
		t.Skip()
	}
	value, err := rt.RunString("(" + expression + "\n)")
	if err != nil {
		t.Skip()
	}
	return rt, value
}

// expectMisuse checks that reading went well, or failed with what becomes a TypeError, and says where.
func expectMisuse(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var m *MisuseError
	require.ErrorAs(t, err, &m)
	require.True(t, strings.HasPrefix(m.Text, "fuzz "), m.Text)
}

func FuzzOptions(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `undefined`, `5`, `[]`, `{concurrency: 5, perHost: 0, timeout: '1s', deadline: 500, rate: 0.5}`,
		`{retries: 3, httpVersion: '2', responseType: 'text', maxBodySize: '10MiB', expectedStatuses: [200, {min: 300, max: 399}]}`,
		`{connections: 'shared', headers: {Host: 'x', a: 1}, cookies: {a: {value: 'b', replace: true}}, jar: null}`,
		`{tags: {a: 'b'}, name: 'n', redirects: 0, compression: 'gzip, br', auth: 'digest', throw: true, rounds: 3}`,
		`{onResult: function () {}, warmup: false, baseURL: 'http://u:p@host/'}`,
		`{concurrency: NaN}`, `{concurrency: 1e400}`, `{timeout: -1}`, `{maxBodySize: '1e5MB'}`, `{headers: {'': ''}}`,
		`{budget: {elapsed: ['p(95)<500', 1e3], status: [200], failed: 'rate<=0.01', bytes: '100kB', waiting: null}}`,
		`{budget: null}`, `{budget: {elapsed: []}}`, `{budget: {elapsed: '<'}}`, `{budget: {speedup: '>=2', requests: 5}}`,
		`{__proto__: {concurrency: 0}}`, `{expectedStatuses: {min: 1}}`, `{rate: 5e-324}`, `{timeout: 1e-9}`, `{name: ''}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		rt, value := literal(t, expression)
		state := fuzzState()
		for _, reader := range []OptionReader{{}, {Compare: true}, {Client: true}} {
			o := DefaultOptions(state)
			var err error
			thrown := rt.Try(func() { err = reader.Read(o, Field{Path: "fuzz options", Value: value, Runtime: rt}) })
			if thrown != nil {
				return // by the script's own toString
			}
			expectMisuse(t, err)
			if err == nil {
				require.GreaterOrEqual(t, o.Concurrency, 1)
				require.GreaterOrEqual(t, o.PerHost, 0)
				require.GreaterOrEqual(t, o.Retries, 0)
				require.GreaterOrEqual(t, o.Rounds, 1)
				require.Positive(t, o.Timeout)
				require.GreaterOrEqual(t, o.Redirects, 0)
				o.Engine(state, o.Build())
			}
		}
	})
}

func FuzzTargets(f *testing.F) {
	for _, seed := range []string{
		`[]`, `{}`, `null`, `['http://a/']`, `['http://u:p@a/', , 5]`, `{a: 'http://a/', b: ['GET', 'x']}`,
		`[['POST', 'http://a/', 'body', {headers: {'Content-Length': '5'}, compression: 'gzip'}]]`,
		`[{method: 'put', url: 'u', body: {a: [1, 2], b: null}, params: {tags: {a: 1}}}]`,
		`[['GET']]`, `[[[]]]`, `[{url: {}}]`, `[{url: 'a', params: {responseCallback: null}}]`, `{a: {a: {a: {}}}}`,
		`[['GET', 'a', null, {timeout: 'x'}]]`, `['\ud800']`, `[['\n', '\u0000', '', {}]]`, `{'': ''}`, `{length: 3, 0: 'a'}`,
		`[{url: 'a', start: '250ms'}, 'b']`, `{a: {url: 'a', start: 1e9}}`, `[{url: 'a', start: -0}]`, `[{url: 'a', start: '1d1'}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		rt, value := literal(t, expression)
		state := fuzzState()
		o := DefaultOptions(state)
		base, err := (Field{Path: "u", Value: rt.ToValue("http://base/dir/"), Runtime: rt}).ReadBaseURL()
		require.NoError(t, err)
		reader := &TargetReader{Base: o.settings, State: state, BaseURL: base, Plain: o.Build()}
		var read Targets
		thrown := rt.Try(func() { read, err = reader.Read(Field{Path: "fuzz targets", Value: value, Runtime: rt}) })
		if thrown != nil {
			return // by the script's own toString
		}
		if expectMisuse(t, err); err != nil {
			return
		}
		iterator := read.Iterator()
		paced, isPaced := iterator.(fetch.Paced)
		for target, ok := iterator.Next(); ok; target, ok = iterator.Next() {
			require.True(t, !isPaced || paced.Start() >= 0)
			require.NotNil(t, target.Spec)
			require.NotNil(t, target.Spec.Attachment)
		}
	})
}

func FuzzBaseline(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `'{}'`, `[]`, `{version: 1}`, `{version: 1, title: '', begun: '0001-01-01T00:00:00Z', names: []}`,
		`{version: 1, title: '', begun: '', names: [{}]}`, `{names: [,]}`, `{names: {a: {a: {a: {}}}}}`, `{version: 2}`,
		`'{"version":1,"title":"","begun":"2026-03-14T09:26:53Z","names":[{"name":"a","count":1}]}'`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		rt, value := literal(t, expression)
		var err error
		thrown := rt.Try(func() { _, err = Field{Path: "fuzz baseline", Value: value, Runtime: rt}.Baseline() })
		if thrown == nil { // or by the script's own toJSON
			expectMisuse(t, err)
		}
	})
}

func FuzzSize(f *testing.F) {
	for _, seed := range []string{"", "1", "10MB", "1.5 GiB", "0", "-1", "1e3", "9007199254740991", "99999999999GB", ".", "1..2kB", "kB"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseSize(s)
		if err == nil {
			require.Positive(t, n)
			require.LessOrEqual(t, n, int64(MaxSize))
		}
	})
}

// FuzzTargetsThatChange reads targets whose getters change them while they are read: each pair of bytes is the place of
// a getter and what it does.
func FuzzTargetsThatChange(f *testing.F) {
	for _, seed := range []string{"", "\x00\x00", "\x01\x03\x02\x04", "\x00\x01\x05\x02", "\x03\x05\x04\x06\x05\x07", "\x00\x08\x01\x09"} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, program []byte, asArray bool) {
		rt := sobek.New()
		require.NoError(t, rt.Set("program", rt.NewArray(bytesAsAny(program)...)))
		require.NoError(t, rt.Set("asArray", asArray))
		read, err := newTestReader().readTargets(t, rt, targetsThatChange)
		switch err.(type) { //nolint:errorlint // as sobek returns them, and never wrapped
		case nil:
			require.LessOrEqual(t, read.Len(), 8)
		case *sobek.Exception, *MisuseError:
		default:
			t.Errorf("%T: %v", err, err)
		}
	})
}

func bytesAsAny(program []byte) []any {
	values := make([]any, min(len(program), 40))
	for i := range values {
		values[i] = int(program[i])
	}
	return values
}

const targetsThatChange = `
	const url = 'http://a/', list = asArray ? Array(8).fill(url) : Object.fromEntries(Array.from({ length: 8 }, (_, i) => ['k' + i, url]));
	const keys = Object.keys(list);
	const acts = [
		() => url, () => { list.length = 0; return url; }, () => { keys.forEach((k) => delete list[k]); return url; },
		() => { list.length = 2 ** 31; return url; }, () => { throw 'mine'; }, () => new Array(2 ** 31), () => ['GET', list],
		() => { Object.setPrototypeOf(list, null); return url; }, () => { list[2 ** 30] = url; return url; },
		() => new Proxy(list, {}), () => Symbol(url), () => ({ url, params: list }),
		() => { for (const k of keys) Object.defineProperty(list, k, { get() { throw 'mine'; } }); return url; },
		() => ['POST', url, { list, again: [list] }], () => list, () => 5n,
	];
	for (let i = 0; i + 1 < program.length; i += 2) {
		Object.defineProperty(list, keys[program[i] % 8], { configurable: true, enumerable: true, get: acts[program[i + 1] % acts.length] });
	}
	list`
