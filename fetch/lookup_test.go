package fetch_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// TestLookUpsGetNoHooks checks that a resolver cannot mark a request, whatever it connects to and how.
func TestLookUpsGetNoHooks(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) {})
	addr := strings.TrimPrefix(url, "http://")
	type key struct{}
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			var looked atomic.Int64
			cfg := fetch.Config{Config: transport.Config{Resolve: func(ctx context.Context, _ string) (net.IP, int, error) {
				looked.Add(1)
				assert.Nil(t, httptrace.ContextClientTrace(ctx))
				assert.Equal(t, "the run's", ctx.Value(key{}))
				to, err := net.ResolveTCPAddr("tcp", addr)
				require.NoError(t, err)
				return to.IP, to.Port, nil
			}}}
			change(&cfg)
			run := newClient(t, cfg).Run(context.WithValue(t.Context(), key{}, "the run's"),
				targets(spec(), "http://name.test/"), fetch.Options{Concurrency: 1}, &recorder{})
			require.Equal(t, 1, run.Ok)
			require.EqualValues(t, 1, looked.Load())
		})
	}
}

// TestALookUpThatIsCutOffHasItsTime has a name server that is silent until the request's timeout. Over net/http, the
// request ends before its look-up does.
func TestALookUpThatIsCutOffHasItsTime(t *testing.T) {
	t.Parallel()
	for way, change := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			over := make(chan struct{})
			cfg := fetch.Config{Config: transport.Config{Resolve: func(ctx context.Context, _ string) (net.IP, int, error) {
				<-ctx.Done()
				if way == "net/http" {
					<-over
				}
				return nil, 0, context.Cause(ctx)
			}}}
			change(&cfg)
			sp := spec(func(s *fetch.Spec) { s.Timeout = 50 * time.Millisecond })
			obs := &recorder{}
			run := newClient(t, cfg).Run(t.Context(), targets(sp, "http://name.test/"), fetch.Options{Concurrency: 1}, obs)
			close(over)
			require.Equal(t, failure.CodeTimeout, run.Results.At(0).ErrorCode)
			got := obs.exchanges[0].Timings
			require.Positive(t, got.LookingUp)
			require.Equal(t, transport.Timings{LookingUp: got.LookingUp}, got)
		})
	}
}
