package report

import "github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"

// writeBaseline writes what a later report needs to compare with this one: a line for each name.
func writeBaseline(s *Subject, opts Options) (string, error) {
	return baseline.Write(clean(opts.Title), compared(s))
}

// compared are the names as a baseline has them.
func compared(s *Subject) []baseline.Name {
	names := make([]baseline.Name, len(s.Names))
	for i, n := range s.Names {
		names[i] = baseline.Of(n, clean(n.Name))
	}
	return names
}
