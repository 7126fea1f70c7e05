package progress_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/progress"
)

func TestIsQuiet(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]bool{
		"":                                false,
		"run script.js":                   false,
		"run --quiet script.js":           true,
		"--quiet run script.js":           true,
		"run -q script.js":                true,
		"run -vq script.js":               true,
		"run -qv script.js":               true,
		"run --quiet=true script.js":      true,
		"run --quiet=false script.js":     false,
		"run --quiet=1 script.js":         true,
		"run -q=false script.js":          false,
		"--quiet run --quiet=false x.js":  false,
		"--quiet=false run --quiet x.js":  true,
		"run -e q=1 script.js":            false,
		"run -eq=1 script.js":             false,
		"run --query script.js":           false,
		"run --tag quiet=yes script.js":   false,
		"run quiet.js":                    false,
		"run script.js -- --quiet":        false,
		"run -u5 -d10m -o json=q x.js":    false,
		"run - script.js":                 false,
		"run -i 10 -s 5s:q --paused x.js": false,
	} {
		require.Equal(t, want, progress.IsQuiet(strings.Fields(args)), args)
	}
}
