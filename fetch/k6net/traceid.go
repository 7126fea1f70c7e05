package k6net

import (
	"encoding/binary"
	"math/rand/v2"
	"time"
)

// traceID is the id of a trace. Those that k6 makes begin with a prefix, by which Grafana Cloud k6 knows them, and the
// time: three varints, as encoding/binary writes them. The rest is random.
type traceID [16]byte

const (
	tracePrefix = 0o756 // 0o75 is K in ASCII
	// traceCloud is the code of traces that Grafana Cloud k6 looks at. There is one for others, 33, but k6 has never used
	// it: neither its module k6/experimental/tracing nor the library http-instrumentation-tempo.
	traceCloud = 12
)

// newTraceID makes an id as k6's module did.
func newTraceID(now time.Time) traceID {
	var id traceID
	b := binary.AppendVarint(id[:0], tracePrefix)
	b = binary.AppendVarint(b, traceCloud)
	b = binary.AppendVarint(b, now.UnixNano()) // 9 bytes until 2116, and 10 at most
	var random [8]byte
	binary.BigEndian.PutUint64(random[:], rand.Uint64()) // #nosec G404 -- ids, no secrets
	copy(id[len(b):], random[:])
	return id
}

// spanID is the id of one exchange.
type spanID [8]byte

// newSpanID makes one. Zeros would be invalid.
func newSpanID() spanID {
	var id spanID
	binary.BigEndian.PutUint64(id[:], max(1, rand.Uint64())) // #nosec G404 -- ids, no secrets
	return id
}
