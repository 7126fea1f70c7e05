package fetch_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// ways are the two ways of a request. The table must hold for both.
//
//nolint:gochecknoglobals // a constant list
var ways = map[string]func(*fetch.Config){
	"direct": func(*fetch.Config) {},
	// A wrapped transport must see every request, so that each goes through net/http.
	"net/http": func(cfg *fetch.Config) {
		cfg.Wrap = func(_ *fetch.Target, rt http.RoundTripper) http.RoundTripper { return rt }
	},
}

// TestFaults is the table of faults: each between two good pages, through the engine and through k6's own client. The
// cases run one after another, so that leftovers can be attributed to one.
//
//nolint:paralleltest // counts goroutines and file descriptors of the process
func TestFaults(t *testing.T) {
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			s := faults.Start(t)
			for _, c := range faults.Table() {
				t.Run(c.Name, func(t *testing.T) {
					if c.Needs.FileDescriptors > 0 {
						t.Skip("needs a process of its own: TestFileDescriptorsRunOut")
					}
					var k6 k6http.Result
					if !c.K6Hangs {
						t.Run("k6", func(t *testing.T) { k6 = k6http.Fetch(t, s, c) })
					}
					before := measure()
					t.Run("here", func(t *testing.T) { caused(t, s, c, change, k6) })
					before.back(t)
				})
			}
		})
	}
}

// caused causes a fault and checks what the engine makes of it.
func caused(t *testing.T, s *faults.Server, c faults.Case, change func(*fetch.Config), k6 k6http.Result) {
	t.Helper()
	network := k6net.Network{Resolver: asking(s.DNS())}
	cfg := fetch.Config{Config: network.Config(k6http.New(t, s, c.Needs).State)}
	change(&cfg)
	client := fetch.NewClient(cfg)
	defer client.Shutdown()
	if c.Warm {
		warm := client.Run(t.Context(), targets(faultSpec(c), c.WarmURL(s)), fetch.Options{Concurrency: 1}, &recorder{})
		require.Equal(t, 1, warm.Ok)
	}

	hits, goods := s.Hits(c), len(s.Requests("good"))
	obs := &recorder{}
	urls := []string{s.Good(), c.URL(s), s.Good()}
	list := make([]fetch.Target, len(urls))
	for i, url := range urls {
		list[i] = fetch.Target{URL: url, Spec: faultSpec(c)}
	}
	list[0].Spec.Timeout, list[2].Spec.Timeout = patience, patience
	list[1].Spec.Method, list[1].Spec.Body = c.Needs.Method, c.Needs.RequestBody()
	run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 3}, obs)

	require.Equal(t, 3, run.Count)
	require.Zero(t, run.NotRun)
	require.Len(t, obs.finished, 3)
	require.Len(t, obs.exchanges, run.Requests)
	r := run.Results.At(1)
	outcome := outcomeOf(r)
	assert.Truef(t, outcome.OneOf(c.Want()), "%+v (%s), and the table says %+v", outcome, r.Error, c.Want())
	if c.Same() && !k6.Throws {
		assert.Equal(t, k6.Code, r.ErrorCode, "k6: %s; here: %s", k6.Error, r.Error)
		assert.Equal(t, k6.Status, r.Status)
	}
	assert.Equal(t, outcome.Failed(), r.State == fetch.StateFailed)
	assertText(t, r.Error, r.ErrorCode, r.Status)
	of := exchangesOf(obs, r.Index, urls)
	assert.NotEmpty(t, of, "exchanges of the fault")
	for _, x := range of {
		assertText(t, x.Error, x.ErrorCode, x.Status)
	}
	if len(c.Needs.BlacklistIPs) > 0 || c.Needs.LocalIP != "" {
		return // the checks below hold for the siblings as well, and the good page is the target
	}
	for _, i := range []int{0, 2} {
		sibling := run.Results.At(i)
		assert.Equal(t, fetch.StateDone, sibling.State, sibling.Error)
		assert.Equal(t, 1, sibling.Attempts)
	}
	assert.Len(t, s.Requests("good"), goods+2)
	if c.Stalls {
		assert.InDelta(t, faults.Timeout, r.Elapsed, float64(faults.Timeout))
	}
	if seen := s.Hits(c) - hits; c.Hits > 0 {
		assert.Equal(t, c.Hits, seen, "requests that reached the server")
		assert.Equal(t, seen, connected(of)+r.Resent, "exchanges with a connection, and silent repeats: %+v", of)
	}
}

// connected counts the exchanges that got as far as a connection.
func connected(exchanges []transport.Exchange) int {
	n := 0
	for i := range exchanges {
		if exchanges[i].Conn.RemoteIP != "" {
			n++
		}
	}
	return n
}

// asking is a resolver that asks the given server, whatever the machine's settings are.
func asking(server string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}

// patience is the timeout of a fetch that ends by itself.
const patience = 20 * time.Second

// faultSpec requests a fault as k6http does.
func faultSpec(c faults.Case) *fetch.Spec {
	return spec(func(s *fetch.Spec) {
		s.ResponseType = transport.ResponseNone
		s.Timeout = patience
		if c.Needs.Body {
			s.ResponseType = transport.ResponseText
		}
		if c.Stalls {
			s.Timeout = faults.Timeout
		}
	})
}

func outcomeOf(r *fetch.Result) faults.Outcome {
	o := faults.Outcome{Status: r.Status, Code: r.ErrorCode}
	if r.Response != nil && r.Status != 0 {
		o.Proto = r.Response.Proto
	}
	return o
}

// exchangesOf lists the exchanges that are not the siblings'. If the fault has the URL of its siblings, it lists all.
func exchangesOf(obs *recorder, _ int, urls []string) []transport.Exchange {
	if urls[1] == urls[0] {
		return obs.exchanges
	}
	var own []transport.Exchange
	for i, x := range obs.exchanges {
		if obs.targets[i].URL != urls[0] {
			own = append(own, x)
		}
	}
	return own
}

// unbounded matches what the text of an error must not contain: times, dates, addresses, ports.
var unbounded = regexp.MustCompile(`\d{2}:\d{2}|\d{4}-\d{2}|\d+\.\d+\.\d+\.\d+|:\d+|\d{4,}|0x[0-9a-f]{4,}|faults\.test|http://`)

// assertText checks that the text of an error is clear to a person and fit for a tag.
func assertText(t *testing.T, text string, code, status int) {
	t.Helper()
	if code == 0 || status >= 400 {
		assert.Empty(t, text)
		return
	}
	assert.NotEmpty(t, text)
	assert.NotEqual(t, "unknown error", text)
	assert.Less(t, len(text), 200)
	assert.NotRegexp(t, unbounded, strings.ReplaceAll(text, "10485760", "")) // always the same
	assert.NotRegexp(t, `[[:cntrl:]]`, text)
	for _, sent := range []string{"OpenSSH", "abc OK", "Colon", "zz", "odd", "half", "::1"} {
		assert.NotContains(t, text, sent, "bytes of a server")
	}
}

// usage counts what a test must release.
type usage struct {
	files   int
	running goleak.Option
}

func measure() usage {
	return usage{files: openFiles(), running: goleak.IgnoreCurrent()}
}

// back waits until goroutines and file descriptors are back at their numbers. Closing takes a moment.
func (u usage) back(t *testing.T) {
	t.Helper()
	assert.Eventually(t, func() bool {
		return openFiles() <= u.files
	}, 5*time.Second, time.Millisecond, "file descriptors: %d before", u.files)
	assert.NoError(t, goleak.Find(u.running))
}

// openFiles counts the file descriptors of this process, 0 where there is no /proc.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// TestErrorsHoldNothingOfTheURL has secrets in every part of a URL that fails.
func TestErrorsHoldNothingOfTheURL(t *testing.T) {
	t.Parallel()
	refusing := faults.Start(t).Refusing()
	for _, url := range []string{
		strings.Replace(refusing, "//", "//me:s3cret@", 1) + "s3cret?key=s3cret#s3cret",
		"http://me:s3cret%zz@host/", "http://me:s3cret@host:s3cret/", "s3cret://me:s3cret@host/", "http://s3cret%zz/",
		"http://me:s3cret@[::1", "http://me:s3\x01cret@host/s3cret", "//me:s3cret@host/", "http://me:s3cret@/s3cret",
		"s3cret:s3cret@host/", // its scheme was forgotten
	} {
		r, exchanges := get(t, spec(func(s *fetch.Spec) { s.Name = "x" }), url)
		require.Equal(t, fetch.StateFailed, r.State, url)
		require.NotContains(t, r.Error, "s3cret", url)
		require.NotContains(t, r.Error, "s3", url)
		for _, x := range exchanges {
			require.NotContains(t, x.Error, "s3cret")
			require.NotContains(t, x.URL, "me:")
		}
		require.NotContains(t, r.URL(), "me:")
	}
}
