package wholeruns

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// server answers pages whose path begins with /fast at once, and others when their client leaves.
type server struct {
	*httptest.Server

	seen    atomic.Int64
	reached chan struct{} // closed when all expected requests have come
	handled sync.WaitGroup
}

// newServer starts a server that reports when a number of requests has come.
func newServer(t *testing.T, expected int) *server {
	t.Helper()
	s := &server{reached: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		s.handled.Add(1)
		defer s.handled.Done()
		if int(s.seen.Add(1)) == expected {
			close(s.reached)
		}
		if !strings.HasPrefix(r.URL.Path, "/fast") {
			<-r.Context().Done()
		}
	}))
	t.Cleanup(s.Close)
	return s
}

const tenAndTen = `
	import fetch from 'k6/x/fetch';
	import exec from 'k6/execution';
	const urls = [];
	for (let i = 0; i < 10; i++) urls.push(__ENV.BASE + '/fast' + i, __ENV.BASE + '/slow' + i);
	export const options = { scenarios: { s: {
		executor: 'constant-vus', vus: 1, duration: __ENV.DURATION, gracefulStop: '0s' } } };
	export default async function () {
		await fetch[__ENV.CALL](urls, Object.assign({ perHost: 0, onResult: (r) => {
			if (__ENV.ABORT && r.index === 0) exec.test.abort('enough');
		} }, JSON.parse(__ENV.OPTIONS)));
	}`

// TestCutOff cuts iterations off in each of k6's ways. What the server has seen always has its sample, and each URL is
// counted, although the script no longer runs.
func TestCutOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		how                      string
		concurrency, reach, code int
		interrupt, abort         bool
	}{
		{how: "gracefulStop", concurrency: 20, reach: 20},
		{how: "gracefulStop with most of it not begun", concurrency: 2, reach: 4},
		{how: "one by one", concurrency: 1, reach: 2},
		{how: "one SIGINT", concurrency: 20, reach: 20, interrupt: true, code: 105},
		{how: "test.abort()", concurrency: 20, reach: 20, abort: true, code: 108},
	} {
		t.Run(test.how, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, test.reach)
			duration := "2s"
			if test.interrupt || test.abort {
				duration = "1m"
			}
			args := []string{
				"-e", "BASE=" + s.URL, "-e", "DURATION=" + duration, "-e", "CALL=concurrent",
				"-e", `OPTIONS={"concurrency":` + strconv.Itoa(test.concurrency) + `}`,
			}
			if test.abort {
				args = append(args, "-e", "ABORT=1")
			}
			p := k6test.Start(t, file(t, tenAndTen), args...)
			if test.interrupt {
				<-s.reached
				require.NoError(t, p.Cmd.Process.Signal(os.Interrupt))
			}
			out := p.Wait()
			s.CloseClientConnections()
			s.handled.Wait()

			require.Equal(t, test.code, out.ExitCode, out.Stderr)
			assert.NotContains(t, out.Stderr, "panic")
			assert.NotContains(t, out.Stderr, "goroutine ")
			account(t, s, out, len(out.Of("fetch_run_elapsed"))*20)
			if !test.abort {
				assert.EqualValues(t, test.reach, s.seen.Load())
			}
		})
	}
}

// TestCutOffOfOtherCalls does the same for the other calls.
func TestCutOffOfOtherCalls(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"sequential", "concurrent"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, 2)
			p := k6test.Start(t, file(t, tenAndTen), "-e", "BASE="+s.URL, "-e", "DURATION=1m", "-e", "CALL="+call, "-e", "OPTIONS={}")
			<-s.reached
			require.NoError(t, p.Cmd.Process.Signal(os.Interrupt))
			out := p.Wait()
			s.CloseClientConnections()
			s.handled.Wait()
			require.Equal(t, 105, out.ExitCode, out.Stderr)
			account(t, s, out, 20)
		})
	}
}

// account compares what the server has seen with the samples.
func account(t *testing.T, s *server, out *k6test.Outcome, urls int) {
	t.Helper()
	what := fmt.Sprintf("%s\n%d seen", out.Stderr, s.seen.Load())
	seen := int(s.seen.Load())
	assert.Equal(t, seen, int(out.Sum("http_reqs")), what)
	assert.Len(t, out.Of("http_req_duration"), seen, what)
	ended := len(out.Of("fetch_failed"))
	assert.Len(t, out.Of("fetch_elapsed"), ended, what)
	assert.Equal(t, urls, ended+int(out.Sum("fetch_not_run")), what)
	assert.Positive(t, urls, what)
}
