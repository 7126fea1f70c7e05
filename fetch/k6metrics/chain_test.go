package k6metrics

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
)

func TestAChainMakesTheSetThatSettingOneByOneMakes(t *testing.T) {
	t.Parallel()
	root := metrics.NewRegistry().RootTagSet()
	for name, c := range map[string]struct {
		base map[string]string
		more []tag
	}{
		"nothing":                         {},
		"only the base":                   {base: map[string]string{"scenario": "s", "group": "g"}},
		"only more":                       {more: []tag{{"url", "u"}, {"method", "GET"}}},
		"more before, between and behind": {map[string]string{"scenario": "s", "group": "g"}, []tag{{"url", "u"}, {"method", "GET"}, {"error", "e"}}},
		"more wins over the base":         {map[string]string{"status": "mine", "a": "b"}, []tag{{"status", "200"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := root.WithTagsFromMap(c.base)
			want := base
			for _, step := range c.more {
				want = want.With(step.key, step.value)
			}
			require.Same(t, want, newChain(base).with(c.more), "k6 compares sets by their addresses")
		})
	}
}
