package aggregate

import "github.com/xk6-fetch/xk6-fetch/fetch"

// Counts are the figures that runs and names have in common: what became of their results.
type Counts struct {
	// Count is the sum of Ok, Failed and NotRun.
	Count, Ok, Failed, NotRun int
	// Hits is how many came from a cache, without a request. They are among those above, and have no times.
	Hits int
	// OverBudget is how many broke their budgets.
	OverBudget int
	// Requests counts HTTP requests: redirects and retries included.
	Requests int
	Bytes    int64
}

// countsOf returns the counts of a run.
func countsOf(run *fetch.Run) Counts {
	counts := Counts{
		Count: run.Count, Ok: run.Ok, Failed: run.Failed, NotRun: run.NotRun,
		OverBudget: run.OverBudget, Requests: run.Requests, Bytes: run.Bytes,
	}
	if run.Page != nil {
		counts.Hits = run.Page.Hits
	}
	return counts
}

// join adds what others count.
func (c *Counts) join(other *Counts) {
	c.Count += other.Count
	c.Ok += other.Ok
	c.Failed += other.Failed
	c.NotRun += other.NotRun
	c.Hits += other.Hits
	c.OverBudget += other.OverBudget
	c.Requests += other.Requests
	c.Bytes += other.Bytes
}
