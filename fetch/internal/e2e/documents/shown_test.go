package documents_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// Every whole script of a document runs unchanged, with its hosts on loopback. tools/types compiles the fragments.
// TestExamplesRun runs examples that open files, because these are beside them, and those that expect something of what
// the demo's server says.
func TestDocumentsScriptsRun(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{}`)
	}))
	t.Cleanup(srv.Close)
	address := strings.TrimPrefix(srv.URL, "https://")
	host := regexp.MustCompile(`https://([a-z0-9.-]+)`)
	opens := regexp.MustCompile(`= (har|lines|csv|sitemap)\(|\bexpect:`)

	ran := 0
	for _, b := range blocks(t) {
		if b.info != "js" || strings.HasPrefix(b.mark, "example: ") && opens.MatchString(b.code) {
			continue
		}
		ran++
		t.Run(fmt.Sprintf("%s:%d", b.document, b.line), func(t *testing.T) {
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
	require.Greater(t, ran, 6)
}

func TestDocumentsShowTheExamplesAndTheirOutput(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, b := range blocks(t) {
		kind, path, _ := strings.Cut(b.mark, ": ")
		switch kind {
		case "example":
			shown++
			_, code, _ := strings.Cut(read(t, root(path)), "\n\n") // without the comment at the top
			require.Equal(t, code, b.code, path)
		case "output":
			shown++
			out := runExample(t, root(path))
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			require.Contains(t, withoutFigures(out.Stdout), withoutFigures(b.code), path)
		}
	}
	require.Equal(t, 11, shown)
}

// withoutFigures removes from the output what differs between runs.
func withoutFigures(text string) string {
	for _, figure := range []struct{ pattern, name string }{
		{`127\.0\.0\.1:\d+`, "SERVER"},
		{`=\d+(\.\d+)?[µm]?s *`, "=TIME "}, // in k6's summary, which pads it
		{`% +`, "% "},                      // there, too
		{` *\d+(\.\d+)? m?s\b`, " TIME"},   // in a column, with blanks before it
		{`worst \d+ B`, "worst N B"},
		{`\d+\.\d+ times`, "N times"},
		{`\*+`, "*"},
	} {
		text = regexp.MustCompile(figure.pattern).ReplaceAllString(text, figure.name)
	}
	return text
}
