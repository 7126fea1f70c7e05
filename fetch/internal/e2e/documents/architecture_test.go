package documents_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file or a package that the document names is there, in one of the folders that it speaks of.
func TestArchitectureNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	folders := []string{"", "fetch", "fetch/transport", "fetch/js", "fetch/js/args"}
	named := regexp.MustCompile("`([a-z0-9_/]+(?:/[a-z0-9_]+|\\.go|\\.d\\.ts))`").FindAllStringSubmatch(
		read(t, root("docs", "architecture.md")), -1)
	require.Greater(t, len(named), 40)
	for _, name := range named {
		found := false
		for _, folder := range folders {
			_, err := os.Stat(root(folder, name[1]))
			found = found || err == nil
		}
		require.True(t, found, name[1])
	}
}
