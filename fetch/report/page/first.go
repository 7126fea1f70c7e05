package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// What the first screen has at most before it is opened.
const (
	maxLine    = 6 // reasons in the line below the headline
	maxVerdict = 5 // thresholds, and checks
	maxBroken  = 3 // budgets
)

// The first screen.
type (
	tile struct{ What, Value, Unit, Class string }
	// pageReason is a reason of failure in the line below the headline. Place is where more is said of it.
	pageReason struct {
		Count, Text, Filter string
		Place               int
	}
	// pageVerdicts are thresholds or checks: those that are seen at once, and those that a reader opens.
	pageVerdicts struct {
		Open, More []pageVerdict
		MoreText   string
	}
	pageVerdict struct {
		Bad                       bool
		What, Group, Detail, Last string
	}
)

// reasonLine are the reasons of failure in a few words each, the most frequent first, and how many more there are.
func reasonLine(failures []aggregate.Failure) (line []pageReason, more int) {
	type group struct {
		code, status int
		judged       string
	}
	places, counts := make(map[group]int), []int(nil)
	for i := range failures {
		f := &failures[i]
		g := group{code: f.Code, status: f.Status}
		if phrase.IsJudged(f.Cause) {
			g.judged = f.Error
		}
		place, ok := places[g]
		if !ok {
			place = len(line)
			places[g] = place
			filter := "code:" + strconv.Itoa(f.Code)
			switch {
			case g.judged != "":
				filter = "reason:" + filterText(phrase.Reason(f.Cause))
			case f.Status != 0:
				filter = "state:failed status:" + strconv.Itoa(f.Status)
			}
			line, counts = append(line, pageReason{Text: phrase.Briefly(f.Cause), Filter: filter, Place: i}), append(counts, 0)
		}
		counts[place] += f.Count
	}
	for i := range line {
		line[i].Count = phrase.Number(counts[i])
	}
	order := make([]int, len(line))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b] - counts[a] })
	sorted := make([]pageReason, len(line))
	for i, place := range order {
		sorted[i] = line[place]
	}
	return sorted[:min(len(sorted), maxLine)], max(0, len(sorted)-maxLine)
}

// isLoad reports whether the report is about a load test, and not about a run or a comparison.
func isLoad(s *phrase.Subject) bool {
	_, _, compared := s.Compared()
	return s.Totals.Runs > 1 && !compared
}

func badIf(n int) string {
	if n > 0 {
		return "bad"
	}
	return ""
}

// tileOf makes a tile of a figure that has its unit behind a space.
func tileOf(what, text, class string) tile {
	value, unit, _ := strings.Cut(text, " ")
	return tile{what, value, unit, class}
}

func tilesOf(s *phrase.Subject) []tile {
	if v := visitOf(s); v != nil {
		return append(append(visitTiles(s, v), endTiles(s)...), receivedTile(s))
	}
	count := tile{What: "URLs", Value: phrase.Number(s.Count)}
	if n, ways, ok := s.Compared(); ok {
		count.Value, count.Unit = phrase.Number(n), fmt.Sprintf("× %d ways", ways)
	}
	failed := tile{"failed", phrase.Number(s.Failed), "", badIf(s.Failed)}
	var tiles []tile
	if seconds := s.Wall.Seconds(); isLoad(s) && seconds > 0 {
		tiles = append(tiles, tile{"requests", rate(float64(s.Requests) / seconds), "/s", ""},
			tileOf("error share", share(s.Failed, s.Ok+s.Failed), badIf(s.Failed)))
	} else {
		tiles = append(tiles, count, failed)
	}
	tiles = append(tiles, latencyTiles(s)...)
	tiles = append(tiles, speedupTile(s.Comparison)...)
	if isLoad(s) {
		tiles = append(tiles, count, failed)
	}
	return append(append(tiles, endTiles(s)...), tileOf("took", phrase.Short(s.Spent()), ""), receivedTile(s))
}

// endTiles are those that any report has of which there is something to say.
func endTiles(s *phrase.Subject) (tiles []tile) {
	if s.NotRun > 0 {
		tiles = append(tiles, tile{"not run", phrase.Number(s.NotRun), "", "bad"})
	}
	tiles = append(tiles, budgetTile(s)...)
	if s.Against != nil {
		tiles = append(tiles, tile{"slower", phrase.Number(s.Slower()), "", badIf(s.Slower())})
		if n := s.Judged(baseline.Failing); n > 0 {
			tiles = append(tiles, tile{"fail more often", phrase.Number(n), "", "bad"})
		}
	}
	return tiles
}

func receivedTile(s *phrase.Subject) tile { return tileOf("received", phrase.Size(s.Bytes), "") }

// speedupTile is about one way against another. Which of more is the fastest takes a sentence.
func speedupTile(c *aggregate.Comparison) []tile {
	if c == nil {
		return nil
	}
	finishes := phrase.FinishesOf(c)
	if _, ok := phrase.Winner(finishes); !ok || !phrase.BothWays(finishes) {
		return nil
	}
	return []tile{{"speed-up", phrase.Times(c.Speedup()), "×", "star"}}
}

func latencyTiles(s *phrase.Subject) []tile {
	elapsed := &s.All.Times[aggregate.Elapsed]
	if elapsed.Count() == 0 {
		return nil
	}
	return []tile{
		tileOf("median", phrase.Short(elapsed.Percentile(phrase.Median)), ""),
		tileOf("p95", phrase.Short(elapsed.Percentile(phrase.NearlyAll)), ""),
		tileOf("p99", phrase.Short(elapsed.Percentile(phrase.Outliers)), ""),
	}
}

// rate is how many of something there were in a second.
func rate(perSecond float64) string {
	const few = 10
	if perSecond < few {
		return fmt.Sprintf("%.1f", perSecond)
	}
	return phrase.Number(int64(perSecond + 0.5)) //nolint:mnd // rounds
}

// share is n of all in percent. It is 0 only if n is.
func share(n, all int) string {
	const hundred, few, least = 100, 10, 0.01
	percent := float64(n) / float64(max(all, 1)) * hundred
	switch {
	case n == 0 || n == all:
		return fmt.Sprintf("%.0f %%", percent)
	case percent < least:
		return "<0.01 %"
	case percent < 0.995: //nolint:mnd // 1.0 when it is rounded
		return fmt.Sprintf("%.2f %%", percent)
	case percent < few:
		return fmt.Sprintf("%.1f %%", percent)
	default:
		return fmt.Sprintf("%.0f %%", min(percent, hundred-1))
	}
}

func thresholdsOf(k6 *k6summary.Summary) *pageVerdicts {
	if k6 == nil {
		return nil
	}
	rows := make([]pageVerdict, len(k6.Thresholds))
	for i, t := range k6.Thresholds {
		rows[i] = pageVerdict{
			Bad: !t.Ok, What: phrase.Shown(t.Metric), Detail: phrase.Clean(t.Expression), Last: phrase.Clean(t.Value),
		}
	}
	return verdictsOf(rows, "threshold")
}

func checksOf(checks []k6summary.Check) *pageVerdicts {
	rows := make([]pageVerdict, len(checks))
	for i, c := range checks {
		rows[i] = pageVerdict{
			Bad: c.Fails > 0, What: phrase.Shown(c.Name), Group: phrase.Clean(strings.ReplaceAll(c.Group, "::", " › ")),
			Detail: phrase.Number(c.Passes), Last: phrase.Number(c.Fails),
		}
	}
	return verdictsOf(rows, "check")
}

// verdictsOf puts what failed first, and leaves open as much as fits the first screen.
func verdictsOf(rows []pageVerdict, what string) *pageVerdicts {
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b pageVerdict) int {
		switch {
		case a.Bad == b.Bad:
			return 0
		case a.Bad:
			return -1
		default:
			return 1
		}
	})
	failed := 0
	for _, row := range rows {
		if row.Bad {
			failed++
		}
	}
	open := opened(len(rows), failed, maxVerdict)
	return &pageVerdicts{rows[:open], rows[open:], moreOf(len(rows), failed, open, what, "failed", "passed")}
}

// opened is how many rows are seen at once: all if they are few, else what failed, up to a bound.
func opened(all, failed, most int) int {
	if all <= most {
		return all
	}
	return min(failed, most)
}

// moreOf says what the rows are that are not seen at once.
func moreOf(all, failed, open int, what, bad, good string) string {
	hiddenBad, hiddenGood := max(0, failed-open), all-max(failed, open)
	switch {
	case open == 0:
		return phrase.Plural(all, what) + ", all " + good
	case hiddenBad == 0:
		return phrase.Number(hiddenGood) + " more, " + good
	case hiddenGood == 0:
		return phrase.Number(hiddenBad) + " more"
	default:
		return fmt.Sprintf("%s more (%s %s, %s %s)", phrase.Number(hiddenBad+hiddenGood), phrase.Number(hiddenBad), bad,
			phrase.Number(hiddenGood), good)
	}
}
