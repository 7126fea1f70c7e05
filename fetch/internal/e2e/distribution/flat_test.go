//go:build unix

package distribution_test

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// many is the length of the long list.
//
//nolint:gochecknoglobals // a flag
var many = flag.Int("many", 200_000, "how many URLs the long list of the test of memory has")

// writeList writes a list of n URLs, compressed, because k6 keeps the file as it is.
func writeList(t *testing.T, base string, n int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "urls.txt.gz")
	f, err := os.Create(path)
	require.NoError(t, err)
	zipped := gzip.NewWriter(f)
	w := bufio.NewWriter(zipped)
	for i := range n {
		_, err = fmt.Fprintf(w, "%s/%d\n", base, i)
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, zipped.Close())
	require.NoError(t, f.Close())
	return path
}

const few = 10_000

// ways are the ways of fetching a list without keeping its results.
//
//nolint:gochecknoglobals // a constant list
var ways = []string{"stream", "onResult"}

// figures are what a process has used.
type figures struct {
	peak int64 // in kB, without the file, because k6 has it twice while it reads it
	cpu  time.Duration
}

// fetchList fetches a list of n URLs several times.
func fetchList(t *testing.T, base, way string, n, times int) figures {
	t.Helper()
	list := writeList(t, base, n)
	file, err := os.Stat(list)
	require.NoError(t, err)
	p := k6test.StartCommand(t, "run", "--summary-mode", "disabled", "--no-thresholds",
		"-e", "LIST="+list, "-e", "WAY="+way, "-e", "CALLS="+strconv.Itoa(times), "testdata/flat.js")
	out := p.Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Equal(t, times, strings.Count(out.Stderr, fmt.Sprintf("saw %d", n)), out.Stderr)
	usage, ok := p.Cmd.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(t, ok)
	return figures{usage.Maxrss - 2*file.Size()>>10, p.Cmd.ProcessState.UserTime() + p.Cmd.ProcessState.SystemTime()}
}

// emptyServer answers every request with an empty page.
func emptyServer(t *testing.T) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	return srv
}

// Without a summary and thresholds, k6 itself keeps nothing of each request.
func TestMemoryDoesNotGrowWithTheList(t *testing.T) { //nolint:paralleltest // it measures
	if raceEnabled {
		t.Skip("make test-memory runs it without the race detector")
	}
	srv := emptyServer(t)
	for _, way := range ways { //nolint:paralleltest // it measures
		t.Run(way, func(t *testing.T) {
			short := fetchList(t, srv.URL, way, few, 1)
			// How much garbage there is at the peak depends on what else the machine does. A list that is kept would be there
			// every time.
			long := figures{peak: math.MaxInt64}
			for i := 0; i < 3 && float64(long.peak) > 1.2*float64(short.peak); i++ {
				long = fetchList(t, srv.URL, way, *many, 1)
				t.Logf("%d URLs: %d MB, %v; %d URLs: %d MB, %v", few, short.peak>>10, short.cpu, *many, long.peak>>10, long.cpu)
			}
			require.LessOrEqual(t, float64(long.peak), 1.2*float64(short.peak))
		})
	}
}

// A long list is compared with short ones that have as many URLs together, in turns. Because the machine is busy, the
// bound is loose, and two of three rounds decide. The bench measures more precisely.
func TestK6CPUPerURLDoesNotGrowWithTheList(t *testing.T) { //nolint:paralleltest // it measures
	if raceEnabled || *many < 1_000_000 {
		t.Skip("make test-long runs it")
	}
	const bound = 1.3
	srv := emptyServer(t)
	for _, way := range ways { //nolint:paralleltest // it measures
		t.Run(way, func(t *testing.T) {
			within, beyond := 0, 0
			for within < 2 && beyond < 2 {
				short := fetchList(t, srv.URL, way, few, *many/few)
				long := fetchList(t, srv.URL, way, *many, 1)
				ratio := long.cpu.Seconds() / short.cpu.Seconds()
				t.Logf("%d times %d URLs: %v; %d URLs: %v; ratio %.2f", *many/few, few, short.cpu, *many, long.cpu, ratio)
				if ratio <= bound {
					within++
				} else {
					beyond++
				}
			}
			require.Equal(t, 2, within)
		})
	}
}
