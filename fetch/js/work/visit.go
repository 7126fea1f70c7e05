package work

import (
	"context"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
)

// What the caches of pages may take: that of each VU, and that of all.
const (
	CacheOfVU  = 32 << 20
	CacheOfAll = 256 << 20
)

// Visit is a page to be visited.
type Visit struct {
	Document fetch.Target
	Options  page.Options
}

// Iterator returns the target that is known from the beginning.
func (v *Visit) Iterator() fetch.Iterator { return fetch.Targets([]fetch.Target{v.Document}) }

// Len is how many targets are known from the beginning.
func (v *Visit) Len() int { return 1 }

// visit visits a page. Each result is handed to deliver, if it is not nil, as it ends.
func (j *Job) visit(ctx context.Context, deliver func(*fetch.Result)) *fetch.Run {
	opts := j.Engine
	opts.OnResult = j.collected(deliver)
	warner := &warner{logger: j.logger(), rejects: true}
	return j.measured(opts, &j.Way, warner, true, func(opts fetch.Options, observer fetch.Observer) *fetch.Run {
		return page.New(j.Visit.Document, j.Visit.Options).Run(ctx, j.Client, opts, observer)
	})
}
