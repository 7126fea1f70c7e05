package js

import (
	"testing"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// BenchmarkReadResult measures what it takes a script to read a field of a result.
func BenchmarkReadResult(b *testing.B) {
	rt := sobek.New()
	mi := &Instance{rt: rt}
	mi.protos = mi.newPrototypes()
	result := &fetch.Result{
		Target:   fetch.Target{URL: "http://example.com/", Spec: &fetch.Spec{}},
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
