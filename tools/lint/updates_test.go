package lint_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"
)

// updates is the form of dependabot.yml, as far as this project uses it.
type updates struct {
	Version int
	Updates []update
}

type update struct {
	Ecosystem   string `yaml:"package-ecosystem"`
	Directory   string
	Directories []string
	Schedule    struct{ Interval string }
	Allow       []struct {
		Name string `yaml:"dependency-name"`
	}
	Ignore []struct {
		Name     string `yaml:"dependency-name"`
		Versions []string
	}
	Groups map[string]struct{ Patterns []string }
}

// strictly reads YAML that may have nothing but the fields of its type.
func strictly(t *testing.T, text string, to any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(to))
}

func dependabot(t *testing.T) []update {
	t.Helper()
	var file updates
	strictly(t, read(t, ".github", "dependabot.yml"), &file)
	require.Equal(t, 2, file.Version)
	for _, u := range file.Updates {
		require.Contains(t, []string{"daily", "weekly", "monthly"}, u.Schedule.Interval)
		require.NotEqual(t, u.Directory == "", len(u.Directories) == 0, "either directory or directories")
	}
	return file.Updates
}

// Whatever pins versions is updated, in whichever folder it is.
func TestUpdatesReachEveryFileThatPinsVersions(t *testing.T) {
	t.Parallel()
	ecosystems := map[string]string{"go.mod": "gomod", "package.json": "npm", "Dockerfile": "docker"}
	pinned := []string{"github-actions /"}
	err := filepath.WalkDir(root(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", ".git", "build"}, entry.Name()) {
			return fs.SkipDir
		}
		if ecosystem, ok := ecosystems[entry.Name()]; ok {
			folder, err := filepath.Rel(root(), filepath.Dir(path))
			require.NoError(t, err)
			pinned = append(pinned, ecosystem+" "+filepath.ToSlash(filepath.Join("/", folder)))
		}
		return nil
	})
	require.NoError(t, err)

	var updated []string
	for _, u := range dependabot(t) {
		for _, folder := range append(u.Directories, u.Directory) {
			if folder != "" {
				updated = append(updated, u.Ecosystem+" "+folder)
			}
		}
	}
	require.ElementsMatch(t, pinned, updated)
}

// A newer version of something that k6 requires would replace k6's in the build of every user.
func TestUpdatesOfTheExtensionLeaveTheDependenciesOfK6Alone(t *testing.T) {
	t.Parallel()
	main, err := modfile.Parse("go.mod", []byte(read(t, "go.mod")), nil)
	require.NoError(t, err)
	ofK6 := dependenciesOfK6(t)
	var own []string
	for _, r := range main.Require {
		if !r.Indirect && !ofK6[r.Mod.Path] {
			own = append(own, r.Mod.Path)
		}
	}
	var allowed []string
	for _, u := range dependabot(t) {
		if u.Ecosystem == "gomod" && u.Directory == "/" {
			for _, a := range u.Allow {
				allowed = append(allowed, a.Name)
			}
		}
	}
	require.ElementsMatch(t, own, allowed)
}

// dependenciesOfK6 are the modules that k6's go.mod names.
func dependenciesOfK6(t *testing.T) map[string]bool {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "go.k6.io/k6/v2")
	list.Dir = root()
	path, err := list.Output()
	require.NoError(t, err)
	data, err := os.ReadFile(strings.TrimSpace(string(path)))
	require.NoError(t, err)
	file, err := modfile.Parse("go.mod", data, nil)
	require.NoError(t, err)
	names := make(map[string]bool)
	for _, r := range file.Require {
		names[r.Mod.Path] = true
	}
	require.NotEmpty(t, names)
	return names
}
