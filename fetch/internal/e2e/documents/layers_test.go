package documents_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/xk6-fetch/xk6-fetch/"

// layers are the packages below fetch/, the lowest first. A package imports those of layers below its own alone.
//
//nolint:gochecknoglobals // a constant table
var layers = [][]string{
	{"internal/columns", "internal/crash", "internal/form", "internal/k6private", "internal/jsontext", "lists/packed"},
	{"budget", "segments", "lists", "report/stats", "report/k6summary", "transport/urltext", "transport/alpn", "transport/altsvc", "transport/certificate", "transport/tracing", "transport/auth", "transport/http1", "transport/mux", "page/cache", "page/integrity"},
	{"expect", "transport/http2", "transport/http3"},
	{"page/discover/csstoken", "page/discover/cut", "page/discover/reference"},
	{"page/discover/cssquery"},
	{"page/discover/srcset"},
	{"page/discover"},
	{"page/request"},
	{"transport/failure", "transport/conns"},
	{"transport/content"},
	{"transport"},
	{""}, // the pool: package fetch itself
	{"page"},
	{"k6net", "k6metrics", "report/aggregate"},
	{"report/baseline"},
	{"report/phrase"},
	{"report/page"},
	{"report"},
	{"progress"},
	{"js/work", "js/args"},
	{"js"},
	{"command/literal", "command/view"},
	{"command/script"},
	{"command"},
}

// strangers are what packages may not know of: prefixes of packages and of what they import.
//
//nolint:gochecknoglobals // a constant table
var strangers = map[string][]string{
	"the engine knows neither k6 nor JavaScript": {"go.k6.io/", "github.com/grafana/sobek"},
	"what goes on beside the event loop cannot touch the runtime": {
		"github.com/grafana/sobek", "go.k6.io/k6/v2/js",
	},
}

func TestPackagesImportLowerLayersOnly(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./fetch/...")
	list.Dir = root()
	out, err := list.Output()
	require.NoError(t, err)
	level := make(map[string]int)
	for i, layer := range layers {
		for _, name := range layer {
			level[name] = i
		}
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		paths := strings.Fields(line)
		name := nameOf(paths[0])
		if strings.HasPrefix(name, "internal/e2e") || strings.HasPrefix(name, "internal/testkit") {
			continue // tests, which use everything
		}
		own, known := level[name]
		require.True(t, known, "package fetch/%s has no layer", name)
		seen++
		for _, imported := range paths[1:] {
			for why, prefixes := range strangers {
				if appliesTo(why, name) {
					require.False(t, slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(imported, p) }),
						"fetch/%s imports %s: %s", name, imported, why)
				}
			}
			if strings.HasPrefix(imported, module+"fetch") {
				below, known := level[nameOf(imported)]
				require.True(t, known && below < own, "fetch/%s imports fetch/%s, which is not below it", name, nameOf(imported))
			}
		}
	}
	require.Greater(t, seen, 20)
}

func nameOf(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module+"fetch"), "/")
}

func appliesTo(why, name string) bool {
	if strings.HasPrefix(why, "the engine") {
		return name == "" || name == "transport" || strings.HasPrefix(name, "transport/") ||
			strings.HasPrefix(name, "page") || name == "budget" || name == "lists"
	}
	return name == "js/work"
}
