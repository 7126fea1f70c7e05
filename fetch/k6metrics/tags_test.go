package k6metrics

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
)

func TestNameTagIsThatOfK6(t *testing.T) {
	t.Parallel()
	require.Equal(t, nameTag, metrics.TagName.String())
}

func TestSetsAreFoundOnce(t *testing.T) {
	t.Parallel()
	root := metrics.NewRegistry().RootTagSet()
	var s sets[string]
	s.renew()
	found := map[string]int{}
	for _, key := range []string{"a", "a", "b", "b", "a", "b", "a"} {
		set := s.get(key, func() *metrics.TagSet {
			found[key]++
			return root.With("key", key)
		})
		value, _ := set.Get("key")
		require.Equal(t, key, value)
	}
	require.Equal(t, map[string]int{"a": 1, "b": 1}, found)
}
