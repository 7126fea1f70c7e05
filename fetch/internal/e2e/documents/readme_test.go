package documents_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
)

// block is a block of code in the README.
type block struct {
	// mark is the comment on the line above, info the text after the fence.
	mark, info, code string
}

func readmeBlocks(t *testing.T) []block {
	t.Helper()
	fence := regexp.MustCompile("(?ms)(?:^<!-- ([^\n]*) -->\n)?^```([^\n]*)\n(.*?)^```$")
	found := fence.FindAllStringSubmatch(read(t, root("README.md")), -1)
	require.NotEmpty(t, found)
	blocks := make([]block, len(found))
	for i, m := range found {
		blocks[i] = block{m[1], m[2], m[3]}
	}
	return blocks
}

// Every whole script of the README runs unchanged, with its hosts on loopback. tools/types compiles the fragments.
func TestREADMEScriptsRun(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{}`)
	}))
	t.Cleanup(srv.Close)
	address := strings.TrimPrefix(srv.URL, "https://")
	host := regexp.MustCompile(`https://([a-z0-9.-]+)`)

	ran := 0
	for i, b := range readmeBlocks(t) {
		if b.info != "js" {
			continue
		}
		ran++
		t.Run(fmt.Sprintf("block %d", i+1), func(t *testing.T) {
			t.Parallel()
			hosts := map[string]string{}
			for _, m := range host.FindAllStringSubmatch(b.code, -1) {
				hosts[m[1]] = address
			}
			config, err := json.Marshal(map[string]any{"hosts": hosts, "insecureSkipTLSVerify": true})
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "config.json")
			require.NoError(t, os.WriteFile(path, config, 0o600))

			script := b.code
			if !strings.Contains(script, "export default") {
				script += "\nexport default function () {}\n"
			}
			out := k6test.Run(t, script, "--config", path)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			require.NotContains(t, out.Stderr, "Error", "an exception does not change k6's exit code")
			for _, check := range out.Of("checks") {
				require.InDelta(t, 1, check.Value, 0, check.Tags)
			}
			if len(hosts) > 0 {
				require.NotEmpty(t, out.Of("http_reqs"))
			}
		})
	}
	require.NotZero(t, ran)
}

func TestREADMEShowsTheExamplesAndTheirOutput(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, b := range readmeBlocks(t) {
		kind, path, _ := strings.Cut(b.mark, ": ")
		switch kind {
		case "example":
			shown++
			_, code, _ := strings.Cut(read(t, root(path)), "\n\n") // without the comment at the top
			require.Equal(t, code, b.code, path)
		case "output":
			shown++
			out := k6test.RunFile(t, root(path), demoEnv(serveDemo(t))...)
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			require.Contains(t, withoutFigures(out.Stdout), withoutFigures(b.code), path)
		}
	}
	require.Equal(t, 6, shown)
}

// withoutFigures removes from the output what differs between runs.
func withoutFigures(text string) string {
	for _, figure := range []struct{ pattern, name string }{
		{`127\.0\.0\.1:\d+`, "SERVER"},
		{` *\d+(\.\d+)? m?s\b`, " TIME"}, // in a column, with blanks before it
		{`worst \d+ B`, "worst N B"},
		{`\d+\.\d+ times`, "N times"},
		{`\*+`, "*"},
	} {
		text = regexp.MustCompile(figure.pattern).ReplaceAllString(text, figure.name)
	}
	return text
}

// tables returns the names in the first columns of the README's tables, by the comment above the table.
func tables(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	table := regexp.MustCompile(`(?m)^<!-- (names: \w+|metrics) -->\n((?:\|.*\n)+)`)
	name := regexp.MustCompile("`(?:new )?(\\w+)[^`]*`")
	for _, m := range table.FindAllStringSubmatch(read(t, root("README.md")), -1) {
		for _, row := range strings.Split(strings.TrimSpace(m[2]), "\n")[2:] {
			first := strings.Split(row, "|")[1]
			for _, n := range name.FindAllStringSubmatch(first, -1) {
				found[m[1]] = append(found[m[1]], n[1])
			}
		}
		slices.Sort(found[m[1]])
	}
	return found
}

func TestREADMETablesNameWhatTheModuleHas(t *testing.T) {
	t.Parallel()
	has := &names{}
	require.NoError(t, json.Unmarshal([]byte(read(t, namesFile)), has))
	documented := tables(t)
	for _, name := range []string{
		"Params", "ClientOptions", "Run", "Result", "Timings", "Comparison", "WaysComparison", "Stream", "Client",
		"TargetList", "CSVOptions", "RunBudget",
		"ReportOptions",
	} {
		require.Equal(t, has.Types[name], documented["names: "+name], name)
	}
}

func TestREADMEListsTheMetrics(t *testing.T) {
	t.Parallel()
	registry := metrics.NewRegistry()
	_, err := k6metrics.Register(registry)
	require.NoError(t, err)
	readme := read(t, root("README.md"))
	all := registry.All()
	registered := make([]string, len(all))
	for i, metric := range all {
		registered[i] = metric.Name
		kind := metric.Type.String()
		if metric.Contains == metrics.Time {
			kind += ", time"
		}
		require.Contains(t, readme, fmt.Sprintf("| `%s` | %s |", metric.Name, kind))
	}
	slices.Sort(registered)
	require.Equal(t, registered, tables(t)["metrics"])
}
