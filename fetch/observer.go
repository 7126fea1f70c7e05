package fetch

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Observer follows a run. Its methods are called on the goroutine of the worker concerned, so they must be safe for
// concurrent use. They must not keep the pointers, nor what these lead to.
type Observer interface {
	// Exchanged is called as each HTTP request of a target ends.
	Exchanged(t *Target, x *transport.Exchange)
	// Finished is called when a target ends, after its exchanges, with the time of its end. It is not called for a target
	// that was not run.
	Finished(r *Result, at time.Time)
}
