package fetch

import (
	"flag"
	"math/rand/v2"
	"testing"
)

// seed makes the random choices of these tests repeatable.
//
//nolint:gochecknoglobals // a flag
var seed = flag.Uint64("seed", 0, "seed of what is random; 0: another one each time")

// Seed logs how to get the same random choices again.
func Seed(tb testing.TB) uint64 {
	tb.Helper()
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	tb.Logf("-seed=%d", s)
	return s
}

// random returns a generator of random numbers.
func random(tb testing.TB) *rand.Rand {
	tb.Helper()
	s := Seed(tb)
	return rand.New(rand.NewPCG(s, s))
}
