package k6net_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"gopkg.in/guregu/null.v3"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counting is a resolver that uses the server and counts queries.
func counting(server string, asked *atomic.Int64) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		asked.Add(1)
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}

func stateWith(t *testing.T, s *faults.Server, needs faults.Needs, ttl string) *lib.State {
	t.Helper()
	state := k6http.New(t, s, needs).State
	state.Options.DNS = types.DNSConfig{TTL: null.StringFrom(ttl)}
	return state
}

// TestTTLHolds looks a name up twice, in two VUs of a run.
func TestTTLHolds(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	for ttl, again := range map[string]bool{"0": true, "inf": false, "1h": false, "": false} {
		var asked atomic.Int64
		network := &k6net.Network{Resolver: counting(s.DNS(), &asked)}
		state := stateWith(t, s, faults.Needs{}, ttl)
		first := network.Config(state).Resolve
		ip, port, err := first(t.Context(), "name.faults.test:80")
		require.NoError(t, err)
		require.Equal(t, "127.0.0.1", ip.String())
		require.Equal(t, 80, port)
		once := asked.Load()
		require.Positive(t, once)
		_, _, err = network.Config(state).Resolve(t.Context(), "name.faults.test:80")
		require.NoError(t, err)
		require.Equal(t, again, asked.Load() > once, "ttl %q", ttl)
	}
}

// TestPolicyHolds asks for addresses that the name does not have.
func TestPolicyHolds(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	var asked atomic.Int64
	network := &k6net.Network{Resolver: counting(s.DNS(), &asked)}
	state := stateWith(t, s, faults.Needs{}, "0")
	state.Options.DNS.Policy = types.NullDNSPolicy{DNSPolicy: types.DNSonlyIPv6, Valid: true}
	_, _, err := network.Config(state).Resolve(t.Context(), "name.faults.test:80")
	require.ErrorContains(t, err, "no such host")
}

// TestHostsAndBlocksComeFirst checks that what k6 decides without a look-up needs none here.
func TestHostsAndBlocksComeFirst(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	var asked atomic.Int64
	network := &k6net.Network{Resolver: counting(s.DNS(), &asked)}
	state := stateWith(t, s, faults.Needs{BlockHostnames: []string{"*.blocked.test"}, BlacklistIPs: []string{"10.0.0.0/8"}}, "0")
	hosts, err := types.NewHosts(map[string]types.Host{"fixed.test": {IP: net.IPv4(127, 0, 0, 9)}})
	require.NoError(t, err)
	dialer, ok := state.Dialer.(*netext.Dialer)
	require.True(t, ok)
	dialer.Hosts = hosts
	resolve := network.Config(state).Resolve

	ip, _, err := resolve(t.Context(), "fixed.test:80")
	require.NoError(t, err)
	require.Equal(t, "127.0.0.9", ip.String())
	_, _, err = resolve(t.Context(), "a.blocked.test:80")
	require.ErrorAs(t, err, new(netext.BlockedHostError))
	_, _, err = resolve(t.Context(), "10.1.2.3:80")
	require.ErrorAs(t, err, new(netext.BlackListedIPError))
	require.Zero(t, asked.Load())
}

// TestLookUpEndsWithItsContext asks a server that never answers.
func TestLookUpEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	var asked atomic.Int64
	network := &k6net.Network{Resolver: counting(s.DNS(), &asked)}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, _, err := network.Config(stateWith(t, s, faults.Needs{}, "0")).Resolve(ctx, "silent.faults.test:80")
	require.Error(t, err)
	require.Less(t, time.Since(begin), 4*time.Second, "a server has five seconds, as a rule")
}

// slowResolver is a foreign resolver, such as that of a test.
type slowResolver struct{ done chan struct{} }

func (r slowResolver) LookupIP(string) (net.IP, error) {
	<-r.done
	return nil, net.ErrClosed
}

// TestAnotherResolverIsLeftInCharge checks that only k6's own resolver is replaced.
func TestAnotherResolverIsLeftInCharge(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	other := slowResolver{make(chan struct{})}
	state := stateWith(t, s, faults.Needs{}, "0")
	state.Dialer = netext.NewDialer(net.Dialer{}, other)
	var asked atomic.Int64
	resolve := (&k6net.Network{Resolver: counting(s.DNS(), &asked)}).Config(state).Resolve
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, _, err := resolve(ctx, "name.faults.test:80")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	close(other.done)
	_, _, err = resolve(t.Context(), "name.faults.test:80")
	require.ErrorIs(t, err, net.ErrClosed)
	require.Zero(t, asked.Load())
}

type panicking struct{}

func (panicking) LookupIP(string) (net.IP, error) { panic("on purpose") }

// A foreign resolver runs on a goroutine of its own, because it cannot be ended.
func TestAPanicOfAResolverIsAnError(t *testing.T) {
	t.Parallel()
	state := stateWith(t, faults.Start(t), faults.Needs{}, "0")
	dialer, ok := state.Dialer.(*netext.Dialer)
	require.True(t, ok)
	dialer.Resolver = panicking{}
	_, _, err := (&k6net.Network{}).Config(state).Resolve(t.Context(), "name.faults.test:80")
	require.EqualError(t, err, "panic: on purpose")
}
