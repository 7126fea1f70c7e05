package report

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// writeBaseline writes what a later report needs to compare with this one: a line for each name.
func writeBaseline(s *Subject, opts Options) (string, error) {
	return baseline.Write(phrase.Clean(opts.Title), phrase.Compared(s))
}
