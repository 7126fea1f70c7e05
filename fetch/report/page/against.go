package page

import (
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// What the page says of the baseline.
type (
	pageAgainst struct {
		Title, Begun, BegunText string
		Unjudged                string
		Counts                  []pageCount
		Rows, More              []pageJudgement
		MoreText                string
		Notes                   []string
	}
	pageCount     struct{ Count, Verdict, Class string }
	pageJudgement struct {
		Name, Verdict, Class, Then, Now, Change, P95, P, Note string
		Bad                                                   bool
		Grown                                                 *pageGrown
	}
	pageGrown struct{ Part, Label, Times string }
)

// maxAgainst is how many names the page has next to those of the baseline.
const maxAgainst = 1000

func pageAgainstOf(s *phrase.Subject) *pageAgainst {
	c := s.Against
	if c == nil {
		return nil
	}
	p := &pageAgainst{Title: phrase.Shown(c.Title), Notes: append(phrase.Notes(c), phrase.Meaning(c)...)}
	if text := phrase.Unjudged(c); text != "" {
		p.Unjudged = strings.ToUpper(text[:1]) + text[1:] + "."
	}
	if !c.Begun.IsZero() {
		p.Begun = c.Begun.UTC().Format(time.RFC3339)
		p.BegunText = c.Begun.UTC().Format("2 January 2006, 15:04:05 UTC")
	}
	for _, v := range baseline.Verdicts() {
		if n := c.Count(v); n > 0 || v == baseline.Slower {
			p.Counts = append(p.Counts, pageCount{phrase.Number(n), string(v), classOf(v, n)})
		}
	}
	sorted, open := phrase.SortedJudgements(c), min(len(phrase.Differing(c)), staticNames)
	if more := len(sorted) - maxAgainst; more > 0 {
		sorted = sorted[:maxAgainst]
		p.Notes = append(p.Notes,
			phrase.Plural(more, "more name")+" would be too long for this page; the JSON report has them all.")
	}
	for i, j := range sorted {
		row := pageJudgementOf(j)
		if i < open {
			p.Rows = append(p.Rows, row)
		} else {
			p.More = append(p.More, row)
		}
	}
	p.MoreText = phrase.Plural(len(p.More), "name")
	if open > 0 {
		p.MoreText = phrase.Plural(len(p.More), "more name")
	}
	return p
}

// classOf is how a verdict looks, if there are so many of them.
func classOf(v baseline.Verdict, n int) string {
	switch {
	case n == 0:
		return ""
	case v.Bad():
		return "bad"
	case v.Good():
		return "good"
	default:
		return ""
	}
}

func pageJudgementOf(j *baseline.Judgement) pageJudgement {
	cells := phrase.AgainstCellsOf(j)
	row := pageJudgement{
		Name: phrase.Shown(j.Name), Verdict: string(j.Verdict), Class: classOf(j.Verdict, 1),
		Then: cells.Then, Now: cells.Now, Change: cells.Change, P: cells.P, Bad: j.Verdict.Bad(),
	}
	if j.Tested {
		row.P95 = phrase.Percent(j.Then.Times[aggregate.Elapsed].P95, j.Now.Times[aggregate.Elapsed].P95)
	}
	row.Note = pageNote(j)
	if j.Verdict.Good() && !phrase.IsBetter(j) {
		row.Class = "" // which is nothing good
	}
	if g := j.Grown; g != nil {
		row.Grown = &pageGrown{g.String(), g.Label(), phrase.Short(g.Then) + " → " + phrase.Short(g.Now)}
	}
	return row
}

// pageNote says of what a row's figures are, where it is not the median of the time, and whether the name fails more.
func pageNote(j *baseline.Judgement) string {
	var all []string
	switch j.Verdict {
	case baseline.Failing, baseline.Healed:
		return "share that failed: " + phrase.FailedNow(j)
	case baseline.Grew, baseline.Shrank:
		of := "bytes, median"
		if j.Sizes.Mean {
			of = "bytes, mean"
		}
		all = append(all, of)
	default:
		if j.Mean {
			all = append(all, "the mean, where the median is about the same")
		}
	}
	if text := phrase.FailsMore(j); text != "" {
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}
