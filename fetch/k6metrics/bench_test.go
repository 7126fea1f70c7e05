package k6metrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// BenchmarkExchanged measures the samples of one request, until k6 has them.
func BenchmarkExchanged(b *testing.B) {
	registry := metrics.NewRegistry()
	own, err := Register(registry)
	require.NoError(b, err)
	out := make(chan metrics.SampleContainer, 1<<10)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for range out {
			continue
		}
	}()
	state := &lib.State{
		BuiltinMetrics: metrics.RegisterBuiltinMetrics(registry),
		Options:        lib.Options{SystemTags: &metrics.DefaultSystemTagSet},
		Samples:        out, VUID: 1,
	}
	tags := metrics.TagsAndMeta{Tags: registry.RootTagSet()}
	observer := NewObserver(own, &TagCache{}, state, "concurrent", tags)
	target := fetch.Target{URL: "http://example.com/", Spec: &fetch.Spec{Attachment: &tags}}
	exchange := &transport.Exchange{
		Method: "GET", URL: target.URL, Status: 200, Proto: "HTTP/1.1",
		Conn: &transport.ConnInfo{RemoteIP: "192.0.2.1"}, Judged: true, Expected: true, End: time.Now(),
	}
	result := &fetch.Result{Target: target, State: fetch.StateDone, Response: &fetch.Response{}}

	b.ReportAllocs()
	for b.Loop() {
		observer.Exchanged(&target, exchange)
		observer.Finished(result, exchange.End)
	}
	observer.Close()
	close(out)
	<-ended
}
