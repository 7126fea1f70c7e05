package script

import (
	"fmt"
	"testing"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

const benchURLs = 1000

// BenchmarkReadTargets tells what it takes to read one URL of a list.
func BenchmarkReadTargets(b *testing.B) {
	for form, text := range map[string]string{
		"url":    `'http://example.com/' + i`,
		"array":  `['GET', 'http://example.com/' + i]`,
		"object": `({ method: 'GET', url: 'http://example.com/' + i, params: { timeout: 1000 } })`,
	} {
		b.Run("form="+form, func(b *testing.B) {
			rt := sobek.New()
			list, err := rt.RunString(fmt.Sprintf("Array.from({ length: %d }, (_, i) => %s)", benchURLs, text))
			require.NoError(b, err)
			state := fuzzState()
			o := defaultOptions(state)
			reader := &targetReader{base: o.settings, state: state, plain: o.spec()}
			b.ReportAllocs()
			for left := b.N; left > 0; left -= benchURLs {
				targets, err := reader.read(field{path: "targets", value: list, rt: rt})
				require.NoError(b, err)
				require.Equal(b, benchURLs, targets.Len())
			}
		})
	}
}

// BenchmarkReadResult tells what it takes a script to read a field of a result.
func BenchmarkReadResult(b *testing.B) {
	rt := sobek.New()
	mi := &Instance{rt: rt}
	mi.protos = mi.newPrototypes()
	result := &fetch.Result{
		Target:   fetch.Target{URL: "http://example.com/", Spec: fuzzSpec()},
		State:    fetch.StateDone,
		Status:   200,
		Response: &fetch.Response{URL: "http://example.com/", Conn: &transport.ConnInfo{}},
	}
	for _, path := range []string{"status", "url", "ok", "timings.duration", "headers"} {
		b.Run("field="+path, func(b *testing.B) {
			read, err := rt.RunString("(function (result, n) { for (let i = 0; i < n; i++) result." + path + "; })")
			require.NoError(b, err)
			call, ok := sobek.AssertFunction(read)
			require.True(b, ok)
			object := mi.newResult(result)
			b.ReportAllocs()
			b.ResetTimer()
			_, err = call(sobek.Undefined(), object, rt.ToValue(b.N))
			require.NoError(b, err)
		})
	}
}

func fuzzSpec() *fetch.Spec { return defaultOptions(fuzzState()).spec() }
