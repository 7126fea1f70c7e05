package args

import (
	"testing"
	"time"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// A list keeps starts only up to the last target that has one, and none of them costs a list without starts anything.
func TestStartsAreKeptBesideTheirTargets(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for source, want := range map[string][]time.Duration{
		`['http://a/', 'http://b/']`: nil,
		`[{ url: 'http://a/' }, { url: 'http://b/', start: 0 }, { url: 'u', start: '0ms' }]`:      nil,
		`[{ url: 'http://a/', start: '250ms' }, 'http://b/']`:                                     {250 * ms},
		`['http://a/', ['GET', 'http://b/'], { url: 'http://c/', start: 1.5 }, 'http://d/']`:      {0, 0, 1500 * time.Microsecond},
		`({ a: 'http://a/', b: { url: 'http://b/', start: '1m' } })`:                              {0, time.Minute},
		`new Map([['a', { url: 'http://a/', start: 1 }], ['b', { url: 'http://b/', start: 2 }]])`: {ms, 2 * ms},
		`(function* () { yield 'http://a/'; yield { url: 'http://b/', start: '1d' }; })()`:        {0, 24 * time.Hour},
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			read, err := newTestReader().readTargets(t, sobek.New(), source)
			require.NoError(t, err)
			kept, ok := read.(inMemory)
			require.True(t, ok)
			require.Equal(t, want, []time.Duration(kept.starts))
			for range 2 { // as often as a comparison has rounds
				iterator := read.Iterator()
				paced, isPaced := iterator.(fetch.Paced)
				require.Equal(t, want != nil, isPaced)
				for i := range read.Len() {
					_, ok := iterator.Next()
					require.True(t, ok)
					if i < len(want) {
						require.Equal(t, want[i], paced.Start())
					} else if isPaced {
						require.Zero(t, paced.Start())
					}
				}
			}
		})
	}
}

// A reader that reads another list forgets the starts of the one before.
func TestStartsAreThoseOfOneList(t *testing.T) {
	t.Parallel()
	reader, rt := newTestReader(), sobek.New()
	_, err := reader.readTargets(t, rt, `[{ url: 'http://a/', start: 5 }]`)
	require.NoError(t, err)
	read, err := reader.readTargets(t, rt, `['http://a/']`)
	require.NoError(t, err)
	_, isPaced := read.Iterator().(fetch.Paced)
	require.False(t, isPaced)
}

func TestPace(t *testing.T) {
	t.Parallel()
	rt := sobek.New()
	for source, want := range map[string]float64{`'recorded'`: 1, `1`: 1, `0.5`: 0.5, `1e300`: 1e300, `5e-324`: 5e-324} {
		value, err := rt.RunString(source)
		require.NoError(t, err)
		got, err := Field{Path: "pace", Value: value, Runtime: rt}.Pace()
		require.NoError(t, err)
		require.Equal(t, want, got, source) //nolint:testifylint // it is not computed
	}
	for _, source := range []string{`0`, `-1`, `-0`, `NaN`, `Infinity`, `'1'`, `'Recorded'`, `''`, `true`, `null`, `[1]`, `({})`, `1n`} {
		value, err := rt.RunString(source)
		require.NoError(t, err)
		_, err = Field{Path: "pace", Value: value, Runtime: rt}.Pace()
		require.ErrorContains(t, err, "pace must be 'recorded' or a finite number above 0; got ", source)
	}
}
