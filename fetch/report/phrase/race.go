package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Finish is how one way of a comparison came in: how long it took, and how many of its URLs were ok.
type Finish struct {
	Name        string
	Concurrency int
	Elapsed     time.Duration
	Ok, Count   int
}

// FinishesOf returns how the ways of a comparison came in.
func FinishesOf(c *aggregate.Comparison) []Finish {
	ways := make([]Finish, len(c.Ways))
	for i, w := range c.Ways {
		ways[i] = Finish{w.Mode, w.Concurrency, w.Elapsed, w.Ok, w.Count}
	}
	return ways
}

// Finishes returns how the runs of a comparison came in.
func Finishes(runs []aggregate.FullRun) []Finish {
	ways := make([]Finish, len(runs))
	for i, run := range runs {
		ways[i] = Finish{run.Mode, run.Concurrency, run.Elapsed, run.Ok, run.Count}
	}
	return ways
}

// BothWays reports whether the comparison is between one target at a time and several.
func BothWays(ways []Finish) bool {
	return len(ways) == 2 && OneByOne(ways[0].Name, ways[0].Concurrency) && ways[1].Name == "concurrent"
}

// OneByOne reports whether a run was one target at a time. A script may call any way sequential.
func OneByOne(mode string, concurrency int) bool { return mode == "sequential" && concurrency == 1 }

// fastest returns the place of the way that took least time. Of ways that took as long it is the first.
func fastest(ways []Finish) int {
	first := 0
	for i := range ways {
		if ways[i].Elapsed < ways[first].Elapsed {
			first = i
		}
	}
	return first
}

// Winner returns the place of the fastest way. There is none if not all have fetched the same, or if they have fetched
// nothing: what fails is quick.
func Winner(ways []Finish) (place int, ok bool) {
	place = fastest(ways)
	w := ways[place]
	return place, Uneven(ways) == "" && w.Ok > 0 && w.Elapsed > 0
}

// Uneven says that the ways cannot be compared, because some fetched what others did not. It is empty if they can.
func Uneven(ways []Finish) string {
	if !slices.ContainsFunc(ways, func(w Finish) bool { return w.Ok != ways[0].Ok || w.Count != ways[0].Count }) {
		return ""
	}
	parts := make([]string, len(ways))
	for i, w := range ways {
		parts[i] = fmt.Sprintf("%s %s of %s", Clean(w.Name), Number(w.Ok), Number(w.Count))
	}
	return "none is called faster, because they did not fetch the same URLs: " + strings.Join(parts, ", ")
}

// alike is the factor below which two ways are said to have taken as long: 1.0 when it is rounded.
const alike = 1.05

// Race says which way was the fastest, and how much faster than each other. It is empty if nothing was fetched.
func Race(ways []Finish) string {
	if text := Uneven(ways); text != "" {
		return text
	}
	place, ok := Winner(ways)
	if !ok {
		return ""
	}
	winner := ways[place]
	var names, took, factors []string
	even := true
	for i, w := range ways {
		names, took = append(names, Clean(w.Name)), append(took, Short(w.Elapsed))
		if i == place {
			continue
		}
		factor := aggregate.Speedup(w.Elapsed, winner.Elapsed)
		even = even && factor < alike
		times := Times(factor) + " times"
		if factor < alike {
			times = "about"
		}
		factors = append(factors, times+" as fast as "+Clean(w.Name))
	}
	if even {
		return fmt.Sprintf("%s took about as long: %s", listed(names), listed(took))
	}
	return fmt.Sprintf("%s was %s: %s instead of %s", Clean(winner.Name), listed(factors), Short(winner.Elapsed),
		listed(slices.Delete(took, place, place+1)))
}

// listed joins words as a sentence does.
func listed(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
