package k6metrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
)

func TestBurstsAreSentWhenTheyAreFullOrInTime(t *testing.T) {
	t.Parallel()
	sample := func(value float64) metrics.Sample { return metrics.Sample{Value: value} }
	for name, test := range map[string]struct {
		give func(b *burst)
		want []int // how many samples each container has, in their order
	}{
		"one container, after a moment": {func(b *burst) { b.push(sample(1)) }, []int{1}},
		"one sample, after a moment":    {func(b *burst) { b.add(sample(1)) }, []int{1}},
		"samples share a container, behind the others": {func(b *burst) {
			b.add(sample(1), sample(2))
			b.push(sample(3))
			b.add(sample(4))
		}, []int{1, 3}},
		"nothing is held back when asked for": {func(b *burst) {
			b.push(sample(1))
			b.flush()
			b.flush()
			b.add(sample(2))
			b.flush()
		}, []int{1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := make(chan metrics.SampleContainer, 10)
			b := &burst{out: out}
			test.give(b)
			for i, want := range test.want {
				require.Len(t, (<-out).GetSamples(), want, "container %d", i)
			}
			b.flush()
			require.Empty(t, out)
		})
	}
}

// A full burst is not held back until its time is up.
func TestBurstsThatAreFullAreSentAtOnce(t *testing.T) {
	t.Parallel()
	out := make(chan metrics.SampleContainer, 2*burstSize)
	b := &burst{out: out, timer: time.AfterFunc(time.Hour, func() {}), waiting: true}
	defer b.timer.Stop()
	for range burstSize - 1 {
		b.push(metrics.Sample{})
	}
	require.Empty(t, out)
	b.push(metrics.Sample{})
	require.Len(t, out, burstSize)

	b.waiting = true
	for range maxSamples - 1 {
		b.add(metrics.Sample{})
	}
	require.Len(t, out, burstSize)
	b.add(metrics.Sample{})
	require.Len(t, out, burstSize+1)
	require.Nil(t, b.samples, "what was sent is not written to again")
}
