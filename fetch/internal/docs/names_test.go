package docs_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6test"
)

// names are what a script can name: those that the module has, or those that something says it has.
type names struct {
	Functions, Classes, Default []string
	// Types are the members of objects, Literals the values of members that are one of a few strings.
	Types, Literals map[string][]string
}

// moduleNames asks the module, in a real k6.
func moduleNames(t *testing.T) *names {
	t.Helper()
	hang := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cookie":
			http.SetCookie(w, &http.Cookie{Name: "name", Value: "value"})
		case "/moved":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/missing":
			http.NotFound(w, r)
		case "/hang":
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		}
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(hang) })

	out := k6test.RunFile(t, "testdata/names.js", "-e", "BASE_URL="+srv.URL)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	found := &names{}
	line, _, _ := strings.Cut(strings.TrimSpace(out.Stderr), "\n")
	require.NoError(t, json.Unmarshal([]byte(line), found), out.Stderr)
	return found
}

// requireNode skips a test where what it needs of npm is not installed, unless the whole of the tests is asked for.
func requireNode(t *testing.T) {
	t.Helper()
	_, err := os.Stat(root("tools", "types", "node_modules", "typescript"))
	if err == nil {
		_, err = exec.LookPath("node")
	}
	if err == nil {
		return
	}
	const hint = "needs node and `npm ci` in tools/types; make test-types does it"
	if os.Getenv("XK6_FETCH_TEST_TYPES") != "" {
		t.Fatal(hint)
	}
	t.Skip(hint)
}

// declaredNames asks the TypeScript compiler what index.d.ts declares.
func declaredNames(t *testing.T) *names {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "names.mjs")
	cmd.Dir = root("tools", "types")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	declared := &names{}
	require.NoError(t, json.Unmarshal(out, declared), string(out))
	return declared
}

func TestTypesNameWhatTheModuleHas(t *testing.T) {
	t.Parallel()
	requireNode(t)
	module, declared := moduleNames(t), declaredNames(t)

	require.Equal(t, module.Functions, declared.Functions)
	require.Equal(t, module.Classes, declared.Classes)
	require.Equal(t, module.Default, declared.Default)
	for name, members := range module.Types {
		require.Equal(t, members, declared.Types[name], name)
	}
	for name, values := range module.Literals {
		require.Equal(t, values, declared.Literals[name], name)
	}
	for name := range declared.Types {
		switch name {
		case "Settings": // the part that Params and Options share
		case "StatusRange", "ExpectedStatuses", "RunError": // what a script writes, cannot look into, or catches
		default:
			require.Contains(t, module.Types, name, "a type that the test does not look at")
		}
	}
}

func TestTypesCompile(t *testing.T) {
	t.Parallel()
	requireNode(t)
	compile(t, "--project", "tsconfig.json")
}

// compile runs the TypeScript compiler in tools/types.
func compile(t *testing.T, args ...string) {
	t.Helper()
	tsc := []string{"node_modules/typescript/bin/tsc", "--pretty", "false"}
	cmd := exec.CommandContext(t.Context(), "node", append(tsc, args...)...) //nolint:gosec // the test's own
	cmd.Dir = root("tools", "types")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}
