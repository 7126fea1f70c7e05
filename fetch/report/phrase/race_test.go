package phrase_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

func TestRace(t *testing.T) {
	t.Parallel()
	way := func(name string, elapsed time.Duration, ok int) phrase.Finish {
		return phrase.Finish{Name: name, Elapsed: elapsed, Ok: ok, Count: 5}
	}
	const ms = time.Millisecond
	for what, test := range map[string]struct {
		ways []phrase.Finish
		says string
	}{
		"the second of two is faster": {
			[]phrase.Finish{way("h1", 216*ms, 5), way("h2", 120*ms, 5)},
			"h2 was 1.8 times as fast as h1: 120 ms instead of 216 ms",
		},
		"the first of two is faster": {
			[]phrase.Finish{way("h1", 100*ms, 5), way("h2", 150*ms, 5)},
			"h1 was 1.5 times as fast as h2: 100 ms instead of 150 ms",
		},
		"the fastest of three is compared with each other one, in their order": {
			[]phrase.Finish{way("h1", 300*ms, 5), way("h2", 100*ms, 5), way("h3", 150*ms, 5)},
			"h2 was 3.0 times as fast as h1 and 1.5 times as fast as h3: 100 ms instead of 300 ms and 150 ms",
		},
		"a way that took about as long as the fastest is not called slower": {
			[]phrase.Finish{way("h1", 300*ms, 5), way("h2", 100*ms, 5), way("h3", 104*ms, 5)},
			"h2 was 3.0 times as fast as h1 and about as fast as h3: 100 ms instead of 300 ms and 104 ms",
		},
		"what rounds to 1.0 is not called faster": {
			[]phrase.Finish{way("h1", 104*ms, 5), way("h2", 100*ms, 5), way("h3", 100*ms, 5)},
			"h1, h2 and h3 took about as long: 104 ms, 100 ms and 100 ms",
		},
		"failing fast is not winning": {
			[]phrase.Finish{way("h1", 200*ms, 5), way("h2", ms, 0)},
			"none is called faster, because they did not fetch the same URLs: h1 5 of 5, h2 0 of 5",
		},
		"nothing is said of ways that all failed": {[]phrase.Finish{way("h1", 200*ms, 0), way("h2", ms, 0)}, ""},
		"nothing is said where nothing ran":       {[]phrase.Finish{way("h1", 0, 0), way("h2", 0, 0)}, ""},
		"names are one line": {
			[]phrase.Finish{way("a\nb", 300*ms, 5), way("c", 100*ms, 5)},
			"c was 3.0 times as fast as a�b: 100 ms instead of 300 ms",
		},
	} {
		require.Equal(t, test.says, phrase.Race(test.ways), what)
	}
}
