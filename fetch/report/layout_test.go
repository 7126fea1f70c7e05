package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestColumns(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		what, text string
		want       int
	}{
		{"letters take one column each", "Füße", 4},
		{"marks on a letter take none", "e\u0301", 1},
		{"nor does what joins", "a\u200db", 2},
		{"East Asian writing takes two", "日本", 4},
		{"and so do full-width letters", "Ａ", 2},
		{"and emoji, old ones too", "😀✅🚀", 6},
		{"signs of the reports take one", "✓✗–×·", 5},
	} {
		require.Equal(t, c.want, columns(c.text), c.what)
	}
}
