package distribution_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

const root = "../../../.."

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(data)
}

// The commands are those of the operator's own code for the manifest; the test in tools/operator checks that. They
// differ in the path of the script, and in the addresses, because the pods share one machine.
func TestK6WhatTheOperatorStartsReachesEachURLOnce(t *testing.T) {
	t.Parallel()
	var commands [][]string
	require.NoError(t, json.Unmarshal([]byte(read(t, "fetch/internal/e2e/distribution/testdata/operator.json")), &commands))
	require.Len(t, commands, 3)

	srv := newServer(t)
	list := filepath.Join(t.TempDir(), "urls.txt")
	var text strings.Builder
	for i := range *count {
		fmt.Fprintf(&text, "/%d\n", i)
	}
	require.NoError(t, os.WriteFile(list, []byte(text.String()), 0o600))

	addresses := make([]string, len(commands))
	instances := make([]*k6test.Process, len(commands))
	for i, command := range commands {
		require.Equal(t, []string{"k6", "run"}, command[:2])
		addresses[i] = freeAddress(t)
		args := make([]string, 0, len(command))
		for _, arg := range command[1:] {
			switch {
			case strings.HasPrefix(arg, "--address="):
				arg = "--address=" + addresses[i]
			case arg == "/test/script.js":
				arg = filepath.Join(root, "examples/cluster/script.js")
			}
			args = append(args, arg)
		}
		instances[i] = k6test.StartCommand(t,
			append(args, "-e", "LIST="+list, "-e", "VUS=12", "-e", "SIZE=20", "-e", "BASE_URL="+srv.URL)...)
	}
	for _, address := range addresses {
		awaitPaused(t, address)
	}
	srv.requireOnce(t, 0) // they wait for the starter
	const start = `{"data":{"attributes":{"paused":false,"stopped":false},"id":"default","type":"status"}}`
	for _, address := range addresses {
		require.True(t, status(t, address, http.MethodPatch, start))
	}
	for _, instance := range instances {
		out := instance.Wait()
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		require.NotContains(t, out.Stderr, "Error")
	}
	srv.requireOnce(t, *count)
}

// freeAddress is an address that was free a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close() //nolint:errcheck // nobody has connected
	return l.Addr().String()
}

// awaitPaused waits until an instance is ready, as the operator does.
func awaitPaused(t *testing.T, address string) {
	t.Helper()
	require.Eventually(t, func() bool { return status(t, address, http.MethodGet, "") }, time.Minute, 50*time.Millisecond)
}

// status gets the status from k6's API, or changes it.
func status(t *testing.T, address, method, body string) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+"/v1/status", strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close() //nolint:errcheck // its status is all
	return resp.StatusCode == http.StatusOK
}

func TestTheImageIsOfTheVersionsThatAreTested(t *testing.T) {
	t.Parallel()
	dockerfile := read(t, "examples/cluster/Dockerfile")
	version := func(of, file string) string {
		found := regexp.MustCompile(`(?m)` + regexp.QuoteMeta(of) + ` (v[\d.]+)`).FindStringSubmatch(read(t, file))
		require.NotNil(t, found, of)
		return found[1]
	}
	k6 := version("go.k6.io/k6/v2", "go.mod")
	require.Contains(t, dockerfile, "ARG K6_VERSION="+k6+"\n")
	require.Contains(t, dockerfile, "FROM grafana/k6:"+strings.TrimPrefix(k6, "v")+"\n")
	require.Contains(t, dockerfile, "go.k6.io/xk6@"+version("go.k6.io/xk6", "tools/go.mod")+"\n")
}
