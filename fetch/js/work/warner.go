package work

import (
	"fmt"
	"sync/atomic"

	"github.com/sirupsen/logrus"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// warner warns of targets without an answer, as k6 does of requests: with the cause in full, which results do not have
// because it is unbounded. It is for one run, and does not fill the log with it.
type warner struct {
	logger logrus.FieldLogger
	// rejects says that what throw is about makes a promise reject, and is not warned of.
	rejects bool
	count   atomic.Int64
}

// maxWarnings is how many targets of a run are warned of one by one.
const maxWarnings = 5

const requestFailed = "Request Failed" // k6's words

// warn is called by the workers.
func (w *warner) warn(r *fetch.Result, cause error) {
	if w.rejects && r.Throws() || w.count.Add(1) > maxWarnings {
		return
	}
	w.logger.WithField("error", cause).Warn(requestFailed)
}

// end says how many more there were.
func (w *warner) end() {
	if more := w.count.Load() - maxWarnings; more > 0 {
		text := fmt.Sprintf("%d more targets of this run have no answer", more)
		if more == 1 {
			text = "1 more target of this run has no answer"
		}
		w.logger.WithField("error", text).Warn(requestFailed)
	}
}
