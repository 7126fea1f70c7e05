//go:build unix

package spread_test

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
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6test"
)

// many is how long the long list is.
//
//nolint:gochecknoglobals // a flag
var many = flag.Int("many", 200_000, "how many URLs the long list of the test of memory has")

// writeList writes a list of n URLs, compressed: what k6 keeps of a file is the file, as it is.
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

// What k6 itself keeps of each request is left out: without a summary and thresholds, that is nothing.
func TestMemoryDoesNotGrowWithTheList(t *testing.T) { //nolint:paralleltest // it measures
	if raceEnabled {
		t.Skip("make test-memory runs it without the race detector")
	}
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	const few = 10_000
	for _, way := range []string{"stream", "onResult"} { //nolint:paralleltest // it measures
		t.Run(way, func(t *testing.T) {
			type figures struct {
				peak int64 // in kB, without the file, which k6 has twice while it reads it
				cpu  time.Duration
			}
			measure := func(n int) figures {
				list := writeList(t, srv.URL, n)
				file, err := os.Stat(list)
				require.NoError(t, err)
				p := k6test.StartCommand(t, "run", "--summary-mode", "disabled", "--no-thresholds",
					"-e", "LIST="+list, "-e", "WAY="+way, "testdata/flat.js")
				out := p.Wait()
				require.Equal(t, 0, out.ExitCode, out.Stderr)
				require.Contains(t, out.Stderr, fmt.Sprintf("saw %d", n))
				usage, ok := p.Cmd.ProcessState.SysUsage().(*syscall.Rusage)
				require.True(t, ok)
				return figures{usage.Maxrss - 2*file.Size()>>10, p.Cmd.ProcessState.UserTime() + p.Cmd.ProcessState.SystemTime()}
			}
			short := measure(few)
			// How much garbage there is at the worst moment depends on what else the machine does. A list that is kept
			// is there every time.
			long := figures{peak: math.MaxInt64}
			for i := 0; i < 3 && float64(long.peak) > 1.2*float64(short.peak); i++ {
				long = measure(*many)
				t.Logf("%d URLs: %d MB, %v; %d URLs: %d MB, %v", few, short.peak>>10, short.cpu, *many, long.peak>>10, long.cpu)
			}
			require.LessOrEqual(t, float64(long.peak), 1.2*float64(short.peak))
		})
	}
}
