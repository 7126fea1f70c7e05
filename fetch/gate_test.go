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

		// It is admitted and gives up at the same moment.
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

// The gate serves callers in their order, so that those with a large limit do not pass those with a small one for ever.
func TestGateServesWhoComesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		for range 3 {
			require.True(t, g.enter(t.Context(), "a", 3))
		}
		order := make(chan string, 3)
		come := func(name string, limit int) {
			go func() {
				if g.enter(t.Context(), "a", limit) {
					order <- name
				}
			}()
			synctest.Wait()
		}
		come("small", 1)
		come("large", 3)
		for range 2 {
			g.leave("a")
			synctest.Wait()
			require.Empty(t, order, "one is inside yet, and the small limit is one")
		}
		g.leave("a")
		synctest.Wait()
		require.Len(t, order, 2, "the first, and behind it the one for which there is a place as well")
		g.leave("a")
		g.leave("a")
		require.Empty(t, g.hosts)
	})
}

// A caller that gives up lets those behind it in.
func TestGateLetsInThoseBehindOneWhoGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		require.True(t, g.enter(t.Context(), "a", 3))
		ctx, cancel := context.WithCancel(t.Context())
		gone, in := make(chan bool), make(chan bool, 1)
		go func() { gone <- g.enter(ctx, "a", 1) }()
		synctest.Wait()
		go func() { in <- g.enter(t.Context(), "a", 3) }()
		synctest.Wait()
		require.Empty(t, in)
		cancel()
		require.False(t, <-gone)
		require.True(t, <-in)
		g.leave("a")
		g.leave("a")
		require.Empty(t, g.hosts)
	})
}
