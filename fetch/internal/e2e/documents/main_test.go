package documents_test

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

// root returns the path of something in the repository.
func root(elements ...string) string {
	return filepath.Join(append([]string{"..", "..", "..", ".."}, elements...)...)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}
