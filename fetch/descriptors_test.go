package fetch_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// childEnv makes the test binary the process that runs out of file descriptors. Its value is what to fetch, and how
// often.
const childEnv = "XK6_FETCH_TEST_DESCRIPTORS"

// TestFileDescriptorsRunOut tests that row of the table in a process with such a low limit.
func TestFileDescriptorsRunOut(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no such limit")
	}
	s := faults.Start(t)
	for _, c := range faults.Table() {
		if c.Needs.FileDescriptors == 0 {
			continue
		}
		self, err := os.Executable()
		require.NoError(t, err)
		shell := `ulimit -n "$1" && exec "$0" -test.run='^TestWithFewDescriptors$' -test.v`
		cmd := exec.CommandContext(t.Context(), "sh", "-c", shell, self, strconv.Itoa(c.Needs.FileDescriptors))
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", childEnv, c.Needs.Targets, c.URL(s)))
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Positive(t, s.Hits(c))
		assert.Less(t, s.Hits(c), c.Needs.Targets)
	}
}

// TestWithFewDescriptors is the other process of TestFileDescriptorsRunOut: no URL is lost, and later ones succeed.
func TestWithFewDescriptors(t *testing.T) { //nolint:paralleltest // is alone
	count, url, ok := strings.Cut(os.Getenv(childEnv), " ")
	if !ok {
		t.Skip("runs in a process of its own")
	}
	n, err := strconv.Atoi(count)
	require.NoError(t, err)
	urls := strings.Fields(strings.Repeat(url+" ", n))
	client := newClient(t, fetch.Config{})
	obs := &recorder{}
	run := client.Run(t.Context(), targets(spec(), urls...), fetch.Options{Concurrency: n}, obs)
	require.Equal(t, n, run.Ok+run.Failed)
	require.Positive(t, run.Ok)
	require.Positive(t, run.Failed)
	require.Len(t, obs.exchanges, n)
	require.Len(t, obs.finished, n)
	for _, r := range run.Results.All() {
		if r.State == fetch.StateFailed {
			require.Equal(t, failure.CodeDialErrno, r.ErrorCode, r.Error)
			require.Equal(t, "dial: unknown errno 24 error with msg `too many open files`", r.Error)
		}
	}
	again := client.Run(t.Context(), targets(spec(), urls[:10]...), fetch.Options{Concurrency: 5}, obs)
	require.Equal(t, 10, again.Ok, "and then all is well again")
}
