package fetch

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestGateLetsInAsManyAsTheLimitInTheirOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		require.True(t, g.enter(t.Context(), "a", 2))
		require.True(t, g.enter(t.Context(), "a", 2))
		require.True(t, g.enter(t.Context(), "b", 1), "another host")
		order := make(chan int, 3)
		for i := range 3 {
			go func() {
				if g.enter(t.Context(), "a", 2) {
					order <- i
				}
			}()
			synctest.Wait()
		}
		require.Empty(t, order)
		for i := range 3 {
			g.leave("a")
			synctest.Wait()
			require.Equal(t, i, <-order)
		}
		g.leave("a")
		g.leave("a")
		g.leave("b")
		require.Empty(t, g.hosts, "nothing is kept")
	})
}

func TestGateLetsThoseGoWhoNoLongerWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		require.True(t, g.enter(t.Context(), "a", 1))
		ctx, cancel := context.WithCancel(t.Context())
		gone, in := make(chan bool), make(chan bool)
		go func() { gone <- g.enter(ctx, "a", 1) }()
		synctest.Wait()
		go func() { in <- g.enter(t.Context(), "a", 1) }()
		synctest.Wait()
		cancel()
		require.False(t, <-gone)
		g.leave("a")
		require.True(t, <-in)

		// Let in and gone at the same moment.
		ctx, cancel = context.WithCancel(t.Context())
		go func() { gone <- g.enter(ctx, "a", 1) }()
		synctest.Wait()
		cancel()
		g.leave("a")
		if <-gone {
			g.leave("a")
		}
		require.Empty(t, g.hosts)
	})
}

// Those with a larger limit do not wait for those with a smaller one.
func TestGateHoldsEachToItsOwnLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		for range 3 {
			require.True(t, g.enter(t.Context(), "a", 3))
		}
		one, three := make(chan bool, 1), make(chan bool, 1)
		go func() { one <- g.enter(t.Context(), "a", 1) }()
		synctest.Wait()
		go func() { three <- g.enter(t.Context(), "a", 3) }()
		synctest.Wait()
		g.leave("a")
		require.True(t, <-three)
		for range 3 {
			synctest.Wait()
			require.Empty(t, one)
			g.leave("a")
		}
		require.True(t, <-one)
	})
}
