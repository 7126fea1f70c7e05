package command_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
	"github.com/xk6-fetch/xk6-fetch/fetch/command"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// document is the page of the command.
func document(t *testing.T) string {
	t.Helper()
	return readFile(t, filepath.Join("..", "..", "docs"), "command.md")
}

// rows are those of the table below a heading, without its head.
func rows(t *testing.T, below string) (all [][]string) {
	t.Helper()
	_, text, found := strings.Cut(document(t), below)
	require.True(t, found, below)
	_, text, found = strings.Cut(text, "|---|---|\n")
	require.True(t, found, below)
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 2 {
			break
		}
		all = append(all, []string{strings.Trim(cells[0], "` "), strings.TrimSpace(cells[1])})
	}
	return all
}

func TestTheDocumentHasEveryFlag(t *testing.T) {
	t.Parallel()
	flags := command.FlagRows()
	want := make([][]string, 0, len(flags))
	for _, f := range flags {
		name := f[0]
		if f[1] != "" {
			name += " " + strings.ReplaceAll(f[1], "|", `\|`)
		}
		want = append(want, []string{name, f[2]})
	}
	require.Equal(t, want, rows(t, "## Flags"))
}

func TestTheDocumentSaysWhichOptionsHaveNoFlag(t *testing.T) {
	t.Parallel()
	found := make(map[string]string)
	for _, row := range rows(t, "These options of scripts have no flag:") {
		found[row[0]] = row[1]
	}
	require.Equal(t, withoutFlag, found)
}

func TestTheDocumentHasTheExitStatuses(t *testing.T) {
	t.Parallel()
	statuses := make([]string, 0, 4)
	for _, row := range rows(t, "## Exit status") {
		statuses = append(statuses, row[0])
	}
	require.Equal(t, []string{"0", "99", "104", "105"}, statuses, "TestExitStatuses says when")
	out := k6test.Command{Args: []string{"--help"}}.Run(t)
	for _, status := range statuses {
		require.Regexp(t, "(?m)^  "+status+" +[a-z]", out.Stdout)
	}
}

// examplesOf are the lines of shell in a text that run the command.
func examplesOf(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.Contains(line, "k6 x fetch ") && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// Every example of the document and of the help runs, with its hosts on loopback and files of their names.
func TestExamplesRun(t *testing.T) {
	t.Parallel()
	help := k6test.Command{Args: []string{"--help"}}.Run(t).Stdout
	_, help, _ = strings.Cut(help, "Examples:")
	help, _, _ = strings.Cut(help, "Available Commands:")
	var shell strings.Builder
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(document(t), -1) {
		shell.WriteString(block[1])
	}
	examples := slices.Concat(examplesOf(shell.String()), examplesOf(strings.ReplaceAll(help, filepath.Base(os.Args[0]), "k6")))
	require.Greater(t, len(examples), 15)
	base, stop, err := site.ServeSecurely(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path { // what examples expect
		case "", "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<!-- Welcome -->")
		case "/health":
			_, _ = fmt.Fprint(w, `{"status":"up"}`)
			return
		}
		_, _ = fmt.Fprint(w, "<urlset><url><loc>https://a.example/page</loc></url></urlset>")
	}))
	require.NoError(t, err)
	t.Cleanup(stop)
	address := strings.TrimPrefix(base, "https://")
	config, err := json.Marshal(map[string]any{
		"insecureSkipTLSVerify": true, "hosts": map[string]string{"a.example": address, "b.example": address},
	})
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	for _, example := range examples {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			dir := files(t, map[string]string{
				configFile: string(config), "urls.txt": "https://a.example/1\nhttps://b.example/2\n",
				"requests.csv": "address,verb\nhttps://a.example,GET\n", "body.json": "{}",
				"page.har": strings.ReplaceAll(archive, "{BASE}", "https://a.example"),
				"old.json": reported(t, "old", time.Millisecond), "new.json": reported(t, "new", time.Millisecond),
				"k6":            "#!/bin/sh\nshift 2\nexec " + self + " --config " + configFile + " x fetch \"$@\"\n",
				"generate-urls": "#!/bin/sh\necho https://a.example/\n",
			})
			for _, program := range []string{"k6", "generate-urls"} {
				require.NoError(t, os.Chmod(filepath.Join(dir, program), 0o700)) // #nosec G302 -- a program
			}
			run := exec.CommandContext(t.Context(), "sh", "-c", example) // #nosec G204 -- of the document
			run.Dir = dir
			run.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "XK6_FETCH_TEST_AS_K6=1",
				"K6_AUTO_EXTENSION_RESOLUTION=false", "K6_NO_USAGE_REPORT=true")
			out, err := run.CombinedOutput()
			if strings.Contains(example, "--budget") && run.ProcessState.ExitCode() == 99 {
				require.Contains(t, string(out), "budget", "this machine is slow")
				return
			}
			require.NoError(t, err, string(out))
		})
	}
}

// The output that the document shows is what the command prints, but for the figures.
func TestTheDocumentShowsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	all := regexp.MustCompile("(?ms)^```text\n(.*?)^```$").FindAllStringSubmatch(document(t), -1)
	require.Len(t, all, 1)
	shown := all[0]
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(60 * time.Millisecond) // so that both take a while, whatever this machine is like
		if r.Host == "b.example" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		time.Sleep(40 * time.Millisecond) // so that it comes last
	}))
	t.Cleanup(srv.Close)
	hosts := "=" + strings.TrimPrefix(srv.URL, "https://")
	out := k6test.Command{Args: []string{
		"-k", "--hosts", "a.example" + hosts, "--hosts", "b.example" + hosts, "https://a.example", "https://b.example",
	}}.Run(t)
	figures := regexp.MustCompile(`[\d.]+( ms)|[\d.]+( times)|\*+| {2,}`)
	require.Equal(t, figures.ReplaceAllString(shown[1], " $1$2"), figures.ReplaceAllString(out.Stdout, " $1$2"))
}
