package js_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// prelude is what every script of these tests begins with.
func prelude(t *testing.T) string {
	t.Helper()
	harness, err := filepath.Abs(filepath.Join("testdata", "harness.js"))
	require.NoError(t, err)
	return `
import { check, group, sleep } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';
import * as module from 'k6/x/fetch';
import fetch, { sequential, concurrent, compare, stream, page, Client, expectedStatuses } from 'k6/x/fetch';
import { arrived, drain, file, hits, most, ok, rejection, same, show, thrown, times } from '` + filepath.ToSlash(harness) + `';
const BASE = __ENV.BASE;
`
}

// runScript runs a script that begins with the prelude.
func runScript(t *testing.T, srv *web.Server, script string, args ...string) *k6test.Outcome {
	t.Helper()
	return k6test.Run(t, prelude(t)+script, append([]string{"-e", "BASE=" + srv.URL}, args...)...)
}

// judge runs a file of testdata/judged, whose samples and output are what a test looks at.
func judge(t *testing.T, srv *web.Server, name string, args ...string) *k6test.Outcome {
	t.Helper()
	return k6test.RunFile(t, testdata(t, "judged/"+name+".js"), append([]string{"-e", "BASE=" + srv.URL}, args...)...)
}

func joined(args []string) string { return strings.Join(args, " ") }

// startScript starts a script that begins with the prelude.
func startScript(t *testing.T, srv *web.Server, script string, args ...string) *k6test.Process {
	t.Helper()
	return k6test.Start(t, writeScript(t, prelude(t)+script), append([]string{"-e", "BASE=" + srv.URL}, args...)...)
}

// isControl reports whether a URL asks the server for a count.
func isControl(url string) bool { return strings.Contains(url, "/_/") }

func writeScript(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.js")
	require.NoError(t, os.WriteFile(path, []byte(script), 0o600))
	return path
}
