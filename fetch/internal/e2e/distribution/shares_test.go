package distribution_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// The segments of three instances, and how many VUs they share. With one or two VUs, some instances have none.
//
//nolint:gochecknoglobals // constant lists
var (
	sequences = map[string]string{"equal": "0,1/3,2/3,1", "unequal": "0,1/2,3/4,1"}
	vuCounts  = []int{1, 2, 6, 7}
)

// chunkSize is that of the scripts.
const chunkSize = 10

func TestK6ChunksReachEachURLOnce(t *testing.T) {
	t.Parallel()
	for kind, sequence := range sequences {
		for _, vus := range vuCounts {
			t.Run(fmt.Sprintf("%s segments, %d VUs", kind, vus), func(t *testing.T) {
				t.Parallel()
				srv := newServer(t)
				instances := startAll(t, "testdata/chunks.js", segments(sequence, true),
					"-e", "BASE="+srv.URL, "-e", "URLS="+strconv.Itoa(*count), "-e", "VUS="+strconv.Itoa(vus))
				for _, instance := range instances {
					out := instance.Wait()
					require.Equal(t, 0, out.ExitCode, out.Stderr)
					require.NotContains(t, out.Stderr, "Error")
				}
				srv.requireOnce(t, *count)
			})
		}
	}
}

func TestK6ChunksReachEachURLOnceWithIterationsPerVU(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	instances := startAll(t, "testdata/chunks.js", segments(sequences["unequal"], true),
		"-e", "BASE="+srv.URL, "-e", "URLS="+strconv.Itoa(*count), "-e", "VUS=7", "-e", "EXECUTOR=per-vu-iterations")
	for _, instance := range instances {
		require.Equal(t, 0, instance.Wait().ExitCode)
	}
	srv.requireOnce(t, *count)
}

func TestK6OneInstanceTakesAll(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	out := startAll(t, "testdata/chunks.js", [][]string{nil},
		"-e", "BASE="+srv.URL, "-e", "URLS="+strconv.Itoa(*count), "-e", "VUS=2")[0].Wait()
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	srv.requireOnce(t, *count)
}

func TestK6PartitionReachesEachURLOnce(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	instances := startAll(t, "testdata/partition.js", segments(sequences["equal"], true),
		"-e", "BASE="+srv.URL, "-e", "URLS="+strconv.Itoa(*count), "-e", "VUS=3")
	for _, instance := range instances {
		out := instance.Wait()
		require.Equal(t, 0, out.ExitCode, out.Stderr)
		require.NotContains(t, out.Stderr, "Error")
	}
	srv.requireOnce(t, *count)
}

// Nothing is sent unless it is certain that each part is taken once.
func TestK6SharesThatCannotBeRightAreErrors(t *testing.T) {
	t.Parallel()
	const noSequence = "TypeError: %s() needs --execution-segment-sequence with --execution-segment "
	for name, c := range map[string]struct {
		script string
		flags  [][]string
		env    []string
		says   string
	}{
		"chunk without the sequence": {
			"chunks.js", segments(sequences["equal"], false), []string{"-e", "VUS=6"}, fmt.Sprintf(noSequence, "chunk"),
		},
		"partition without the sequence": {
			"partition.js", segments(sequences["equal"], false), []string{"-e", "VUS=6"}, fmt.Sprintf(noSequence, "partition"),
		},
		"partition with instances that have no VU": {
			"partition.js", segments(sequences["equal"], true)[:1], []string{"-e", "VUS=1"}, "1, 0, 0 iterations on its instances",
		},
		"partition with two VUs on each instance": {
			"partition.js", segments(sequences["equal"], true), []string{"-e", "VUS=6"}, "2, 2, 2 iterations on its instances",
		},
		"chunk with iterations by rate": {
			"chunks.js",
			[][]string{nil},
			[]string{"-e", "VUS=1", "-e", "EXECUTOR=constant-arrival-rate"},
			`its executor "constant-arrival-rate" does not say how many iterations there will be; use shared-iterations`,
		},
		"chunk with too few iterations": {
			"chunks.js",
			[][]string{{"--iterations", "3"}},
			[]string{"-e", "VUS=1"},
			"would lose a part of the list: there are",
		},
		"chunk in setup": {
			"chunks.js",
			[][]string{nil},
			[]string{"-e", "VUS=1", "-e", "IN=setup"},
			"chunk() is for the iterations of a scenario, not for setup() and teardown()",
		},
		"chunk in the init context": {
			"chunks.js",
			[][]string{nil},
			[]string{"-e", "VUS=1", "-e", "IN=init"},
			"Using chunk() in the init context is not supported",
		},
		"chunks of nothing": {
			"chunks.js",
			[][]string{nil},
			[]string{"-e", "VUS=1", "-e", "SIZE=0"},
			"TypeError: chunks size must be an integer of at least 1; got 0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			args := append([]string{"-e", "BASE=" + srv.URL, "-e", "URLS=50"}, c.env...)
			for _, instance := range startAll(t, "testdata/"+c.script, c.flags, args...) {
				out := instance.Wait()
				require.Contains(t, out.Stderr, c.says)
			}
			srv.requireOnce(t, 0)
		})
	}
}

// What a killed instance had not done is missing, and nothing else. The samples show which chunks it had not finished,
// and these can be run again.
func TestK6WhatAKilledInstanceLeavesIsKnownAndRunAgain(t *testing.T) {
	t.Parallel()
	const (
		urls   = 900
		killed = "1"
	)
	srv := newServer(t)
	env := []string{"-e", "BASE=" + srv.URL, "-e", "URLS=" + strconv.Itoa(urls), "-e", "VUS=3", "-e", "RATE=100"}
	flags := segments(sequences["equal"], true)
	instances := make([]*k6test.Process, len(flags))
	killable := make(chan struct{})
	srv.watch(func(total int) {
		if total == urls/3 {
			close(killable)
		}
	})
	for i := range flags {
		instances[i] = k6test.Start(t, "testdata/chunks.js", append(flags[i], env...)...)
	}
	<-killable
	require.NoError(t, instances[1].Cmd.Process.Kill())

	done := map[string]int{}
	var planned, ended, notRun float64
	for i, instance := range instances {
		out := instance.Wait()
		if i != 1 {
			require.Equal(t, 0, out.ExitCode, out.Stderr)
		}
		planned += out.Sum("fetch_planned")
		notRun += out.Sum("fetch_not_run")
		for _, sample := range out.Of("fetch_failed") {
			ended++
			if sample.Value == 0 {
				done[sample.Meta["chunk"]]++
			}
		}
	}
	require.Zero(t, notRun)
	require.Less(t, planned, float64(urls), "the killed instance planned no more")
	require.LessOrEqual(t, ended, planned)

	// The chunks of three instances alternate.
	var missing, unfinished []int
	for i := range urls {
		if len(srv.hits[i]) == 0 {
			missing = append(missing, i)
			require.Equal(t, killed, strconv.Itoa(i/chunkSize%3), "URL %d was not the killed instance's", i)
		} else {
			require.Len(t, srv.hits[i], 1)
		}
	}
	require.NotEmpty(t, missing)
	for chunk := range urls / chunkSize {
		if done[strconv.Itoa(chunk)] < chunkSize {
			unfinished = append(unfinished, chunk)
		}
	}
	require.NotEmpty(t, unfinished)
	require.Less(t, len(unfinished), urls/chunkSize/3)

	srv.watch(nil)
	again := make([]string, len(unfinished))
	for i, chunk := range unfinished {
		again[i] = strconv.Itoa(chunk)
	}
	for _, instance := range startAll(t, "testdata/chunks.js", flags, append(env, "-e", "ONLY="+strings.Join(again, ","))...) {
		out := instance.Wait()
		require.Equal(t, 0, out.ExitCode, out.Stderr)
	}
	for i := range urls {
		times := len(srv.hits[i])
		if done[strconv.Itoa(i/chunkSize)] == chunkSize {
			require.Equal(t, 1, times)
		} else {
			require.GreaterOrEqual(t, times, 1)
			require.LessOrEqual(t, times, 2)
		}
	}
}
