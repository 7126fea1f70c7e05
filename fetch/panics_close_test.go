package fetch_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// panickyEnd is a connection that panics when it is closed, wherever that happens.
type panickyEnd struct{ net.Conn }

func (c panickyEnd) Close() error {
	_ = c.Conn.Close()
	panic("on purpose")
}

func (c panickyEnd) SetWriteDeadline(at time.Time) error {
	_ = c.Conn.SetWriteDeadline(at)
	panic("on purpose")
}

// Timers, the end of a context and goroutines of net/http close connections. A panic in that must not reach them.
func TestPanicsOfClosing(t *testing.T) {
	t.Parallel()
	for _, protocol := range spoken {
		for way, change := range ways {
			t.Run(protocol+" "+way, func(t *testing.T) {
				t.Parallel()
				addr, scheme, cfg := server(t, protocol, func(_ http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/hang" {
						<-r.Context().Done()
					}
				})
				change(&cfg)
				cfg.Transport.IdleConnTimeout = 10 * time.Millisecond
				var s sockets
				dial := s.dial(addr)
				cfg.Dial = func(ctx context.Context, network, to string) (net.Conn, error) {
					conn, err := dial(ctx, network, to)
					if err != nil {
						return nil, err
					}
					return panickyEnd{conn}, nil
				}
				client := newClient(t, cfg)
				host := scheme + "://a.test/"
				run := client.Run(t.Context(), targets(spec(), host, host), fetch.Options{Concurrency: 2}, &recorder{})
				require.Equal(t, 2, run.Ok, run.Failures())
				require.Eventually(t, func() bool { return s.open.Load() == 0 }, 5*time.Second, time.Millisecond, "timers")

				brief := spec(func(s *fetch.Spec) { s.Timeout = 50 * time.Millisecond })
				run = client.Run(t.Context(), targets(brief, host+"hang"), fetch.Options{Concurrency: 1}, &recorder{})
				require.Equal(t, 1, run.Failed)
				run = client.Run(t.Context(), targets(spec(), host), fetch.Options{Concurrency: 1}, &recorder{})
				require.Equal(t, 1, run.Ok, run.Failures())
				require.NotPanics(t, client.Shutdown)
				require.Eventually(t, func() bool { return s.open.Load() == 0 }, 5*time.Second, time.Millisecond, "shutdown")
			})
		}
	}
}
