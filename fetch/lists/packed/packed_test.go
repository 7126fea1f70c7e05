package packed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A text is read as it was written, from its beginning and from any offset.
func TestATextIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	errEnd := errors.New("it ended early")
	for _, size := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, 3*blockSize + 7} {
		want := make([]byte, size)
		for i := range want {
			want[i] = byte(i / 7)
		}
		var text Text
		for rest := want; len(rest) > 0; {
			n, err := text.Write(rest[:min(len(rest), 100_001)])
			require.NoError(t, err)
			rest = rest[n:]
		}
		text.End(errEnd)
		require.EqualValues(t, size, text.Size())
		for _, offset := range []int{0, size / 2, size} {
			r, err := text.Open()
			require.NoError(t, err)
			_, err = r.Seek(int64(offset), io.SeekStart)
			require.NoError(t, err)
			got, err := io.ReadAll(r)
			require.ErrorIs(t, err, errEnd)
			require.True(t, bytes.Equal(want[offset:], got), "%d of %d", offset, size)
			require.NoError(t, r.Close())
		}
	}
	r, _ := (&Text{}).Open()
	_, err := r.Seek(0, io.SeekEnd)
	require.Error(t, err)
}

// Whatever there is, it comes out sorted, and nothing is lost: in one part, and in several.
func TestASorterSortsWhatItsBufferTakesAndWhatItDoesNot(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 14))
	for _, c := range []struct{ texts, size, keys int }{
		{0, 0, 1}, {1, 10, 1}, {500, 20, 7}, {500, 0, 1000}, {60, 300_000, 9}, {3, maxUnsorted, 2}, {20, 2 * maxUnsorted / 20, 1},
	} {
		if testing.Short() && c.size > 1000 {
			continue
		}
		var s Sorter
		order := make([]int, c.texts)
		keys := make([]uint64, c.texts)
		for i := range order {
			order[i], keys[i] = i, uint64(rnd.IntN(c.keys))<<40
			number, rest := fmt.Appendf(nil, "%d:", i), bytes.Repeat([]byte{byte(i)}, c.size)
			require.NoError(t, s.Add(keys[i], number, rest))
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case keys[a] < keys[b]:
				return -1
			case keys[a] > keys[b]:
				return 1
			}
			return 0
		})
		next := 0
		require.NoError(t, s.Each(func(text []byte) error {
			i := order[next]
			next++
			number, rest, _ := bytes.Cut(text, []byte(":"))
			require.Equal(t, fmt.Sprint(i), string(number))
			require.Len(t, rest, c.size)
			require.Equal(t, c.size, bytes.Count(rest, []byte{byte(i)}))
			return nil
		}))
		require.Equal(t, c.texts, next, "%+v", c)
		require.NoError(t, s.Each(func([]byte) error { return errors.New("it is not empty") }))
	}
}

func TestASorterEndsWithAnError(t *testing.T) {
	t.Parallel()
	errFull := errors.New("full")
	for _, size := range []int{10, maxUnsorted} {
		var s Sorter
		for i := range 3 {
			require.NoError(t, s.Add(uint64(i), make([]byte, size)))
		}
		seen := 0
		require.ErrorIs(t, s.Each(func([]byte) error {
			seen++
			return errFull
		}), errFull)
		require.Equal(t, 1, seen)
	}
}

// While parts are merged, one text is in memory at a time, however long all are.
//
//nolint:paralleltest // it looks at all of the memory
func TestASorterHoldsOneTextAtATime(t *testing.T) {
	const texts, size = 20, maxUnsorted
	before := inUse()
	var s Sorter
	long := make([]byte, size)
	for i := range texts {
		require.NoError(t, s.Add(uint64(texts-i), long))
	}
	require.NoError(t, s.Each(func([]byte) error {
		require.Less(t, inUse()-before, int64(6*size), "its buffer has up to twice of what it holds")
		return nil
	}))
}

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
