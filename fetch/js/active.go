package js

import (
	"context"
	"sync/atomic"

	"go.k6.io/k6/v2/lib"
)

// activeVUs knows how many VUs are active, in this instance of k6.
type activeVUs struct {
	state atomic.Pointer[lib.ExecutionState]
}

// find takes k6's state of the test from the context of a VU, the first time that it is there.
func (a *activeVUs) find(ctx context.Context) {
	if a.state.Load() != nil {
		return
	}
	if state := lib.GetExecutionState(ctx); state != nil {
		a.state.Store(state)
	}
}

// count returns how many there are: 0 in setup() and teardown(), and as long as it is not known.
func (a *activeVUs) count() int {
	state := a.state.Load()
	if state == nil {
		return 0
	}
	return int(state.GetCurrentlyActiveVUsCount())
}
