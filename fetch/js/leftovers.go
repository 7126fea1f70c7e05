package js

import (
	"sync"
	"sync/atomic"

	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6private"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
)

// leftovers are the work that goes on beside the event loop. An iteration may leave some behind: a stream that nobody
// reads to its end, a promise that nobody awaits. Its context has ended by then, so that all of it is cut off and
// ends in moments; but it sends its last samples, and k6 dies when they come after their channel was closed.
//
// So the test does not end before all work has ended: k6 waits for whoever hears of TestEnd before it closes the
// channel. It waits for those who hear of IterEnd as well, but not when the VU is being stopped.
type leftovers struct {
	once  sync.Once
	ended atomic.Bool
	work  work.Counter
}

// watch makes the end of the test wait for the work. It is called in the init context of every VU.
func (l *leftovers) watch(events common.Events) {
	if events.Global == nil {
		return
	}
	l.once.Do(func() {
		_, ends := events.Global.Subscribe(k6private.TestEnd)
		go func() { // until k6 ends
			for event := range ends {
				<-l.work.Idle()
				l.ended.Store(true)
				event.Done()
			}
		}()
	})
}

// inBackground does work beside the event loop. The end of the test waits for it.
func (mi *Instance) inBackground(do func()) {
	l := &mi.root.leftovers
	l.work.Begin()
	go func() {
		defer l.work.End()
		do()
	}()
}

// inIteration does work beside the event loop that no callback of the event loop is held for. The end of the iteration
// waits for it.
func (mi *Instance) inIteration(state *lib.State, do func()) {
	if !k6private.InIteration(state) { // nobody is told of the end of setup() and teardown()
		mi.inBackground(do)
		return
	}
	if mi.streams.Begin() {
		mi.holdIteration(mi.streams.Idle())
	}
	mi.inBackground(func() {
		defer mi.streams.End()
		do()
	})
}

// holdIteration keeps the iteration from ending before idle is closed.
func (mi *Instance) holdIteration(idle <-chan struct{}) {
	events := mi.vu.Events().Local
	if events == nil {
		return
	}
	id, ends := events.Subscribe(k6private.IterEnd)
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
			<-idle
			event.Done()
		case <-idle:
		}
	}()
}
