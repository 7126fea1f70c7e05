package k6net_test

import (
	"crypto/tls"
	"net"
	"net/http"
	"testing"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/types"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// TestStandaloneIsLikeAVU fetches without a VU, with options of k6 that are about the network.
func TestStandaloneIsLikeAVU(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	plain, secure := faults.StartPeer(t, "tcp4", nil, 0), faults.StartPeer(t, "tcp4", s.TLS(), 0)
	const name = "page.faults.test"
	hosts, err := types.NewNullHosts(map[string]types.Host{name: {IP: net.IPv4(127, 0, 0, 1)}})
	require.NoError(t, err)
	blocked, err := types.NewNullHostnameTrie([]string{"*.faults.test"})
	require.NoError(t, err)
	block, err := lib.ParseCIDR("127.0.0.0/8")
	require.NoError(t, err)
	for sentence, test := range map[string]struct {
		opts lib.Options
		url  string
		code int // 0: answered
	}{
		"hosts say where a name leads":           {lib.Options{Hosts: hosts}, plain.URL(name), 0},
		"without them there is no such name":     {lib.Options{}, plain.URL("missing.invalid"), failure.CodeNoSuchHost},
		"a host is blocked":                      {lib.Options{BlockedHostnames: blocked}, plain.URL(name), failure.CodeBlockedHost},
		"an address is blocked":                  {lib.Options{BlacklistIPs: []*lib.IPNet{block}}, plain.URL("127.0.0.1"), failure.CodeBlockedIP},
		"certificates are verified":              {lib.Options{}, secure.URL("127.0.0.1"), failure.CodeX509Authority},
		"certificates are not verified if asked": {lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)}, secure.URL("127.0.0.1"), 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			state, err := k6net.Standalone(test.opts, logrus.New(), "")
			require.NoError(t, err)
			client := fetch.NewClient(fetch.Config{Config: new(k6net.Network).Config(state)})
			defer client.Close()
			run := client.Run(t.Context(), targets(spec(), test.url), fetch.Options{Concurrency: 1}, unobserved{})
			r := run.Results.At(0)
			require.Equal(t, test.code, r.ErrorCode, r.Error)
			if test.code == 0 {
				require.Equal(t, http.StatusOK, r.Status)
			}
		})
	}
}

func TestStandaloneReadsItsOptions(t *testing.T) {
	t.Parallel()
	versions := lib.TLSVersions{Min: tls.VersionTLS12, Max: tls.VersionTLS13}
	state, err := k6net.Standalone(lib.Options{
		RPS: null.IntFrom(7), TLSVersion: &versions, NoConnectionReuse: null.BoolFrom(true),
	}, logrus.New(), "x=1,http2client=0")
	require.NoError(t, err)
	require.InDelta(t, 7, float64(state.RPSLimit.Limit()), 0)
	require.EqualValues(t, tls.VersionTLS12, state.TLSConfig.MinVersion)
	require.EqualValues(t, tls.VersionTLS13, state.TLSConfig.MaxVersion)
	transport, ok := state.Transport.(*http.Transport)
	require.True(t, ok)
	require.True(t, transport.DisableKeepAlives)
	require.False(t, transport.ForceAttemptHTTP2)
	require.NotNil(t, transport.TLSNextProto)

	_, err = k6net.Standalone(lib.Options{TLSAuth: []*lib.TLSAuth{{TLSAuthFields: lib.TLSAuthFields{Cert: "none"}}}}, logrus.New(), "")
	require.Error(t, err)
}

func TestIsTTL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"inf": true, "0": true, "5m": true, "300": true, "-1s": false, "soon": false, "": false} {
		require.Equal(t, want, k6net.IsTTL(text), text)
	}
}
