package segments_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
	"go.uber.org/goleak"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch/segments"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// instances are the options of all instances of a test that runs one scenario.
func instances(t *testing.T, sequence string, config lib.ExecutorConfig) []*lib.Options {
	t.Helper()
	segments, err := lib.NewExecutionSegmentSequenceFromString(sequence)
	require.NoError(t, err)
	all := make([]*lib.Options, len(segments))
	for i := range all {
		all[i] = &lib.Options{
			ExecutionSegment: segments[i], ExecutionSegmentSequence: &segments,
			Scenarios: lib.ScenarioConfigs{"s": config},
		}
	}
	return all
}

func shared(vus, iterations int64) lib.ExecutorConfig {
	config := executor.NewSharedIterationsConfig("s")
	config.VUs, config.Iterations = null.IntFrom(vus), null.IntFrom(iterations)
	return config
}

func perVU(vus, iterations int64) lib.ExecutorConfig {
	config := executor.NewPerVUIterationsConfig("s")
	config.VUs, config.Iterations = null.IntFrom(vus), null.IntFrom(iterations)
	return config
}

// numbers are k6's two numbers of each iteration of an instance, as its executors count them.
func numbers(t *testing.T, options *lib.Options) [][2]uint64 {
	t.Helper()
	tuple, err := lib.NewExecutionTuple(options.ExecutionSegment, options.ExecutionSegmentSequence)
	require.NoError(t, err)
	var n int64
	switch config := options.Scenarios["s"].(type) {
	case executor.SharedIterationsConfig:
		if config.GetVUs(tuple) == 0 {
			return nil
		}
		n = config.GetIterations(tuple)
		tuple, err = tuple.GetNewExecutionTupleFromValue(config.VUs.Int64)
		require.NoError(t, err)
	case executor.PerVUIterationsConfig:
		n = config.GetVUs(tuple) * config.GetIterations()
	}
	index := lib.NewSegmentedIndex(tuple)
	all := make([][2]uint64, n)
	for i := range all {
		local, global := index.Next()
		all[i] = [2]uint64{uint64(local - 1), uint64(global - 1)}
	}
	return all
}

const (
	equalThirds = "0,1/3,2/3,1"
	unequal     = "0,1/2,3/4,1"
	lopsided    = "0,1/10,3/7,1"
	whole       = "0,1"
)

func TestChunksCoverTheListOnce(t *testing.T) {
	t.Parallel()
	const length = 1003
	for _, sequence := range []string{whole, equalThirds, unequal, lopsided} {
		for vus := int64(1); vus <= 9; vus++ {
			for _, size := range []int{1, 7, 10, 100} {
				n := int64(segments.Chunks(length, size))
				for name, config := range map[string]lib.ExecutorConfig{
					"shared": shared(vus, max(n, vus)), "per VU": perVU(vus, (n+vus-1)/vus),
				} {
					seen := make([]int, length)
					for _, options := range instances(t, sequence, config) {
						plan, err := segments.NewPlan(options, "s")
						require.NoError(t, err)
						for _, number := range numbers(t, options) {
							from, to, err := plan.Chunk(length, size, number[0], number[1])
							require.NoError(t, err)
							for i := from; i < to; i++ {
								seen[i]++
							}
						}
					}
					for i, times := range seen {
						require.Equal(t, 1, times, fmt.Sprint(name, sequence, vus, size, i))
					}
				}
			}
		}
	}
}

func TestStripesCoverTheListOnceOrFail(t *testing.T) {
	t.Parallel()
	const length = 1003
	for _, c := range []struct {
		sequence string
		config   lib.ExecutorConfig
		wrong    string
	}{
		{whole, shared(1, 1), ""},
		{equalThirds, shared(3, 3), ""},
		{equalThirds, perVU(3, 1), ""},
		{whole, shared(1, 2), `scenario "s" runs 2 iterations; use chunks() and chunk()`},
		{equalThirds, shared(1, 3), "3, 0, 0 iterations on its instances"},
		{equalThirds, shared(2, 3), "iterations on its instances"},
		{equalThirds, perVU(6, 1), "2, 2, 2 iterations on its instances"},
		{unequal, shared(4, 4), "2, 1, 1 iterations on its instances"},
		{unequal, perVU(3, 1), "iterations on its instances"},
	} {
		seen := make([]int, length)
		for _, options := range instances(t, c.sequence, c.config) {
			plan, err := segments.NewPlan(options, "s")
			require.NoError(t, err)
			stripe, err := plan.Stripe(length)
			if c.wrong != "" {
				require.ErrorContains(t, err, c.wrong)
				continue
			}
			require.NoError(t, err)
			for i := range stripe {
				seen[i]++
			}
		}
		if c.wrong == "" {
			for i, times := range seen {
				require.Equal(t, 1, times, fmt.Sprint(c.sequence, i))
			}
		}
	}
}

func TestWhatCannotBeDividedIsAnError(t *testing.T) {
	t.Parallel()
	third := instances(t, equalThirds, shared(3, 3))[0]
	third.ExecutionSegmentSequence = nil
	_, err := segments.NewPlan(third, "s")
	require.ErrorContains(t, err, "needs --execution-segment-sequence with --execution-segment 0:1/3")

	for _, config := range []lib.ExecutorConfig{
		executor.NewConstantVUsConfig("s"), executor.NewRampingVUsConfig("s"),
		executor.NewConstantArrivalRateConfig("s"), executor.NewRampingArrivalRateConfig("s"),
	} {
		_, err = segments.NewPlan(&lib.Options{Scenarios: lib.ScenarioConfigs{"s": config}}, "s")
		require.ErrorContains(t, err, "does not say how many iterations there will be; use shared-iterations")
	}

	plan, err := segments.NewPlan(&lib.Options{Scenarios: lib.ScenarioConfigs{"s": shared(1, 10)}}, "s")
	require.NoError(t, err)
	_, _, err = plan.Chunk(1003, 100, 0, 0)
	require.ErrorContains(t, err, `there are 11 chunks of 100, but scenario "s" runs 10 iterations; set its iterations to chunks(targets, 100)`)
	from, to, err := plan.Chunk(1003, 101, 10, 10)
	require.NoError(t, err)
	require.Equal(t, from, to, "more iterations than chunks")
}
