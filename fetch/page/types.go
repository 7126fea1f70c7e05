package page

import "github.com/xk6-fetch/xk6-fetch/fetch"

// TypeSum is what the resources of one type have come to.
type TypeSum struct {
	Type                         string
	Results                      []*fetch.Result
	Ok, Failed, NotRun, Requests int
	// Hits are those from a cache.
	Hits  int
	Bytes int64
}

// ByType sums a visit up for each type, in the order of [Types], whether it has any or not.
func ByType(run *fetch.Run) []TypeSum {
	types := Types()
	sums := make([]TypeSum, len(types))
	place := make(map[string]*TypeSum, len(types))
	for i, t := range types {
		sums[i].Type = t
		place[t] = &sums[i]
	}
	for _, r := range run.Results.All() {
		place[r.Target.Spec.Type].add(r)
	}
	return sums
}

func (s *TypeSum) add(r *fetch.Result) {
	s.Results = append(s.Results, r)
	s.Requests += r.Requests
	s.Bytes += r.Bytes
	if r.FromCache {
		s.Hits++
	}
	switch r.State {
	case fetch.StateDone:
		s.Ok++
	case fetch.StateFailed:
		s.Failed++
	default:
		s.NotRun++
	}
}
