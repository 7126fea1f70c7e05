package script

import "go.k6.io/k6/v2/lib"

// iterEnd is k6's event for the end of an iteration. Its type is k6's own secret; a test checks the number.
const iterEnd = 5

// holdIteration keeps the iteration from ending before done is closed. The iteration's context is canceled by then, so
// that is a matter of moments; but samples must not be sent after it.
//
// In setup() and teardown() there is no such event; the samples of what they leave behind are sent with care.
func (mi *Instance) holdIteration(done <-chan struct{}, state *lib.State) {
	events := mi.vu.Events().Local
	if events == nil || state.VUID == 0 {
		return
	}
	id, ends := events.Subscribe(iterEnd)
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
