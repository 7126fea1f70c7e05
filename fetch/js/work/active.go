package work

import (
	"context"
	"sync/atomic"

	"go.k6.io/k6/v2/lib"
)

// ActiveVUs knows how many VUs are active, in this instance of k6.
type ActiveVUs struct {
	state atomic.Pointer[lib.ExecutionState]
}

// Find takes k6's state of the test from the context of a VU, the first time that it is there.
func (a *ActiveVUs) Find(ctx context.Context) {
	if a.state.Load() != nil {
		return
	}
	if state := lib.GetExecutionState(ctx); state != nil {
		a.state.Store(state)
	}
}

// Count returns how many there are: 0 in setup() and teardown(), and as long as it is not known.
func (a *ActiveVUs) Count() int {
	state := a.state.Load()
	if state == nil {
		return 0
	}
	return int(state.GetCurrentlyActiveVUsCount())
}
