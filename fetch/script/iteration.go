package script

import "go.k6.io/k6/v2/lib"

// k6's events for the end of the test and for the end of an iteration. Their type is k6's own secret; tests check the
// numbers, by what would be lost or race without them.
const (
	testEnd = 3
	iterEnd = 5
)

// holdIteration keeps the iteration from ending before done is closed. The iteration's context is canceled by then, so
// that is a matter of moments; but samples must not be sent after it.
//
// Nobody is told of the end of setup() and teardown(), which run in a VU without a number. What they leave behind keeps
// the test from ending instead: when one of them throws, that is when k6 closes the channel of the samples.
func (mi *Instance) holdIteration(done <-chan struct{}, state *lib.State) {
	events := mi.vu.Events().Local
	if inSetup(state) {
		events = mi.vu.Events().Global
	}
	if events == nil {
		return
	}
	id, ends := events.Subscribe(iterEnd, testEnd) // a VU has no end of a test, and a test none of an iteration
	go func() {
		// An event that was on its way when we unsubscribed wants its answer, too.
		defer func() {
			events.Unsubscribe(id)
			for event := range ends {
				event.Done()
			}
		}()
		select {
		case event := <-ends:
			<-done
			event.Done()
		case <-done:
		}
	}()
}

// inSetup tells setup() and teardown() from iterations.
func inSetup(state *lib.State) bool { return state.VUID == 0 }
