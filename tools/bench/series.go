package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// way is a program that makes requests.
type way struct {
	name  string
	count int // how many requests it makes; 0: it tells
	cmd   func() *exec.Cmd
	// told reads the count out of what the program prints.
	told func(out []byte) (int, error)
	// empty is the way that starts up and makes no requests. Nil: the start-up is not taken off.
	empty *way
}

// series is what was measured of several ways, round by round.
type series struct {
	used   map[*way][]usage
	counts map[*way][]int
	rounds int
}

// run measures the ways one after another, as often as there are rounds: A B C, C B A, A B C and so on, so that neither
// what the machine does meanwhile nor who goes first favors one of them.
func (b *bench) run(ctx context.Context, title string, rounds int, ways ...*way) (*series, error) {
	s := &series{used: make(map[*way][]usage), counts: make(map[*way][]int), rounds: rounds}
	for _, w := range slices.Clone(ways) {
		if w.empty != nil && !slices.Contains(ways, w.empty) {
			ways = append(ways, w.empty)
		}
	}
	begin := time.Now()
	fmt.Fprintf(os.Stderr, "%-36s ", title)
	for range rounds {
		for _, w := range ways {
			u, err := measure(ctx, w.cmd())
			if err != nil {
				fmt.Fprintln(os.Stderr)
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
			count := w.count
			if w.told != nil {
				if count, err = w.told(u.out); err != nil {
					return nil, fmt.Errorf("%s: %w", w.name, err)
				}
			}
			u.out = nil
			s.used[w] = append(s.used[w], u)
			s.counts[w] = append(s.counts[w], count)
		}
		fmt.Fprint(os.Stderr, ".")
		slices.Reverse(ways)
	}
	fmt.Fprintf(os.Stderr, " %.0f s\n", time.Since(begin).Seconds())
	return s, nil
}

// each takes a value of each round.
func (s *series) each(of func(round int) float64) []float64 {
	values := make([]float64, s.rounds)
	for i := range values {
		values[i] = of(i)
	}
	return values
}

// cpu is the CPU time per request in µs, by round, without what starting up takes.
func (s *series) cpu(w *way) []float64 {
	idle := 0.0
	if w.empty != nil {
		idle = median(s.each(func(i int) float64 { return s.used[w.empty][i].cpu.Seconds() }))
	}
	return s.each(func(i int) float64 {
		return (s.used[w][i].cpu.Seconds() - idle) * 1e6 / float64(s.counts[w][i])
	})
}

// wall is the wall-clock time per request in µs, by round.
func (s *series) wall(w *way) []float64 {
	return s.each(func(i int) float64 { return s.used[w][i].wall.Seconds() * 1e6 / float64(s.counts[w][i]) })
}

// rss is the peak of the memory in MB, by round.
func (s *series) rss(w *way) []float64 {
	return s.each(func(i int) float64 { return float64(s.used[w][i].rss) / 1e6 })
}

// ratios divides pair by pair.
func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
