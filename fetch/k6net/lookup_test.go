package k6net_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

const (
	// lookUpDelay is how long the look-ups of tests take.
	lookUpDelay = 60 * time.Millisecond
	// patience is the timeout of a request that ends by itself.
	patience = time.Minute
)

// ways are the two ways of a request, which have separate dialer hooks.
//
//nolint:gochecknoglobals // a constant list
var ways = map[string]func(*fetch.Config){
	"direct": func(*fetch.Config) {},
	"net/http": func(cfg *fetch.Config) {
		cfg.Wrap = func(_ *fetch.Target, rt http.RoundTripper) http.RoundTripper { return rt }
	},
}

// TestLookUpDelaysNoOtherPhase looks up a name for which the name server takes 60 ms. The look-up shows in looking_up,
// and every other phase is that of http.batch, on both ways of a request.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestLookUpDelaysNoOtherPhase(t *testing.T) {
	s := faults.Start(t)
	for name, test := range map[string]struct {
		family string
		name   faults.Name
	}{
		"IPv4 only":                    {"tcp4", faults.Name{IPv4: true}},
		"IPv6 only":                    {"tcp6", faults.Name{IPv6: true}},
		"IPv4 and IPv6":                {"tcp4", faults.Name{IPv4: true, IPv6: true}},
		"asked again by TCP":           {"tcp4", faults.Name{IPv4: true, Truncated: true}},
		"asked again by TCP, for IPv6": {"tcp6", faults.Name{IPv6: true, Truncated: true}},
	} {
		for scheme, config := range map[string]*tls.Config{"http": nil, "https": s.TLS()} {
			for way, change := range ways {
				t.Run(name+", "+scheme+", "+way, func(t *testing.T) {
					p := faults.StartPeer(t, test.family, config, 0)
					slow := test.name
					slow.Delay, slow.Label = lookUpDelay, "name"
					faults.Cleanly(t, func(m *faults.Measurement) {
						k6, own := compare(t, s, p.URL(slow.Host()), change)
						require.Equal(t, http.StatusOK, k6.Status, k6.Error)
						require.Equal(t, http.StatusOK, own.Status, own.Error)
						m.Took("looking_up", lookUpDelay, own.Timings.LookingUp)
						assertLikeK6(m, way, &k6.Timings, &own.Timings)
					})
				})
			}
		}
	}
}

// TestNamesThatDoNotExistReachNoPhase looks up names that, after a while, turn out to have no address.
func TestNamesThatDoNotExistReachNoPhase(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	for name, slow := range map[string]faults.Name{
		"no such name":                     {Missing: true},
		"no such name, asked again by TCP": {Missing: true, Truncated: true},
		"no address":                       {},
	} {
		for way, change := range ways {
			t.Run(name+", "+way, func(t *testing.T) {
				t.Parallel()
				slow := slow
				slow.Delay, slow.Label = lookUpDelay, "name"
				k6, own := compare(t, s, "http://"+slow.Host()+"/", change)
				require.Equal(t, failure.CodeNoSuchHost, own.ErrorCode, own.Error)
				require.Equal(t, k6.ErrorCode, own.ErrorCode)
				require.Equal(t, httpext.ResponseTimings{}, k6.Timings)
				// The resolver may try the name in several domains, one after another.
				require.GreaterOrEqual(t, own.Timings.LookingUp, lookUpDelay)
				require.Equal(t, transport.Timings{LookingUp: own.Timings.LookingUp}, own.Timings)
			})
		}
	}
}

// TestTwentyHostsPassAThreshold checks p(95)<100 for the durations of requests to 20 names, although the name server
// takes 200 ms for each. It checks the results and the samples.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestTwentyHostsPassAThreshold(t *testing.T) {
	s := faults.Start(t)
	p := faults.StartPeer(t, "tcp4", nil, 0)
	urls := make([]string, 20)
	for i := range urls {
		urls[i] = p.URL(faults.Name{Label: fmt.Sprint("host", i), Delay: 200 * time.Millisecond, IPv4: true}.Host())
	}
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			faults.Cleanly(t, func(m *faults.Measurement) { twentyHosts(t, m, s, change, urls) })
		})
	}
}

func twentyHosts(
	t *testing.T, m *faults.Measurement, s *faults.Server, change func(*fetch.Config), urls []string,
) {
	t.Helper()
	k6 := k6http.New(t, s, faults.Needs{DNS: true})
	_, all := k6.Batch(t, patience, urls...)
	theirs := byMetric(all)

	tags := k6.State.Tags.GetCurrentValues()
	own, err := k6metrics.Register(metrics.NewRegistry())
	require.NoError(t, err)
	obs := k6metrics.NewObserver(own, &k6metrics.TagCache{}, k6.State, "concurrent", tags)
	sp := spec()
	sp.Attachment = &tags
	run := clientLike(t, k6, s, change).Run(t.Context(), targets(sp, urls...), fetch.Options{Concurrency: 20}, obs)
	obs.Close()
	require.Equal(t, 20, run.Ok, run.Failures())
	ours := byMetric(k6.Taken())

	for metric, values := range theirs {
		require.Len(t, ours[metric], len(values), metric)
	}
	const limit, lookUp = 100 * time.Millisecond, 200 * time.Millisecond
	for _, metric := range []string{"http_req_duration", "http_req_sending", "http_req_connecting"} {
		m.Within("k6's "+metric, 0, limit, p95(theirs[metric]))
		m.Within(metric, 0, limit, p95(ours[metric]))
	}
	duration := func(r *fetch.Result) time.Duration { return r.Timings.Duration() }
	m.Within("duration of the results", 0, limit, run.Percentile(95, duration))
	require.Len(t, ours["fetch_looking_up"], 20)
	require.GreaterOrEqual(t, inTime(slices.Min(ours["fetch_looking_up"])), lookUp)
	require.GreaterOrEqual(t, inTime(slices.Min(ours["http_req_blocked"])), lookUp)
	require.GreaterOrEqual(t, inTime(slices.Min(theirs["http_req_blocked"])), lookUp, "where k6's look-up shows")
}

// clientLike returns a client with k6's network, including its names.
func clientLike(t *testing.T, k6 *k6http.Client, s *faults.Server, change func(*fetch.Config)) *fetch.Client {
	t.Helper()
	cfg := fetch.Config{Config: (&k6net.Network{Resolver: s.Resolver()}).Config(k6.State)}
	change(&cfg)
	client := fetch.NewClient(cfg)
	t.Cleanup(client.Close)
	return client
}

// spec is a spec with k6's defaults.
func spec() *fetch.Spec {
	return &fetch.Spec{
		Spec: transport.Spec{
			Redirects: 10, Timeout: patience, ResponseType: transport.ResponseText,
			Expected: func(status int) bool { return status >= 200 && status < 400 },
		},
	}
}

// targets lists URLs as targets of one spec.
func targets(s *fetch.Spec, urls ...string) fetch.Iterator {
	list := make([]fetch.Target, len(urls))
	for i, url := range urls {
		list[i] = fetch.Target{URL: url, Spec: s}
	}
	return fetch.Targets(list)
}

// unobserved is an observer that ignores everything.
type unobserved struct{}

func (unobserved) Exchanged(*fetch.Target, *transport.Exchange) {}
func (unobserved) Finished(*fetch.Result, time.Time)            {}

// compare fetches a URL with http.batch and with the engine, each over connections of its own.
func compare(
	t *testing.T, s *faults.Server, url string, change func(*fetch.Config),
) (*httpext.Response, *fetch.Result) {
	t.Helper()
	k6 := k6http.New(t, s, faults.Needs{DNS: true, Roots: true})
	batch, _ := k6.Batch(t, patience, url)
	client := clientLike(t, k6, s, change)
	run := client.Run(t.Context(), targets(spec(), url), fetch.Options{Concurrency: 1}, unobserved{})
	return batch[0], run.Results.At(0)
}

// assertLikeK6 checks that all phases that k6 knows are as k6 measured them.
func assertLikeK6(m *faults.Measurement, of string, k6 *httpext.ResponseTimings, own *transport.Timings) {
	for _, phase := range []struct {
		name string
		k6   float64 // ms
		own  time.Duration
	}{
		{"blocked", k6.Blocked, own.Blocked},
		{"connecting", k6.Connecting, own.Connecting},
		{"tls_handshaking", k6.TLSHandshaking, own.TLSHandshaking},
		{"sending", k6.Sending, own.Sending},
		{"waiting", k6.Waiting, own.Waiting},
		{"receiving", k6.Receiving, own.Receiving},
		{"duration", k6.Duration, own.Duration()},
	} {
		m.Near(of+" "+phase.name, inTime(phase.k6), phase.own)
	}
}

// inTime is a time that k6 gives in ms.
func inTime(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// byMetric sorts the values of samples by their metrics.
func byMetric(all []metrics.Sample) map[string][]float64 {
	values := make(map[string][]float64)
	for _, s := range all {
		values[s.Metric.Name] = append(values[s.Metric.Name], s.Value)
	}
	return values
}

// p95 is the 95th percentile of times in ms, to the nearest rank.
func p95(values []float64) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return inTime(sorted[(len(sorted)*95+99)/100-1])
}
