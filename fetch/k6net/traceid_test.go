package k6net

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// reference writes an id as k6's module k6/experimental/tracing did, with the randomness of another id.
func reference(prefix, code int64, at time.Time, random io.Reader) string {
	id := make([]byte, 16)
	n := binary.PutVarint(id, prefix)
	n += binary.PutVarint(id[n:], code)
	n += binary.PutVarint(id[n:], at.UnixNano())
	_, _ = io.ReadFull(random, id[n:])
	return hex.EncodeToString(id)
}

// tail reads the end of an id, as a source of randomness that is as long as it needs to be.
type tail struct{ id traceID }

func (t tail) Read(p []byte) (int, error) { return copy(p, t.id[len(t.id)-len(p):]), nil }

func TestTraceIDsAreThoseOfK6(t *testing.T) {
	t.Parallel()
	check := func(at time.Time) {
		id := newTraceID(at)
		require.Equal(t, reference(0o756, 12, at, tail{id}), hex.EncodeToString(id[:]), at)
	}
	for _, at := range []time.Time{
		{},
		time.Now(), time.Unix(0, 0), time.Unix(0, -1), time.Unix(0, 1), time.Unix(1700000000, 123456789),
		time.Unix(1<<62/1_000_000_000, 0), time.Unix(0, 1<<63-1), time.Unix(0, -1<<63),
	} {
		check(at)
	}
	for range 10_000 {
		check(time.Unix(0, rand.Int64()))
	}
}

// Grafana Cloud k6 reads the prefix, the code and the time out of an id.
func TestTraceIDsCanBeRead(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_800_000_000, 987_654_321)
	id := newTraceID(at)
	rest := id[:]
	for _, want := range []int64{0o756, 12, at.UnixNano()} {
		got, n := binary.Varint(rest)
		require.Equal(t, want, got)
		rest = rest[n:]
	}
	require.Len(t, rest, 4, "random bytes")
	require.Equal(t, "dc0718", hex.EncodeToString(id[:3]), "as http-instrumentation-tempo writes it")
}

func TestTraceIDsDiffer(t *testing.T) {
	t.Parallel()
	const n = 1000
	traces, spans, now := make(map[traceID]bool), make(map[spanID]bool), time.Now()
	for range n {
		traces[newTraceID(now)], spans[newSpanID()] = true, true
	}
	require.Len(t, traces, n)
	require.Len(t, spans, n)
	require.False(t, spans[spanID{}], fmt.Sprint(spanID{}))
}
