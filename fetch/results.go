package fetch

import (
	"iter"
	"math"
	"net/http"
	"time"
)

// Results are the results of a run, in the order of its targets. They are kept small, 80 bytes each besides its target
// and what the server sent; a [Result] is made of one when it is asked for. A nil *Results is empty.
type Results struct {
	targets List
	taken   TargetList // targets, where they become known one by one
	spec    *Spec      // of targets that have none of their own
	records []record
}

// record is what is kept of one result.
type record struct {
	queued    time.Duration
	elapsed   time.Duration
	bytes     int64
	reply     *reply
	rest      *rest
	timings   [7]float32 // in ns: 24 bits are more than any clock's precision
	status    uint16
	errorCode uint16
	attempts  uint16
	requests  uint16
	state     State
	reused    bool
}

// reply is what results that got the same over the same connection share.
type reply struct {
	conn *ConnInfo
	head []byte // as it came, nil if it was parsed
}

// rest is what few results have, beyond a plain answer with the body dropped.
type rest struct {
	err               string
	url               string
	sentHeader        http.Header
	statusText, proto string
	header            http.Header
	body              []byte
	redirects         []Redirect
}

func newResults(source Source, spec *Spec) *Results {
	r := &Results{spec: spec, records: make([]record, source.Len())}
	if list, ok := source.(*listSource); ok {
		r.targets = list.List
	} else {
		r.taken = make(TargetList, source.Len())
		r.targets = r.taken
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
	if r.taken != nil {
		r.taken[i] = from.Target
	}
	rec := &r.records[i]
	*rec = record{
		queued: from.Queued, elapsed: from.Elapsed, bytes: from.Bytes, timings: from.Timings.pack(),
		status: small(from.Status), errorCode: small(from.ErrorCode),
		attempts: small(from.Attempts), requests: small(from.Requests),
		state: from.State, reused: from.Reused,
	}
	resp := from.Response
	if resp == nil {
		return
	}
	if rec.reply = resp.reply; rec.reply == nil {
		rec.reply = &reply{conn: resp.Conn}
	}
	spare := rest{
		err: from.Error, sentHeader: resp.SentHeader, header: resp.header, body: resp.Body, redirects: resp.Redirects,
	}
	if resp.URL != from.Target.URL {
		spare.url = resp.URL
	}
	if !isPlain(resp) {
		spare.statusText, spare.proto = resp.StatusText, resp.Proto
	}
	if sameHeader(resp.SentHeader, from.Target.Spec.Header) {
		spare.sentHeader = nil
	}
	if !spare.isZero() {
		kept := spare // a copy, so that only what is kept costs an allocation
		rec.rest = &kept
	}
}

// small is a number as a record keeps it: statuses and codes have up to four digits, and a count that does not fit says
// no more than that it is large.
func small(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) } // #nosec G115 -- bounded

// isPlain tells whether the status line can be read off the head.
func isPlain(resp *Response) bool { return resp.reply != nil }

func (s *rest) isZero() bool {
	return s.err == "" && s.url == "" && s.sentHeader == nil && s.statusText == "" && s.proto == "" &&
		s.header == nil && s.body == nil && s.redirects == nil
}

// sameHeader tells whether two headers are one: a spec's, that was sent as it is.
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
	rec := &r.records[i]
	result := &Result{
		Index: i, Target: r.targets.At(i), State: rec.state, Status: int(rec.status), ErrorCode: int(rec.errorCode),
		Attempts: int(rec.attempts), Requests: int(rec.requests), Bytes: rec.bytes, Reused: rec.reused,
		Queued: rec.queued, Elapsed: rec.elapsed, Timings: unpackTimings(rec.timings),
	}
	if result.Target.Spec == nil {
		result.Target.Spec = r.spec
	}
	if rec.reply == nil {
		return result // nothing came of it
	}
	resp := &Response{Conn: rec.reply.conn, URL: result.Target.URL, SentHeader: result.Target.Spec.Header}
	if rec.reply.head != nil {
		resp.reply = rec.reply
		resp.StatusText, resp.Proto = statusLine(rec.reply.head)
	}
	if s := rec.rest; s != nil {
		result.Error = s.err
		resp.header, resp.Body, resp.Redirects = s.header, s.body, s.redirects
		if s.url != "" {
			resp.URL = s.url
		}
		if s.sentHeader != nil {
			resp.SentHeader = s.sentHeader
		}
		if resp.reply == nil {
			resp.StatusText, resp.Proto = s.statusText, s.proto
		}
	}
	result.Response = resp
	return result
}

// pack makes timings small.
func (t *Timings) pack() [7]float32 {
	return [7]float32{
		float32(t.Blocked), float32(t.LookingUp), float32(t.Connecting), float32(t.TLSHandshaking),
		float32(t.Sending), float32(t.Waiting), float32(t.Receiving),
	}
}

func unpackTimings(p [7]float32) Timings {
	return Timings{
		Blocked: time.Duration(p[0]), LookingUp: time.Duration(p[1]), Connecting: time.Duration(p[2]),
		TLSHandshaking: time.Duration(p[3]), Sending: time.Duration(p[4]), Waiting: time.Duration(p[5]),
		Receiving: time.Duration(p[6]),
	}
}

// Plain heads, which are all that is kept as they came, begin with this.
const plainProto = "HTTP/1.1"

// statusLine reads the status line of a plain head.
func statusLine(head []byte) (text, proto string) {
	line := head
	for i, c := range head {
		if c == '\r' {
			line = head[:i]
			break
		}
	}
	return string(line[len(plainProto)+1:]), plainProto
}
