package report

import "fmt"

// nothingFetched is the verdict on a test that fetched nothing. Most likely its script has a mistake, such as an empty
// list or a call that was rejected. Every report calls it a failure, because a pipeline would take silence for success.
const nothingFetched = "Nothing was fetched"

// verdict is the first thing to know: the thresholds of k6 if they are known, and what became of the URLs.
func verdict(s *Subject) string { return thresholdVerdict(s) + outcome(s) + complaints(s) }

// complaints are what there is to add where all URLs may have been answered, and not as they should have been.
func complaints(s *Subject) string { return budgetVerdict(s) + gotWorse(s) }

// outcome is what became of the URLs.
func outcome(s *Subject) string {
	if n, ok := s.bothWays(); ok && s.answered() {
		return fmt.Sprintf("All %s URLs were answered both ways", number(n))
	}
	switch {
	case s.Count == 0:
		return nothingFetched
	case s.nothing():
		return fmt.Sprintf("%s: %s of %s URLs %s not run", nothingFetched, number(s.NotRun), number(s.Count), were(s.NotRun))
	case s.Failed == 0 && s.NotRun == 0 && s.Count == 1:
		return "The only URL was answered"
	case s.Failed == 0 && s.NotRun == 0:
		return fmt.Sprintf("All %s URLs were answered", number(s.Count))
	case s.Failed == 0:
		return fmt.Sprintf("%s of %s URLs %s not run", number(s.NotRun), number(s.Count), were(s.NotRun))
	case s.NotRun == 0:
		return fmt.Sprintf("%s of %s URLs failed", number(s.Failed), number(s.Count))
	default:
		return fmt.Sprintf("%s of %s URLs failed, and %s %s not run", number(s.Failed), number(s.Count), number(s.NotRun),
			were(s.NotRun))
	}
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// faster says how much faster it was than something else, in words; empty if there is nothing to say.
func faster(s *Subject) string {
	if c := s.Comparison; c != nil && c.Speedup() > 0 {
		return fmt.Sprintf("concurrent was %s times as fast as one at a time: %s instead of %s", times(c.Speedup()),
			short(c.Concurrent.Elapsed), short(c.Sequential.Elapsed))
	}
	if speedup := s.Speedup(); speedup >= 1.05 { //nolint:mnd // 1.1 when it is rounded
		return fmt.Sprintf("%s times as fast as one after another", times(speedup))
	}
	return ""
}
