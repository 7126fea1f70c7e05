package wholeruns

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// iterations is the length of TestK6Soak.
//
//nolint:gochecknoglobals // a flag
var iterations = flag.Int("iterations", 2_000, "iterations of TestK6Soak")

// holding is what a process has allocated and open.
type holding struct {
	descriptors, goroutines int
	heap                    float64 // live, in bytes
}

// TestK6Soak makes and drops connections in every way, iteration after iteration. At the end k6 holds as much as in the
// beginning. It has one VU, so that only its iterations are counted.
func TestK6Soak(t *testing.T) { //nolint:paralleltest // it measures
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	address := freeAddress(t)
	held := make(map[string]holding)
	var p *k6test.Process
	pages := http.NewServeMux()
	pages.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	pages.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	pages.HandleFunc("/_/measure", func(_ http.ResponseWriter, r *http.Request) {
		held[r.FormValue("when")] = measure(t, p.Cmd.Process.Pid, address)
	})
	plain := httptest.NewServer(pages)
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(pages)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that were cut off
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)

	script := file(t, `
		import { concurrent, sequential, stream, compare, Client } from 'k6/x/fetch';
		import http from 'k6/http';
		import exec from 'k6/execution';
		const { PLAIN, SECURE } = __ENV, iterations = Number(__ENV.ITERATIONS);
		export const options = {
			insecureSkipTLSVerify: true, summaryMode: 'disabled',
			scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations, maxDuration: '1h' } },
		};
		const kept = new Client({ concurrency: 3 });
		const ways = [
			() => concurrent([PLAIN, PLAIN, PLAIN + '/x'], { concurrency: 3 }),
			() => kept.concurrent([SECURE, SECURE]),
			() => new Client().concurrent([SECURE, PLAIN]),
			() => concurrent([SECURE, PLAIN], { connections: 'new' }),
			() => { stream([PLAIN, PLAIN, SECURE, SECURE], { concurrency: 2 }); },
			async () => { const s = new Client().stream([SECURE, SECURE, PLAIN]); await s.next(); },
			() => sequential([PLAIN, SECURE], { connections: 'shared' }),
			// A timeout takes long, so there are fewer of them.
			() => exec.vu.iterationInScenario % 25 === 0 && new Client({ timeout: '5ms' }).concurrent([SECURE + '/hang', SECURE + '/hang']),
		];
		export default async function () {
			const i = exec.vu.iterationInScenario;
			if (i === Math.floor(iterations / 10)) http.get(PLAIN + '/_/measure?when=early');
			await ways[i % ways.length]();
			if (i === iterations - 1) http.get(PLAIN + '/_/measure?when=late');
		}`)
	p = k6test.StartCommand(t, "run", "--summary-mode", "disabled", "--no-thresholds", "--profiling-enabled",
		"--address", address, "-e", "PLAIN="+plain.URL, "-e", "SECURE="+secure.URL,
		"-e", "ITERATIONS="+strconv.Itoa(*iterations), script)
	out := p.Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	early, late := held["early"], held["late"]
	t.Logf("after a tenth of %d iterations: %+v; after all: %+v", *iterations, early, late)
	require.NotZero(t, early.heap)
	require.NotZero(t, late.heap)
	assert.LessOrEqual(t, late.descriptors, early.descriptors+3)
	assert.LessOrEqual(t, late.goroutines, early.goroutines+10, "some may be on their way out")
	assert.LessOrEqual(t, late.heap, 1.3*early.heap+2*mega)
}

// freeAddress is an address that nobody listens on, with a port below those of outgoing connections.
func freeAddress(t *testing.T) string {
	t.Helper()
	for port := 21_000; port < 22_000; port++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			require.NoError(t, l.Close())
			return l.Addr().String()
		}
	}
	require.FailNow(t, "no port is free")
	return ""
}

// measure reads the profiles of a k6. What is missing is zero.
func measure(t *testing.T, pid int, address string) (h holding) {
	t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Error(err)
	}
	h.descriptors = len(open)
	h.heap = profile(t, "http://"+address+"/debug/pprof/heap?gc=1&debug=1", `# HeapAlloc = (\d+)`)
	h.goroutines = int(profile(t, "http://"+address+"/debug/pprof/goroutine?debug=1", `total (\d+)`))
	return h
}

// profile returns the number that a pattern finds in a profile.
func profile(t *testing.T, url, pattern string) float64 {
	t.Helper()
	resp, err := http.Get(url) // #nosec G107 -- of the process that is measured
	if err != nil {
		t.Error(err)
		return 0
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(resp.Body)
	found := regexp.MustCompile(pattern).FindStringSubmatch(string(text))
	if err != nil || len(found) != 2 {
		t.Errorf("%s has no %s: %v", url, pattern, err)
		return 0
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Error(err)
	}
	return n
}
