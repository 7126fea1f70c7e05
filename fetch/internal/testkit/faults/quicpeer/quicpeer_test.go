package quicpeer_test

import (
	"crypto/tls"
	"net/http"
	"testing"

	"github.com/quic-go/quic-go/http3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/quicpeer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTableIsWhole checks that no case is there twice, and that none lacks an outcome.
func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	names := make(map[string]bool)
	for _, c := range quicpeer.Table() {
		require.False(t, names[c.Name], c.Name)
		names[c.Name] = true
		require.NotEmpty(t, c.Want, c.Name)
	}
}

// TestGood checks by another client that the sibling of the faults has no fault.
func TestGood(t *testing.T) {
	t.Parallel()
	authority, err := faults.NewAuthority()
	require.NoError(t, err)
	peer := quicpeer.Good(t, authority)
	transport := &http3.Transport{TLSClientConfig: &tls.Config{RootCAs: authority.Roots, MinVersion: tls.VersionTLS13}}
	defer func() { _ = transport.Close() }()
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, peer.URL(), nil)
		require.NoError(t, err)
		resp, err := transport.RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	require.Equal(t, 2, peer.Hits())
	require.Equal(t, 1, peer.Conns())
}
