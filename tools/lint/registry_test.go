package lint_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// The entry for the registry names the module, what it registers, and the release that the changelog describes.
func TestRegistryEntryIsTrue(t *testing.T) {
	t.Parallel()
	var entries []struct {
		Module, Description, Tier string
		Imports, Versions         []string
	}
	strictly(t, read(t, "docs", "registry-entry.yaml"), &entries)
	require.Len(t, entries, 1)
	entry := entries[0]

	require.Equal(t, modfile.ModulePath([]byte(read(t, "go.mod"))), entry.Module)
	require.NotEmpty(t, entry.Description)
	require.Equal(t, "community", entry.Tier)

	var registered []string
	for _, m := range regexp.MustCompile(`modules\.Register\("(.*?)"`).FindAllStringSubmatch(read(t, "extension.go"), -1) {
		registered = append(registered, m[1])
	}
	require.NotEmpty(t, registered)
	require.Equal(t, registered, entry.Imports)

	releases := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$`).
		FindAllStringSubmatch(read(t, "CHANGELOG.md"), -1)
	require.NotEmpty(t, releases)
	require.Contains(t, entry.Versions, "v"+releases[0][1])
}

// Whoever reads the changelog in a terminal reads it without a fold.
func TestChangelogIsWrapped(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(read(t, "CHANGELOG.md")) {
		require.LessOrEqual(t, len([]rune(strings.TrimSuffix(line, "\n"))), 90, line)
	}
}
