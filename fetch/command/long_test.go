//go:build unix

package command_test

import (
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// lines is the length of the long list. The long tests have a million.
//
//nolint:gochecknoglobals // a flag
var lines = flag.Int("lines", 50_000, "how many lines the test of long lists writes to standard input")

// lineReader yields lines without having them.
type lineReader struct {
	base string
	n    int
	next int
	rest []byte
}

func (r *lineReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.next == r.n {
			return 0, io.EOF
		}
		for len(r.rest) < 1<<15 && r.next < r.n {
			r.rest = append(append(append(r.rest, r.base...), strconv.Itoa(r.next)...), '\n')
			r.next++
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// peakOf fetches so many lines of standard input, and returns the most memory that the command had, in kB.
func peakOf(t *testing.T, base string, n int, args ...string) int64 {
	t.Helper()
	c := k6test.Command{Args: append([]string{"-i", "-", "--concurrency", "50", "--per-host", "0"}, args...)}
	c.Stdin, c.Root = &lineReader{base: base + "/", n: n}, []string{"--quiet"}
	p := c.Start(t)
	out := p.Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stdout, "All "+grouped(n)+" URLs were answered")
	usage, ok := p.Cmd.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(t, ok)
	return usage.Maxrss
}

func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Memory does not grow with the number of lines, even if each URL has a name of its own, and reports are written.
//
//nolint:paralleltest // it measures, which whatever runs at the same time would disturb
func TestMemoryOfLongLists(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory for each access")
	}
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	args := []string{"--name", "url", "--report", "json=out.json", "--report", "html=out.html", "--budget", "elapsed:p(95)<1m"}
	const few = 5_000
	before := peakOf(t, srv.URL, few, args...)
	after := peakOf(t, srv.URL, *lines, args...)
	t.Logf("%s lines: %d MB; %s lines: %d MB", grouped(few), before>>10, grouped(*lines), after>>10)
	require.Less(t, after, before+40<<10, "kB")
	require.Less(t, after, int64(200<<10), "kB")
}
