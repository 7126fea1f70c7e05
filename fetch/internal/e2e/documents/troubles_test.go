package documents_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// imports are those of the scripts below.
const imports = "import { group } from 'k6'; import { chunk, concurrent, lines } from 'k6/x/fetch';\n"

// iteration is a script with one iteration. URL is a page.
func iteration(body string) string {
	return imports + "export default async function () { const URL = __ENV.URL; " + body + " }\n"
}

// troubles are scripts that bring about what docs/troubleshooting.md has as titles, and what other pages show.
//
//nolint:gochecknoglobals // a constant table
var troubles = map[string]string{
	"Using concurrent() in the init context is not supported":                  imports + "concurrent([__ENV.URL]);\nexport default function () {}\n",
	"Using lines() outside the init context is not supported: it opens a file": iteration("lines('urls.txt');"),
	"lines(): urls.txt: there is no such file":                                 imports + "lines('urls.txt');\nexport default function () {}\n",
	"lines(): urls.txt:17: the URL does not begin with http:// or https://":    imports + "lines('urls.txt');\nexport default function () {}\n",
	"concurrent options.concurrency must be an integer of at least 1; got 0":   iteration("await concurrent([URL], { concurrency: 0 });"),
	"concurrent options.retry is not an option":                                iteration("await concurrent([URL], { retry: 1 });"),
	"the body was not kept, so there is no body: set the option responseType to 'text' or 'binary'": iteration(
		"(await concurrent([URL])).results[0].body;"),
	"group() does not support async functions as arguments": iteration("group('pages', async () => {});"),
	"chunk() needs --execution-segment-sequence with --execution-segment": iteration(
		"chunk([URL], 1);"),
	"chunk() would lose a part of the list": iteration("chunk([URL, URL], 1);"),
	"There are more than 1000 distinct names in the metrics of k6/x/fetch.": iteration(
		"await concurrent([...Array(1001).keys()].map((i) => `${URL}/${i}`));"),
	"progress": iteration("await concurrent([...Array(70).keys()].map((i) => `${URL}/${i % 3 ? 'slow' : 'gone'}`), { concurrency: 1 });"),
}

// arguments are what k6 is started with for a script of troubles.
//
//nolint:gochecknoglobals // a constant table
var arguments = map[string][]string{
	"chunk() needs --execution-segment-sequence with --execution-segment": {"--execution-segment", "0:1/2"},
	"progress": {"--quiet=false"}, // k6test is quiet otherwise
}

// brought runs the script of a trouble and returns what k6 printed.
func brought(t *testing.T, trouble string) string {
	t.Helper()
	script, ok := troubles[trouble]
	require.True(t, ok, "nothing brings about %q", trouble)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			wait(r, 120*time.Millisecond)
		case "/gone":
			wait(r, 120*time.Millisecond)
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	folder := t.TempDir()
	if strings.HasPrefix(trouble, "lines(): urls.txt:17") {
		list := strings.Repeat("https://www.example.com/\n", 16) + "www.example.com\n"
		require.NoError(t, os.WriteFile(filepath.Join(folder, "urls.txt"), []byte(list), 0o600))
	}
	path := filepath.Join(folder, "script.js")
	require.NoError(t, os.WriteFile(path, []byte(script), 0o600))
	args := append([]string{"-e", "URL=" + srv.URL}, arguments[trouble]...)
	out := k6test.RunFile(t, path, args...)
	return out.Stdout + out.Stderr
}

// titles are the errors that docs/troubleshooting.md has as titles in a section.
func titles(t *testing.T, section string) []string {
	t.Helper()
	_, text, ok := strings.Cut(read(t, root("docs", "troubleshooting.md")), "\n## "+section+"\n")
	require.True(t, ok, section)
	text, _, _ = strings.Cut(text, "\n## ")
	all := regexp.MustCompile("(?m)^### `(.*)`$").FindAllStringSubmatch(text, -1)
	found := make([]string, len(all))
	for i, m := range all {
		found[i] = m[1]
	}
	return found
}

// Each title is what k6 prints. tools/types looks at those of editors.
func TestTroubleshootingHasTitlesAsTheyArePrinted(t *testing.T) {
	t.Parallel()
	printed := map[string]func(t *testing.T) string{
		`unknown modules ["k6/x/fetch"] were tried to be loaded, but couldn't`: func(t *testing.T) string {
			t.Helper()
			script := "import 'k6/x/fetch-is-not-there';\nexport default function () {}\n"
			path := filepath.Join(t.TempDir(), "script.js")
			require.NoError(t, os.WriteFile(path, []byte(script), 0o600))
			out := k6test.StartWith(t, path, []string{"K6_AUTO_EXTENSION_RESOLUTION=false"}).Wait()
			return strings.ReplaceAll(out.Stderr, "k6/x/fetch-is-not-there", "k6/x/fetch")
		},
		"requires go >= " + goVersion(t): func(t *testing.T) string {
			t.Helper()
			return tooOldFor(t, "99.0")
		},
	}
	for name := range troubles {
		if name != "progress" {
			printed[name] = func(t *testing.T) string { t.Helper(); return brought(t, name) }
		}
	}
	shown := titles(t, "k6 does not start, or the script throws")
	require.Len(t, shown, len(printed), "a title without a cause, or a cause without its title")
	for _, title := range shown {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			cause, ok := printed[title]
			require.True(t, ok, "nothing brings it about")
			require.Contains(t, strings.ReplaceAll(cause(t), "99.0", goVersion(t)), title)
		})
	}
}

// goVersion is the Go that the module needs.
func goVersion(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`(?m)^go (.*)$`).FindStringSubmatch(read(t, root("go.mod")))[1]
}

// tooOldFor is what this Go prints of a module that needs a later one, which it may not download.
func tooOldFor(t *testing.T, version string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte("module m\n\ngo "+version+"\n"), 0o600))
	list := exec.Command("go", "list", "-m")
	list.Dir, list.Env = folder, append(os.Environ(), "GOTOOLCHAIN=local")
	out, err := list.CombinedOutput()
	require.Error(t, err)
	return string(out)
}

// What documents show as printed is printed, but for figures.
func TestDocumentsShowWhatIsPrinted(t *testing.T) {
	t.Parallel()
	figures := regexp.MustCompile(`about [\dhms.]+ left|\d[\d,.]*( %)?`)
	shown := 0
	for _, b := range blocks(t) {
		kind, what, _ := strings.Cut(b.mark, ": ")
		// The tests of the command check its page.
		if b.info == "text" && b.document != "docs/architecture.md" && b.document != "docs/command.md" {
			require.Contains(t, []string{"output", "printed"}, kind, "%s:%d is not checked", b.document, b.line)
		}
		if kind != "printed" {
			continue
		}
		shown++
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			without := func(text string) string { return figures.ReplaceAllString(text, "N") }
			require.Contains(t, without(brought(t, what)), without(strings.TrimSpace(b.code)))
		})
	}
	require.Equal(t, 3, shown)
}
