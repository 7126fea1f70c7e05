package documents_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Files and packages that the documents name are there, in one of the folders that they speak of.
func TestDocumentsOfTheHouseNameWhatIsThere(t *testing.T) {
	t.Parallel()
	folders := []string{
		"", "fetch", "fetch/transport", "fetch/js", "fetch/js/args", "fetch/js/testdata",
		"fetch/internal/e2e/documents", "fetch/internal/testkit/faults", "fetch/page/discover", "fetch/page/request",
	}
	path := regexp.MustCompile("`([a-zA-Z0-9_./-]+(?:/[a-zA-Z0-9_.-]+|\\.(?:go|d\\.ts|js|mjs|md|json|yaml|yml)))`")
	for document, least := range map[string]int{
		root("docs", "architecture.md"):    40,
		root(".github", "CONTRIBUTING.md"): 20,
	} {
		named := path.FindAllStringSubmatch(read(t, document), -1)
		require.Greater(t, len(named), least, document)
		for _, name := range named {
			found := false
			for _, folder := range folders {
				_, err := os.Stat(root(folder, name[1]))
				found = found || err == nil
			}
			require.True(t, found, "%s: %s", document, name[1])
		}
	}
}

// Links of the documents that GitHub finds in its own folder lead to files.
func TestLinksOfGitHubsDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root(".github", "*.md"))
	require.NoError(t, err)
	links := 0
	for _, file := range files {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(read(t, file), -1) {
			require.FileExists(t, root(".github", m[1]), file)
			links++
		}
	}
	require.Positive(t, links)
}
