package wholeruns

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

const mega = 1 << 20

// allowed is how much memory a hostile server may cost, in addition to k6's own.
const allowed = 100 * mega * overhead

// TestMemoryIsBounded has servers that send too much. At their end, the scripts request a page whose server measures
// the memory of the process, so that nothing is missed.
//
//nolint:paralleltest // measures
func TestMemoryIsBounded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	s := faults.Start(t)
	idle, _ := peak(t, "")
	for _, kind := range []string{"none", "text", "binary"} {
		for name, test := range map[string]struct {
			urls   []string
			status map[string]int // the status of each result, by response type
		}{
			"a gzip bomb of 256 MB":     {repeat(s.GzipBomb(256), 1), map[string]int{"none": 200}},
			"ten gzip bombs of 64 MB":   {repeat(s.GzipBomb(64), 10), map[string]int{"none": 200}},
			"an endless body, 200 MB/s": {repeat(s.Endless(), 1), nil},
			"a header of 9 MB":          {repeat(s.BigHeader(9), 1), map[string]int{"none": 200, "text": 200, "binary": 200}},
			"a header of 64 MB":         {repeat(s.BigHeader(64), 1), nil},
		} {
			t.Run(name+", "+kind, func(t *testing.T) {
				timeout := "60s"
				if strings.Contains(name, "endless") {
					timeout = "1s"
				}
				took, out := peak(t, fmt.Sprintf(`
					const run = await fetch.concurrent(%q.split(' '),
						{ concurrency: 10, perHost: 0, responseType: '%s', timeout: '%s' });
					for (const r of run.results) console.log('status ' + r.status + ' ' + r.error);`,
					strings.Join(test.urls, " "), kind, timeout))
				require.Equal(t, len(test.urls), strings.Count(out.Stderr, fmt.Sprintf("status %d ", test.status[kind])), out.Stderr)
				require.Less(t, took-idle, allowed, "%d MB over %d MB", (took-idle)/mega, idle/mega)
				t.Logf("%d MB over %d MB", (took-idle)/mega, idle/mega)
			})
		}
	}
}

// TestMemoryOfHugeHeaders compares with k6's own client, which reads as much of a header.
func TestMemoryOfHugeHeaders(t *testing.T) { //nolint:paralleltest // measures
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	s := faults.Start(t)
	urls := strings.Join(repeat(s.BigHeader(9), 10), " ")
	k6, _ := peak(t, fmt.Sprintf(`http.batch(%q.split(' '));`, urls))
	took, out := peak(t, fmt.Sprintf(`
		const run = await fetch.concurrent(%q.split(' '), { concurrency: 10 });
		console.log('ok: ' + run.ok);`, urls))
	require.Contains(t, out.Stderr, "ok: 10")
	require.Less(t, took, k6+k6/4, "%d MB, and k6 %d MB", took/mega, k6/mega)
	t.Logf("%d MB, and k6 %d MB", took/mega, k6/mega)
}

func repeat(url string, n int) []string {
	return strings.Fields(strings.Repeat(url+" ", n))
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak runs the body of a script and returns the peak of its process's memory.
func peak(t *testing.T, body string) (int, *k6test.Outcome) {
	t.Helper()
	var pid, most atomic.Int64
	started := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		<-started
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid.Load()))
		if err != nil {
			return
		}
		if found := highWater.FindSubmatch(status); found != nil {
			kilo, _ := strconv.ParseInt(string(found[1]), 10, 64)
			most.Store(kilo << 10)
		}
	}))
	defer srv.Close()
	p := k6test.Start(t, file(t, `
		import http from 'k6/http';
		import fetch from 'k6/x/fetch';
		export const options = { insecureSkipTLSVerify: true };
		export default async function () {`+body+`
			http.get('`+srv.URL+`');
		}`))
	pid.Store(int64(p.Cmd.Process.Pid))
	close(started)
	out := p.Wait()
	require.Zero(t, out.ExitCode, out.Stderr)
	require.NotZero(t, most.Load())
	return int(most.Load()), out
}
