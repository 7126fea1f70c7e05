package work

import (
	"context"
	"sync"
)

// CondUntil returns a condition under a lock. When ctx ends it wakes all who wait, so that they can look at ctx.
func CondUntil(ctx context.Context, mu *sync.Mutex) *sync.Cond {
	cond := sync.NewCond(mu)
	context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		cond.Broadcast()
	})
	return cond
}
