package lint_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// root returns the path of something in the repository.
func root(elements ...string) string {
	return filepath.Join(append([]string{"..", ".."}, elements...)...)
}

func read(t *testing.T, elements ...string) string {
	t.Helper()
	data, err := os.ReadFile(root(elements...))
	require.NoError(t, err)
	return string(data)
}

// required returns the version of a module that a go.mod requires.
func required(t *testing.T, module string, elements ...string) string {
	t.Helper()
	file, err := modfile.Parse("go.mod", []byte(read(t, elements...)), nil)
	require.NoError(t, err)
	for _, r := range file.Require {
		if r.Mod.Path == module {
			return r.Mod.Version
		}
	}
	require.FailNow(t, "not required", module)
	return ""
}

func workflows(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(root(".github", "workflows", "*.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	texts := make(map[string]string)
	for _, file := range files {
		texts[filepath.Base(file)] = read(t, ".github", "workflows", filepath.Base(file))
	}
	return texts
}

// A tag can be moved to other code, a hash cannot.
func TestActionsArePinnedByHash(t *testing.T) {
	t.Parallel()
	uses := regexp.MustCompile(`uses: *(.*)`)
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	hashes := make(map[string]string)
	for name, text := range workflows(t) {
		for _, action := range uses.FindAllStringSubmatch(text, -1) {
			require.Regexp(t, pinned, action[1], name)
			of, hash := cut(t, action[1])
			if before, known := hashes[of]; known {
				require.Equal(t, before, hash, "%s: two versions of %s", name, of)
			}
			hashes[of] = hash
		}
	}
	require.NotEmpty(t, hashes)
}

// cut splits "owner/name/path@hash # version" into owner/name, and hash and version.
func cut(t *testing.T, action string) (repository, version string) {
	t.Helper()
	m := regexp.MustCompile(`^([\w.-]+/[\w.-]+)[^@]*@(.*)$`).FindStringSubmatch(action)
	require.NotNil(t, m, action)
	return m[1], m[2]
}

// The workflows use the versions that the go.mod files pin.
func TestWorkflowsUseThePinnedVersions(t *testing.T) {
	t.Parallel()
	k6 := required(t, "go.k6.io/k6/v2", "go.mod")
	xk6 := required(t, "go.k6.io/xk6", "tools", "go.mod")
	linter := required(t, "github.com/golangci/golangci-lint/v2", "tools", "lint", "go.mod")
	all := workflows(t)

	validate := all["validate.yml"]
	require.Contains(t, validate, "/extension-validate.yml@")
	require.Contains(t, validate, " # "+xk6+"\n")
	require.Contains(t, validate, `k6-versions: '["`+k6+`"]'`)
	require.Contains(t, validate, `xk6-version: "`+xk6[1:]+`"`)
	require.Contains(t, validate, `golangci-lint-version: "`+linter+`"`)

	release := all["release.yml"]
	require.Contains(t, release, "/extension-release.yml@")
	require.Contains(t, release, " # "+xk6+"\n")
	require.Contains(t, release, "k6-version: "+k6+"\n")
	require.Contains(t, release, `xk6-version: "`+xk6[1:]+`"`)
}
