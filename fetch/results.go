package fetch

import (
	"cmp"
	"iter"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
)

// Results are the results of a run, in the order of its targets. They are kept small: 56 bytes each, besides the target
// and what the server sent. At makes a [Result] of one on demand. A nil *Results is empty.
type Results struct {
	targets List
	taken   TargetList // targets, if the list was not known in advance
	spec    *Spec      // for targets that have none of their own
	started time.Time  // when the run began
	// starts are the earliest starts of the first targets, nil if they have none.
	starts []time.Duration
	// growing protects what follows if nobody knows how many results there will be; else it is nil.
	growing *sync.Mutex
	// Two lists, so that the garbage collector need not look at the numbers.
	records []record
	details []*detail // nil: nothing was received
}

// record holds the numbers of one result.
type record struct {
	started   time.Duration // from the start of the run
	elapsed   time.Duration
	timings   [4]float32 // in ns: 24 bits are more than the precision of any clock
	bytes     uint32     // math.MaxUint32: see the detail
	status    uint16
	errorCode uint16
	attempts  uint16
	requests  uint16
	state     State
	flags     flags
	resent    uint8
}

// flags are what a result says yes or no to.
type flags uint8

const (
	flagReused flags = 1 << iota
	flagFromCache
	flagEarlyData
)

func flagsOf(r *Result) (f flags) {
	if r.Reused {
		f |= flagReused
	}
	if r.FromCache {
		f |= flagFromCache
	}
	if r.EarlyData {
		f |= flagEarlyData
	}
	return f
}

// detail is what a result keeps besides numbers. Most answers are plain and their bodies dropped: those with the same
// head on the same connection share a detail.
type detail struct {
	conn     *transport.ConnInfo
	head     []byte // as received, nil if it was parsed
	fallback string

	// The fields below are zero in a shared detail.
	err               string
	url               string
	sentHeader        http.Header
	statusText, proto string
	header            http.Header
	body              []byte
	redirects         []transport.Redirect
	unmet             []expect.Unmet
	trace             *tracing.Sent
	making            [3]float32 // the times for making the connection
	bytes             int64      // if the body is too long for the record
}

func newResults(targets Iterator, spec *Spec) *Results {
	if _, ok := targets.(Frontier); ok {
		const usual = 64
		r := &Results{
			spec: spec, growing: &sync.Mutex{},
			records: make([]record, 0, usual), details: make([]*detail, 0, usual), taken: make(TargetList, 0, usual),
		}
		r.targets = &r.taken
		if _, paced := targets.(Paced); paced {
			r.starts = make([]time.Duration, 0, usual)
		}
		return r
	}
	n := targets.Len()
	r := &Results{spec: spec, records: make([]record, n), details: make([]*detail, n)}
	list, inMemory := listOf(targets)
	if !inMemory {
		r.taken = make(TargetList, n)
		list = r.taken
	}
	r.targets = list
	switch paced := targets.(type) {
	case *pacedIterator:
		r.starts = paced.starts
	case Paced:
		r.starts = make([]time.Duration, n)
	}
	return r
}

// Len is how many results there are.
func (r *Results) Len() int {
	if r == nil {
		return 0
	}
	return len(r.records)
}

// Paced reports whether targets had earliest starts.
func (r *Results) Paced() bool { return r != nil && r.starts != nil }

// All yields all results with their indices.
func (r *Results) All() iter.Seq2[int, *Result] {
	return func(yield func(int, *Result) bool) {
		for i := range r.Len() {
			if !yield(i, r.At(i)) {
				return
			}
		}
	}
}

// put keeps a result. Different results may be put at the same time.
func (r *Results) put(from *Result) {
	i := from.Index
	if r.growing != nil {
		r.growing.Lock()
		defer r.growing.Unlock()
		r.grow(i + 1)
	}
	if r.taken != nil {
		r.taken[i] = from.Target
		if r.starts != nil {
			r.starts[i] = from.Due
		}
	}
	t := &from.Timings
	r.records[i] = record{
		started: from.Started(), elapsed: from.Elapsed,
		timings: [...]float32{float32(t.Blocked), float32(t.Sending), float32(t.Waiting), float32(t.Receiving)},
		bytes:   uint32(min(max(from.Bytes, 0), math.MaxUint32)), // #nosec G115 -- bounded
		status:  small(from.Status), errorCode: small(from.ErrorCode),
		attempts: small(from.Attempts), requests: small(from.Requests),
		state: from.State, flags: flagsOf(from),
		resent: uint8(min(max(from.Resent, 0), math.MaxUint8)), // #nosec G115 -- bounded
	}
	if from.Response != nil {
		r.details[i] = detailOf(from)
	}
}

// grow makes place for n results. Those that were not put by the end of the run were not run.
func (r *Results) grow(n int) {
	if more := n - len(r.records); more > 0 {
		r.records = append(r.records, make([]record, more)...)
		r.details = append(r.details, make([]*detail, more)...)
		r.taken = append(r.taken, make(TargetList, more)...)
		if r.starts != nil {
			r.starts = append(r.starts, make([]time.Duration, more)...)
		}
	}
}

// detailOf returns the detail of a result: the shared one, if the result has nothing of its own.
func detailOf(r *Result) *detail {
	resp, t := r.Response, &r.Timings
	o := detail{
		conn: resp.Conn, fallback: r.Fallback, err: r.Error,
		sentHeader: resp.SentHeader, header: resp.header, body: resp.Body,
		redirects: resp.Redirects, unmet: r.Unmet, trace: resp.Trace,
		making: [...]float32{float32(t.LookingUp), float32(t.Connecting), float32(t.TLSHandshaking)},
	}
	if resp.URL != r.Target.URL {
		o.url = resp.URL
	}
	if sameHeader(resp.SentHeader, r.Target.Spec.Header) {
		o.sentHeader = nil
	}
	if r.Bytes >= math.MaxUint32 {
		o.bytes = r.Bytes
	}
	switch {
	case resp.plain == nil:
		o.statusText, o.proto = resp.StatusText, resp.Proto
	case o.isShared():
		return resp.plain
	default:
		o.head = resp.plain.head
	}
	kept := o // a copy, so that only results that are kept cost an allocation
	return &kept
}

// small is a number as a record keeps it. Statuses and codes have up to four digits; a larger count is capped.
func small(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) } // #nosec G115 -- bounded

// isShared reports whether the detail has nothing but what others have as well.
func (o *detail) isShared() bool {
	return o.err == "" && o.url == "" && o.sentHeader == nil && o.header == nil && o.body == nil && o.redirects == nil &&
		o.unmet == nil && o.trace == nil && o.making == [3]float32{} && o.bytes == 0
}

// sameHeader reports whether two headers are the same map: the spec's, sent unchanged.
func sameHeader(a, b http.Header) bool {
	if len(a) != len(b) {
		return false
	}
	for name, values := range a {
		other := b[name]
		if len(values) != len(other) || len(values) > 0 && &values[0] != &other[0] {
			return false
		}
	}
	return true
}

// At returns the result of the i-th target.
func (r *Results) At(i int) *Result {
	result := &Result{}
	r.Read(i, result)
	return result
}

// Read makes the result of the i-th target, as At does, in the memory of an earlier one, which becomes invalid.
func (r *Results) Read(i int, result *Result) {
	rec, o, response := &r.records[i], r.details[i], result.Response
	due := r.due(i, rec.started)
	*result = Result{
		Index: i, Target: r.targets.At(i), State: rec.state, Status: int(rec.status), ErrorCode: int(rec.errorCode),
		Attempts: int(rec.attempts), Resent: int(rec.resent), Requests: int(rec.requests),
		Bytes: int64(rec.bytes), RunStarted: r.started,
		Reused: rec.flags&flagReused != 0, FromCache: rec.flags&flagFromCache != 0, EarlyData: rec.flags&flagEarlyData != 0,
		Due: due, Queued: rec.started - due, Elapsed: rec.elapsed, Timings: transport.Timings{
			Blocked: time.Duration(rec.timings[0]), Sending: time.Duration(rec.timings[1]),
			Waiting: time.Duration(rec.timings[2]), Receiving: time.Duration(rec.timings[3]),
		},
	}
	if result.Target.Spec == nil {
		result.Target.Spec = r.spec
	}
	if o == nil {
		return
	}
	if response == nil {
		response = &Response{}
	}
	o.fill(result, response)
}

// due is when the i-th target was due, which started then or later.
func (r *Results) due(i int, started time.Duration) time.Duration {
	if i >= len(r.starts) {
		return 0
	}
	return min(max(0, r.starts[i]), started)
}

// Weight is about how many bytes the results keep besides themselves and the URLs: heads and bodies, of requests as
// well. What several results share counts for each.
func (r *Results) Weight() int64 {
	var sum int64
	for i := range r.Len() {
		if spec := r.targets.At(i).Spec; spec != nil {
			sum += int64(len(spec.Body))
		}
		if o := r.details[i]; o != nil {
			sum += int64(o.weight())
		}
	}
	return sum
}

func (o *detail) weight() int {
	const hop = 1 << 10 // about; it has a URL and times
	n := len(o.head) + len(o.body) + len(o.err) + len(o.url) + hop*len(o.redirects)
	if o.trace != nil {
		n += len(o.trace.Value) // its id is a part of it
	}
	for _, header := range []http.Header{o.sentHeader, o.header} {
		for name, values := range header {
			n += len(name)
			for _, value := range values {
				n += len(value)
			}
		}
	}
	return n
}

// fill copies the detail into a result and its response.
func (o *detail) fill(r *Result, response *Response) {
	r.Error, r.Unmet, r.Fallback = o.err, o.unmet, o.fallback
	r.Timings.LookingUp = time.Duration(o.making[0])
	r.Timings.Connecting = time.Duration(o.making[1])
	r.Timings.TLSHandshaking = time.Duration(o.making[2])
	if o.bytes > 0 {
		r.Bytes = o.bytes
	}
	r.Response = response
	*response = Response{
		Conn: o.conn, URL: cmp.Or(o.url, r.Target.URL), SentHeader: o.sentHeader, StatusText: o.statusText, Proto: o.proto,
		Body: o.body, Redirects: o.redirects, Trace: o.trace, header: o.header,
	}
	if o.sentHeader == nil {
		response.SentHeader = r.Target.Spec.Header
	}
	if o.head != nil {
		response.plain = o
		response.StatusText, response.Proto = statusLine(o.head)
	}
}

// protos are what heads that are kept as received begin with. All are as long as the first.
//
//nolint:gochecknoglobals // a constant list
var protos = [...]string{"HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}

// statusLine reads the status line of a plain head.
func statusLine(head []byte) (text, proto string) {
	line := head
	for i, c := range head {
		if c == '\r' {
			line = head[:i]
			break
		}
	}
	proto = protos[0]
	for _, other := range protos[1:] {
		if string(line[:len(proto)]) == other {
			proto = other
		}
	}
	return string(line[len(proto)+1:]), proto
}

// sharedDetails are the details that the results of one worker share. A session returns the same head for as long as
// the server sends the same.
type sharedDetails struct{ last *detail }

// of returns the detail of a plain answer.
func (s *sharedDetails) of(head []byte, conn *transport.ConnInfo, fallback string) *detail {
	if s.last == nil || s.last.conn != conn || &s.last.head[0] != &head[0] || s.last.fallback != fallback {
		s.last = &detail{conn: conn, head: head, fallback: fallback}
	}
	return s.last
}
