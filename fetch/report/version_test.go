package report

import (
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionIsThatOfTheModule(t *testing.T) {
	t.Parallel()
	other := &debug.Module{Path: "example.com/other", Version: "v9.9.9"}
	for name, c := range map[string]struct {
		deps []*debug.Module
		want string
	}{
		"a release":         {[]*debug.Module{other, {Path: modulePath, Version: "v0.1.0"}}, "v0.1.0"},
		"a folder":          {[]*debug.Module{{Path: modulePath, Version: "v0.0.0", Replace: &debug.Module{Path: "."}}}, "(devel)"},
		"a fork":            {[]*debug.Module{{Path: modulePath, Replace: &debug.Module{Path: "x", Version: "v0.2.0"}}}, "v0.2.0"},
		"a module of tests": {[]*debug.Module{other}, "(devel)"},
	} {
		require.Equal(t, c.want, versionIn(&debug.BuildInfo{Deps: c.deps}), name)
	}
	goMod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(goMod), "module "+modulePath+"\n"))
}
