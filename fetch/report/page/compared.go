package page

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// pageComparison is a race: a bar for each way, as long as it took.
type (
	pageComparison struct {
		Title string
		// Strong is the first part of the sentence that says which way was the fastest, and Rest the rest of it.
		Strong, Rest, Note string
		Ways               []pageWay
	}
	pageWay struct {
		Name, Elapsed, Share string
		Fast                 bool
	}
)

func pageComparisonOf(s *phrase.Subject) *pageComparison {
	c := s.Comparison
	if c == nil {
		return nil
	}
	finishes := phrase.FinishesOf(c)
	p := &pageComparison{Ways: racersOf(finishes)}
	if c.Count > 1 {
		p.Note = fmt.Sprintf("the last of %s comparisons", phrase.Number(c.Count))
	}
	p.Strong, p.Rest = said(phrase.Race(finishes))
	if !phrase.BothWays(finishes) {
		names := make([]string, len(finishes))
		for i := range p.Ways {
			names[i] = p.Ways[i].Name
		}
		p.Title = "Compared: " + strings.Join(names, ", ")
		return p
	}
	p.Title = "One at a time, and together"
	p.Ways[0].Name = "one at a time"
	p.Ways[1].Name = fmt.Sprintf("up to %d at once", min(finishes[1].Concurrency, finishes[1].Count))
	if _, ok := phrase.Winner(finishes); !ok {
		return p
	}
	p.Strong = phrase.Times(c.Speedup()) + " times as fast"
	p.Rest = " together: " + p.Ways[1].Elapsed + " instead of " + p.Ways[0].Elapsed
	return p
}

// said divides a sentence at its colon.
func said(sentence string) (strong, rest string) {
	strong, rest, found := strings.Cut(sentence, ": ")
	if found {
		rest = ": " + rest
	}
	return strong, rest
}

// racersOf are the bars of the ways.
func racersOf(finishes []phrase.Finish) []pageWay {
	longest := finishes[0].Elapsed
	for _, w := range finishes {
		longest = max(longest, w.Elapsed)
	}
	winner, ok := phrase.Winner(finishes)
	ways := make([]pageWay, len(finishes))
	for i, w := range finishes {
		const percent, digits = 100, 2
		share := float64(w.Elapsed) / float64(max(longest, 1)) * percent
		ways[i] = pageWay{
			phrase.Clean(w.Name), phrase.Short(w.Elapsed), strconv.FormatFloat(share, 'f', digits, 64),
			ok && i == winner,
		}
	}
	return ways
}
