package fetch

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Observer is told of what happens in a run, on the goroutine of the worker that did it. It must be safe for use by
// several, and must not keep what the pointers lead to.
type Observer interface {
	// Exchanged is called as each HTTP request of a target ends.
	Exchanged(t *Target, x *transport.Exchange)
	// Finished is called as each target ends, after its exchanges, and told when that was. It is not called for a target
	// that was not run.
	Finished(r *Result, at time.Time)
}
