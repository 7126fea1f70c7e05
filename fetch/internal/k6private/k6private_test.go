package k6private_test

import (
	"net"
	"testing"
	"time"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6private"
)

func TestK6sStatusesAreRead(t *testing.T) {
	t.Parallel()
	rt := modulestest.NewRuntime(t)
	exports := k6http.New().NewModuleInstance(rt.VU).Exports().Default.(*sobek.Object)
	require.NoError(t, rt.VU.Runtime().Set("http", exports))
	value, err := rt.VU.Runtime().RunString(`http.expectedStatuses({ min: 200, max: 299 }, 304, 404)`)
	require.NoError(t, err)
	ranges, ok := k6private.Statuses(value.Export())
	require.True(t, ok)
	require.Equal(t, [][2]int{{200, 299}, {304, 304}, {404, 404}}, ranges)
}

func TestOtherValuesAreNoStatuses(t *testing.T) {
	t.Parallel()
	for _, v := range []any{
		nil, 5, "200", struct{}{}, struct{ minmax, exact int }{}, &struct{ exact []int }{}, map[string]any{"minmax": nil},
	} {
		_, ok := k6private.Statuses(v)
		require.False(t, ok, "%T", v)
	}
}

type otherResolver struct{}

func (otherResolver) LookupIP(string) (net.IP, error) { return nil, nil }

func TestK6sResolversAreKnown(t *testing.T) {
	t.Parallel()
	lookUp := func(string) ([]net.IP, error) { return nil, nil }
	for _, ttl := range []time.Duration{0, time.Minute} {
		require.True(t, k6private.IsResolver(netext.NewResolver(lookUp, ttl, types.DNSrandom, types.DNSonlyIPv4)))
	}
	require.False(t, k6private.IsResolver(otherResolver{}))
}
