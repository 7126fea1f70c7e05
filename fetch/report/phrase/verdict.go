package phrase

import (
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// NothingFetched is the verdict on a test that fetched nothing. Most likely its script has a mistake, such as an empty
// list or a call that was rejected. Every report calls it a failure, because a pipeline would take silence for success.
const NothingFetched = "Nothing was fetched"

// Verdict is the first thing to know: the thresholds of k6 if they are known, and what became of the URLs.
func Verdict(s *Subject) string { return Headline(s) + Complaints(s) }

// Headline is the verdict without complaints.
func Headline(s *Subject) string {
	thresholds, outcome := thresholdVerdict(s), Outcome(s)
	if thresholds == "" {
		return outcome
	}
	return thresholds + "; " + strings.ToLower(outcome[:1]) + outcome[1:]
}

// Complaints follow the outcome: broken budgets, and what got worse than in the baseline.
func Complaints(s *Subject) string { return budgetVerdict(s) + gotWorse(s) }

// Outcome is what became of the URLs.
func Outcome(s *Subject) string {
	if n, ways, ok := s.Compared(); ok && s.answered() {
		if ways == 2 { //nolint:mnd // both
			return fmt.Sprintf("All %s URLs were answered both ways", Number(n))
		}
		return fmt.Sprintf("All %s URLs were answered in all %d ways", Number(n), ways)
	}
	switch {
	case s.Count == 0:
		return NothingFetched
	case s.Nothing():
		return fmt.Sprintf("%s: %s of %s URLs %s not run", NothingFetched, Number(s.NotRun), Number(s.Count), were(s.NotRun))
	case s.Failed == 0 && s.NotRun == 0 && s.Count == 1:
		return "The only URL was answered"
	case s.Failed == 0 && s.NotRun == 0:
		return fmt.Sprintf("All %s URLs were answered", Number(s.Count))
	case s.Failed == 0:
		return fmt.Sprintf("%s of %s URLs %s not run", Number(s.NotRun), Number(s.Count), were(s.NotRun))
	case s.NotRun == 0:
		return fmt.Sprintf("%s of %s URLs failed", Number(s.Failed), Number(s.Count))
	default:
		return fmt.Sprintf("%s of %s URLs failed, and %s %s not run", Number(s.Failed), Number(s.Count), Number(s.NotRun),
			were(s.NotRun))
	}
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// Faster says how much faster it was than something else, in words; empty if there is nothing to say.
func Faster(s *Subject) string {
	if c := s.Comparison; c != nil {
		if text := fasterWay(c); text != "" {
			return text
		}
	}
	if speedup := s.Speedup(); speedup >= 1.05 { //nolint:mnd // 1.1 when it is rounded
		return fmt.Sprintf("%s times as fast as one after another", Times(speedup))
	}
	return ""
}

// fasterWay says which way of a comparison was the fastest.
func fasterWay(c *aggregate.Comparison) string {
	ways := FinishesOf(c)
	if _, ok := Winner(ways); !ok || !BothWays(ways) {
		return Race(ways)
	}
	return fmt.Sprintf("concurrent was %s times as fast as one at a time: %s instead of %s", Times(c.Speedup()),
		Short(ways[1].Elapsed), Short(ways[0].Elapsed))
}
