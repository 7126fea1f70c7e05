package args

import (
	"fmt"
	"testing"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"
)

const benchURLs = 1000

// BenchmarkReadTargets measures what it takes to read one URL of a list.
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
			o := DefaultOptions(state)
			reader := &TargetReader{Base: o.settings, State: state, Plain: o.Build()}
			b.ReportAllocs()
			for left := b.N; left > 0; left -= benchURLs {
				targets, err := reader.Read(Field{Path: "targets", Value: list, Runtime: rt})
				require.NoError(b, err)
				require.Equal(b, benchURLs, targets.Len())
			}
		})
	}
}
