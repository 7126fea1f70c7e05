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
	count int // number of requests; 0: counted reads it
	cmd   func() *exec.Cmd
	// counted reads the number of requests from the program's output.
	counted func(out []byte) (int, error)
	// orphans says that it leaves processes behind, which count as well.
	orphans bool
	// empty is the same way without requests, so that the start-up can be subtracted. Nil: it is not subtracted.
	empty *way
}

// series has the measurements of several ways, by round.
type series struct {
	used   map[*way][]usage
	counts map[*way][]int
	rounds int
}

// run measures the ways one after another, once per round: A B C, C B A, A B C and so on. So neither other load on the
// machine nor the order favors one of them.
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
			if w.orphans {
				u.cpu += reapOrphans()
			}
			count := w.count
			if w.counted != nil {
				if count, err = w.counted(u.out); err != nil {
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

// each returns one value per round.
func (s *series) each(of func(round int) float64) []float64 {
	values := make([]float64, s.rounds)
	for i := range values {
		values[i] = of(i)
	}
	return values
}

// cpu is the CPU time per request in µs, by round, without the start-up.
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

// rss is the peak of memory in MB, by round.
func (s *series) rss(w *way) []float64 {
	return s.each(func(i int) float64 { return float64(s.used[w][i].rss) / 1e6 })
}

// ratios divides the values pair by pair.
func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
