package k6net_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// exchanges is an observer that keeps the phases of each request.
type exchanges struct{ timings []transport.Timings }

func (o *exchanges) Exchanged(_ *fetch.Target, x *transport.Exchange) {
	o.timings = append(o.timings, x.Timings)
}
func (*exchanges) Finished(*fetch.Result, time.Time) {}

// TestEachRequestHasItsOwnLookUp follows the redirects of a target. Each request has the look-up that it waited for,
// and no other phase gets longer.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestEachRequestHasItsOwnLookUp(t *testing.T) {
	s := faults.Start(t)
	peer, refusing := faults.StartPeer(t, "tcp4", nil, 0), s.RefusingPort()
	quick := faults.Name{Label: "quick", IPv4: true}.Host()
	slow := faults.Name{Label: "slow", IPv4: true, Delay: lookUpDelay}.Host()
	for name, test := range map[string]struct {
		url     string
		retries int
		want    []time.Duration // the look-ups
	}{
		"a redirect to a name that takes its time": {
			peer.URL(quick) + "?to=" + peer.URL(slow), 0, []time.Duration{0, lookUpDelay},
		},
		"a redirect from a name that takes its time": {
			peer.URL(slow) + "?to=" + peer.URL(quick), 0, []time.Duration{lookUpDelay, 0},
		},
		"a redirect to the same name": {
			peer.URL(slow) + "?to=" + peer.URL(slow), 0, []time.Duration{lookUpDelay, 0},
		},
		"a retry over the same connection": {
			peer.URL(slow) + "?status=503", 1, []time.Duration{lookUpDelay, 0},
		},
		"a retry of a connection that is refused": {
			"http://" + net.JoinHostPort(slow, refusing) + "/", 1, []time.Duration{lookUpDelay, lookUpDelay},
		},
	} {
		for way, change := range ways {
			t.Run(name+", "+way, func(t *testing.T) {
				faults.Cleanly(t, func(m *faults.Measurement) {
					k6 := k6http.New(t, s, faults.Needs{DNS: true})
					k6.State.Options.DNS = types.DNSConfig{TTL: null.StringFrom("0")}
					obs := &exchanges{}
					clientLike(t, k6, s, change).Run(t.Context(), targets(spec(), test.url),
						fetch.Options{Concurrency: 1, Retries: test.retries}, obs)
					require.Len(t, obs.timings, len(test.want))
					for i, want := range test.want {
						assertOnlyLookUp(m, fmt.Sprint("request ", i), want, obs.timings[i])
					}
				})
			})
		}
	}
}

// assertOnlyLookUp checks that a look-up takes as long as its delay, and that nothing else takes any time.
func assertOnlyLookUp(m *faults.Measurement, of string, want time.Duration, got transport.Timings) {
	m.Took(of+" looking_up", want, got.LookingUp)
	if got.Blocked != 0 { // 0 without a connection, as in k6
		m.Took(of+" blocked", want, got.Blocked)
	}
	m.Took(of+" connecting", 0, got.Connecting)
	m.Took(of+" sending", 0, got.Sending)
	m.Took(of+" waiting", 0, got.Waiting)
	m.Took(of+" receiving", 0, got.Receiving)
}

// TestAProxysNameIsLookedUp sends a request to a proxy whose name takes long to look up. Only the proxy looks up the
// target's name.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestAProxysNameIsLookedUp(t *testing.T) {
	s := faults.Start(t)
	peer := faults.StartPeer(t, "tcp4", nil, 0)
	proxy, err := url.Parse(peer.URL(faults.Name{Label: "proxy", IPv4: true, Delay: lookUpDelay}.Host()))
	require.NoError(t, err)
	faults.Cleanly(t, func(m *faults.Measurement) {
		k6 := k6http.New(t, s, faults.Needs{DNS: true})
		transport, ok := k6.State.Transport.(*http.Transport)
		require.True(t, ok)
		transport.Proxy = http.ProxyURL(proxy)
		const target = "http://missing.faults.test/"
		batch, _ := k6.Batch(t, patience, target)
		obs := &exchanges{}
		run := clientLike(t, k6, s, ways["direct"]).Run(t.Context(), targets(spec(), target, target),
			fetch.Options{Concurrency: 1}, obs)
		require.Equal(t, 2, run.Ok, run.Failures())
		assertLikeK6(m, "first, as in k6,", &batch[0].Timings, &obs.timings[0])
		assertOnlyLookUp(m, "first", lookUpDelay, obs.timings[0])
		assertOnlyLookUp(m, "second", 0, obs.timings[1])
	})
}

// TestOptionsOfNames looks names up with k6's options for them: those that avoid a look-up, and those that select among
// addresses.
//
//nolint:paralleltest // measures times, which whatever runs at the same time would disturb
func TestOptionsOfNames(t *testing.T) {
	s := faults.Start(t)
	four := faults.StartPeer(t, "tcp4", nil, 0)
	both := faults.Name{Label: "both", IPv4: true, IPv6: true, Delay: lookUpDelay}.Host()
	policy := func(p types.DNSPolicy) types.DNSConfig {
		return types.DNSConfig{TTL: null.StringFrom("0"), Policy: types.NullDNSPolicy{DNSPolicy: p, Valid: true}}
	}
	selecting := func(s types.DNSSelect) types.DNSConfig {
		config := policy(types.DNSonlyIPv4)
		config.Select = types.NullDNSSelect{DNSSelect: s, Valid: true}
		return config
	}
	for name, test := range map[string]struct {
		dns    types.DNSConfig
		hosts  map[string]types.Host
		family string
		want   [2]time.Duration // the look-ups of two requests, over a connection each
	}{
		"hosts":              {types.DNSConfig{}, map[string]types.Host{both: {IP: net.IPv4(127, 0, 0, 1)}}, "tcp4", [2]time.Duration{}},
		"ttl: 0":             {types.DNSConfig{TTL: null.StringFrom("0")}, nil, "tcp4", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"ttl: 1h":            {types.DNSConfig{TTL: null.StringFrom("1h")}, nil, "tcp4", [2]time.Duration{lookUpDelay, 0}},
		"ttl: inf":           {types.DNSConfig{TTL: null.StringFrom("inf")}, nil, "tcp4", [2]time.Duration{lookUpDelay, 0}},
		"ttl as k6 has it":   {types.DNSConfig{}, nil, "tcp4", [2]time.Duration{lookUpDelay, 0}},
		"policy: preferIPv4": {policy(types.DNSpreferIPv4), nil, "tcp4", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"policy: onlyIPv4":   {policy(types.DNSonlyIPv4), nil, "tcp4", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"policy: preferIPv6": {policy(types.DNSpreferIPv6), nil, "tcp6", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"policy: onlyIPv6":   {policy(types.DNSonlyIPv6), nil, "tcp6", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"select: first":      {selecting(types.DNSfirst), nil, "tcp4", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"select: roundRobin": {selecting(types.DNSroundRobin), nil, "tcp4", [2]time.Duration{lookUpDelay, lookUpDelay}},
		"select: random":     {selecting(types.DNSrandom), nil, "tcp4", [2]time.Duration{lookUpDelay, lookUpDelay}},
	} {
		for way, change := range ways {
			t.Run(name+", "+way, func(t *testing.T) {
				peer := four
				if test.family == "tcp6" {
					peer = faults.StartPeer(t, test.family, nil, 0)
				}
				faults.Cleanly(t, func(m *faults.Measurement) {
					k6 := k6http.New(t, s, faults.Needs{DNS: true})
					k6.State.Options.DNS = test.dns
					dialer, ok := k6.State.Dialer.(*netext.Dialer)
					require.True(t, ok)
					var err error
					dialer.Hosts, err = types.NewHosts(test.hosts)
					require.NoError(t, err)
					client := clientLike(t, k6, s, func(cfg *fetch.Config) {
						cfg.Transport.DisableKeepAlives = true
						change(cfg)
					})
					obs := &exchanges{}
					run := client.Run(t.Context(), targets(spec(), peer.URL(both), peer.URL(both)),
						fetch.Options{Concurrency: 1}, obs)
					require.Equal(t, 2, run.Ok, run.Failures())
					for i, want := range test.want {
						require.Equal(t, peer.Addr, run.Results.At(i).Response.Conn.RemoteIP)
						assertOnlyLookUp(m, fmt.Sprint("request ", i), want, obs.timings[i])
					}
				})
			})
		}
	}
}
