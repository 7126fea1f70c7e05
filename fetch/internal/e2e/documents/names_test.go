package documents_test

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

//nolint:gochecknoglobals // a flag
var update = flag.Bool("update", false, "write the names that the module has to testdata")

// names are the names that a script can use: those of the module, or those that a document lists.
type names struct {
	Functions, Classes, Default []string
	// Types are the members of objects, Literals the values of members that are one of a few strings.
	Types, Literals map[string][]string
}

// moduleNames gets the names from the module, in a real k6.
func moduleNames(t *testing.T) *names {
	t.Helper()
	hang := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cookie":
			http.SetCookie(w, &http.Cookie{Name: "name", Value: "value"})
		case "/moved":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<img src=/>")
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

	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)

	out := k6test.RunFile(t, "testdata/names.js", "-e", "BASE_URL="+srv.URL, "-e", "TLS_URL="+secure.URL,
		"--insecure-skip-tls-verify")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	found := &names{}
	line, _, _ := strings.Cut(strings.TrimSpace(out.Stderr), "\n")
	require.NoError(t, json.Unmarshal([]byte(line), found), out.Stderr)
	return found
}

// namesFile holds the module's names. The test of index.d.ts, in tools/types, compares with them without running k6.
const namesFile = "testdata/names.json"

func TestK6NamesOfTheModuleAreKnown(t *testing.T) {
	t.Parallel()
	data, err := json.MarshalIndent(moduleNames(t), "", "  ")
	require.NoError(t, err)
	data = append(data, '\n')
	if *update {
		require.NoError(t, os.WriteFile(namesFile, data, 0o644))
	}
	require.Equal(t, read(t, namesFile), string(data),
		"the module has other names than before: change index.d.ts and docs, and run go test ./fetch/internal/e2e/documents -update")
}

func TestFormatsOfReportsAreDeclared(t *testing.T) {
	t.Parallel()
	declared := regexp.MustCompile(`export type ReportFormat = (.*);`).FindStringSubmatch(read(t, root("index.d.ts")))
	require.NotNil(t, declared)
	require.Equal(t, `"`+strings.Join(report.Formats(), `" | "`)+`"`, declared[1])
}
