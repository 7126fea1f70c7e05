// Package wholeruns tests what shows only in a whole k6 process: its memory, and what a run that was cut off leaves
// behind.
package wholeruns

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

func TestMain(m *testing.M) {
	k6test.Main(m, func(m *testing.M) { goleak.VerifyTestMain(m) })
}

// file writes a script to a file.
func file(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.js")
	require.NoError(t, os.WriteFile(path, []byte(script), 0o600))
	return path
}
