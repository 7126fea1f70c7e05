package distribution_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// writeRecording writes a recording of n requests, of which each was made 25 ms after the one before.
func writeRecording(t *testing.T, base string, n int) (path string) {
	t.Helper()
	entries := make([]string, n)
	for i := range entries {
		at := time.UnixMilli(int64(gap * i)).UTC().Format(time.RFC3339Nano)
		entries[i] = fmt.Sprintf(`{"startedDateTime": %q, "request": {"url": "%s/%d"}}`, at, base, i)
	}
	path = filepath.Join(t.TempDir(), "recording.har")
	require.NoError(t, os.WriteFile(path, []byte(`{"log": {"entries": [`+strings.Join(entries, ",")+"]}}"), 0o600))
	return path
}

const gap = 25 // ms

// Instances replay a recording together: each target starts as long after the start of the test as it was recorded
// after the first, whichever instance has it.
func TestK6InstancesReplayARecordingTogether(t *testing.T) {
	t.Parallel()
	const n = 24
	replayed := regexp.MustCompile(`replayed /(\d+) due (\d+) started ([\d.]+)`)
	for shares, vus := range map[string]int{"partition": 3, "chunks": n / 4} {
		t.Run(shares, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			instances := startAll(t, "testdata/paced.js", segments(sequences["equal"], true),
				"-e", "RECORDING="+writeRecording(t, srv.URL, n), "-e", "SHARES="+shares, "-e", "VUS="+strconv.Itoa(vus))
			seen := 0
			for _, instance := range instances {
				out := instance.Wait()
				require.Equal(t, 0, out.ExitCode, out.Stderr)
				for _, m := range replayed.FindAllStringSubmatch(out.Stderr, -1) {
					number, err := strconv.Atoi(m[1])
					require.NoError(t, err)
					require.Equal(t, strconv.Itoa(gap*number), m[2])
					started, err := strconv.ParseFloat(m[3], 64)
					require.NoError(t, err)
					require.GreaterOrEqual(t, started, float64(gap*number))
					seen++
				}
			}
			require.Equal(t, n, seen)
			srv.requireOnce(t, n)
		})
	}
}
