package script

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
	var m *misuse
	require.ErrorAs(t, err, &m)
	require.True(t, strings.HasPrefix(m.text, "fuzz "), m.text)
}

func FuzzOptions(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `undefined`, `5`, `[]`, `{concurrency: 5, perHost: 0, timeout: '1s', deadline: 500, rate: 0.5}`,
		`{retries: 3, responseType: 'text', maxBodySize: '10MiB', expectedStatuses: [200, {min: 300, max: 399}]}`,
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
		for _, reader := range []optionReader{{}, {compare: true}, {client: true}} {
			o := defaultOptions(state)
			var err error
			thrown := rt.Try(func() { err = reader.read(o, field{path: "fuzz options", value: value, rt: rt}) })
			if thrown != nil {
				return // by the script's own toString
			}
			expectMisuse(t, err)
			if err == nil {
				require.GreaterOrEqual(t, o.concurrency, 1)
				require.GreaterOrEqual(t, o.perHost, 0)
				require.GreaterOrEqual(t, o.retries, 0)
				require.GreaterOrEqual(t, o.rounds, 1)
				require.Positive(t, o.Timeout)
				require.GreaterOrEqual(t, o.Redirects, 0)
				o.engine(state, o.spec())
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
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		rt, value := literal(t, expression)
		state := fuzzState()
		o := defaultOptions(state)
		base, err := (field{path: "u", value: rt.ToValue("http://base/dir/"), rt: rt}).readBaseURL()
		require.NoError(t, err)
		reader := &targetReader{base: o.settings, state: state, baseURL: base, plain: o.spec()}
		var read targets
		thrown := rt.Try(func() { read, err = reader.read(field{path: "fuzz targets", value: value, rt: rt}) })
		if thrown != nil {
			return // by the script's own toString
		}
		if expectMisuse(t, err); err != nil {
			return
		}
		source := read.source()
		for target, ok := source.Next(); ok; target, ok = source.Next() {
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
		thrown := rt.Try(func() { _, err = field{path: "fuzz baseline", value: value, rt: rt}.baseline() })
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
		n, err := parseSize(s)
		if err == nil {
			require.Positive(t, n)
			require.LessOrEqual(t, n, int64(maxSize))
		}
	})
}
