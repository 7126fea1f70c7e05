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
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// all runs the whole matrix of TestK6Leftovers, instead of an eighth.
//
//nolint:gochecknoglobals // a flag
var all = flag.Bool("all", false, "every way to leave something behind, with every end and every protocol")

// endings are the ways in which k6 ends iterations.
//
//nolint:gochecknoglobals // a table
var endings = []struct {
	name, options string
	interrupt     bool
	codes         []int
}{
	{name: "gracefulStop", options: `{ scenarios: { s: {
		executor: 'constant-vus', vus: 5, duration: '1s', gracefulStop: '0s' } } }`},
	{name: "ramp-down", options: `{ scenarios: { s: { executor: 'ramping-vus', startVUs: 5, gracefulRampDown: '0s', gracefulStop: '0s',
		stages: [{ target: 5, duration: '400ms' }, { target: 0, duration: '300ms' }] } } }`},
	{name: "maxDuration", options: `{ scenarios: { s: {
		executor: 'per-vu-iterations', vus: 5, iterations: 100000, maxDuration: '1s', gracefulStop: '0s' } } }`},
	{name: "arrival rate", options: `{ scenarios: { s: { executor: 'constant-arrival-rate', rate: 60, preAllocatedVUs: 5,
		duration: '1s', gracefulStop: '0s' } } }`},
	{name: "two scenarios", options: `{ scenarios: {
		s: { executor: 'constant-vus', vus: 3, duration: '1s', gracefulStop: '0s' },
		t: { executor: 'constant-vus', vus: 3, duration: '1s', gracefulStop: '0s', startTime: '1001ms' } } }`},
	{name: "test.abort()", codes: []int{108}, options: `{ scenarios: {
		s: { executor: 'constant-vus', vus: 4, duration: '1m' },
		abort: { executor: 'shared-iterations', exec: 'abort', startTime: '600ms' } } }`},
	{name: "abortOnFail", codes: []int{99}, options: `{ vus: 4, duration: '1m',
		thresholds: { http_reqs: [{ threshold: 'count<0', abortOnFail: true }] } }`},
	{name: "SIGINT", interrupt: true, codes: []int{105}, options: `{ vus: 5, duration: '1m' }`},
}

// uses are what iterations leave behind. They sleep as iterations do that have more to do, so that k6 ends some of them
// then; no test depends on how far the work has come by that time.
//
//nolint:gochecknoglobals // a table
var uses = []struct{ name, body string }{
	{"a run that is awaited", `await concurrent(urls(), { concurrency: 8, perHost: 0 });`},
	{"a run that is not", `concurrent(urls(), { concurrency: 8, perHost: 0 }); sleep(0.1);`},
	{"one by one", `await sequential(urls());`},
	{"a comparison", `await compare(urls(), { concurrency: 8, perHost: 0 });`},
	{"a stream that nobody reads", `stream(urls(), { concurrency: 8, perHost: 0 }); sleep(0.1);`},
	{"a stream that is read", `const s = stream(urls(), { concurrency: 8, perHost: 0 });
		for (let item = await s.next(); !item.done; item = await s.next()) sleep(0.001);`},
	{"a stream that is thrown past", `stream(urls(), { concurrency: 8, perHost: 0 }); sleep(0.05); throw new Error('on purpose');`},
	{"a page that is awaited", `await page(BASE + '/page', { perHost: 8 });`},
	{"a page that is not", `page(BASE + '/page', { perHost: 8, cache: 'shared' }); sleep(0.1);`},
	{"two hundred streams of a Client", `const client = new Client({ concurrency: 2 });
		for (let i = 0; i < 200; i++) client.stream([BASE + '/fast', BASE + '/fast']);
		sleep(0.1);`},
}

// TestK6Leftovers has iterations leave work behind and ends them in every way. Late samples do not end k6, and what the
// server has seen has its sample.
func TestK6Leftovers(t *testing.T) {
	t.Parallel()
	protocols := []string{"HTTP/1.1", "TLS", "HTTP/2", "proxy"}
	const share = 8
	for i, ending := range endings {
		for j, use := range uses {
			for k, protocol := range protocols {
				if !*all && (i+j+2*k)%share != 0 {
					continue
				}
				t.Run(strings.Join([]string{ending.name, use.name, protocol}, " "), func(t *testing.T) {
					t.Parallel()
					s, base, env := newSeeing(t, protocol)
					p := k6test.StartWith(t, file(t, `
						import { sequential, concurrent, compare, stream, page, Client } from 'k6/x/fetch';
						import { sleep } from 'k6';
						import exec from 'k6/execution';
						const BASE = '`+base+`';
						export const options = Object.assign({ insecureSkipTLSVerify: true }, `+ending.options+`);
						function urls() { return Array.from({ length: 40 }, (_, i) => BASE + (i % 8 === 7 ? '/slow' : '/fast') + i); }
						export default async function () { `+use.body+` }
						export function abort() { exec.test.abort('enough'); }`), env)
					if ending.interrupt {
						s.awaitSome(t)
						require.NoError(t, p.Cmd.Process.Signal(os.Interrupt))
					}
					s.account(t, p.Wait(), ending.codes)
				})
			}
		}
	}
}

// A second SIGINT ends k6 at once. It may lose samples then, but must not crash.
func TestK6LeftoversUnderTwoInterrupts(t *testing.T) {
	t.Parallel()
	for _, use := range uses {
		t.Run(use.name, func(t *testing.T) {
			t.Parallel()
			s, base, env := newSeeing(t, "HTTP/1.1")
			p := k6test.StartWith(t, file(t, `
				import { sequential, concurrent, compare, stream, page, Client } from 'k6/x/fetch';
				import { sleep } from 'k6';
				const BASE = '`+base+`';
				export const options = { vus: 3, duration: '1m' };
				function urls() { return Array.from({ length: 40 }, (_, i) => BASE + (i % 8 === 7 ? '/slow' : '/fast') + i); }
				export default async function () { `+use.body+` }
				export function teardown() { console.log('in teardown'); for (;;) { sleep(0.1); } }`), env)
			s.awaitSome(t)
			require.NoError(t, p.Cmd.Process.Signal(os.Interrupt))
			p.AwaitStderr("in teardown") // which takes long, and is what the second one ends
			require.NoError(t, p.Cmd.Process.Signal(os.Interrupt))
			out := p.Wait()
			require.Equal(t, 105, out.ExitCode, out.Stderr)
			unharmed(t, out)
		})
	}
}

// During handleSummary() the channel of samples is about to be closed.
func TestK6LeftoversOfHandleSummary(t *testing.T) {
	t.Parallel()
	for _, use := range uses {
		t.Run(use.name, func(t *testing.T) {
			t.Parallel()
			_, base, env := newSeeing(t, "HTTP/1.1")
			out := k6test.StartWith(t, file(t, `
				import { sequential, concurrent, compare, stream, page, Client } from 'k6/x/fetch';
				import { sleep } from 'k6';
				const BASE = '`+base+`';
				function urls() { return Array.from({ length: 40 }, (_, i) => BASE + '/fast' + i); }
				export default function () {}
				export async function handleSummary() { `+use.body+`
					return { stdout: 'the summary' }; }`), env).Wait()
			require.Equal(t, 0, out.ExitCode, out.Stderr)
			unharmed(t, out)
			require.Empty(t, out.Of("http_reqs"), "the test had ended")
		})
	}
}

// seeing is a server that counts the requests whose head it has read.
type seeing struct {
	*httptest.Server

	some chan struct{} // closed when some requests have come

	mu     sync.Mutex
	change *sync.Cond // of what follows
	seen   int64
	open   map[net.Conn]bool
}

// newSeeing starts a server, and returns its URL and the environment that k6 needs for it.
func newSeeing(t *testing.T, protocol string) (s *seeing, base string, env []string) {
	t.Helper()
	s = &seeing{some: make(chan struct{}), open: make(map[net.Conn]bool)}
	s.change = sync.NewCond(&s.mu)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if s.seen++; s.seen == 20 {
			close(s.some)
		}
		s.change.Broadcast()
		s.mu.Unlock()
		if r.URL.Path == "/page" {
			w.Header().Set("Content-Type", "text/html")
			for i := range 40 {
				_, _ = fmt.Fprintf(w, "<img src=/%s%d>", []string{"fast", "slow"}[i%8/7], i)
			}
		}
		if strings.HasPrefix(r.URL.Path, "/slow") {
			select {
			case <-r.Context().Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that were cut off
	s.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if state == http.StateNew {
			s.open[conn] = true
		}
		if state == http.StateClosed {
			delete(s.open, conn)
			s.change.Broadcast()
		}
	}
	switch protocol {
	case "HTTP/1.1", "proxy":
		s.Start()
	default:
		s.EnableHTTP2 = protocol == "HTTP/2"
		s.StartTLS()
	}
	t.Cleanup(s.Close)
	if protocol == "proxy" {
		return s, "http://pages.test", []string{"HTTP_PROXY=" + s.URL}
	}
	return s, s.URL, nil
}

// awaitSome waits until some requests have come.
func (s *seeing) awaitSome(t *testing.T) {
	t.Helper()
	select {
	case <-s.some:
	case <-time.After(time.Minute):
		t.Error("nothing comes")
	}
}

// unharmed checks that k6 has not crashed.
func unharmed(t *testing.T, out *k6test.Outcome) {
	t.Helper()
	require.NotContains(t, out.Stderr, "panic")
	require.NotContains(t, out.Stderr, "goroutine ")
	require.NotContains(t, out.Stderr, "DATA RACE")
}

// account waits until the server has read all that was sent, and compares that with the samples.
func (s *seeing) account(t *testing.T, out *k6test.Outcome, codes []int) {
	t.Helper()
	sampled := int64(len(out.Of("http_reqs")))
	s.mu.Lock()
	for len(s.open) > 0 {
		s.change.Wait()
	}
	late := false // handlers of HTTP/2 may start later than their connection ends
	defer time.AfterFunc(2*time.Second, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late = true
		s.change.Broadcast()
	}).Stop()
	for s.seen < sampled && !late {
		s.change.Wait()
	}
	seen := s.seen
	s.mu.Unlock()
	if codes == nil {
		codes = []int{0}
	}
	require.Contains(t, codes, out.ExitCode, out.Stderr)
	unharmed(t, out)
	assert.Equal(t, seen, sampled, "requests: those seen, and the samples")
	finished := len(out.Of("fetch_elapsed"))
	assert.Len(t, out.Of("fetch_failed"), finished)
	assert.InDelta(t, out.Sum("fetch_planned"), float64(finished)+out.Sum("fetch_not_run"), 0, fmt.Sprint(finished, " finished"))
	assert.Positive(t, seen)
}
