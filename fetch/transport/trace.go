package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// trace measures one HTTP request over net/http. Its marks have the meaning of those of k6's Tracer. The engine's own
// dialer marks the look-up, as net's dialer would.
//
// It has many fields: one for each hook of net/http, which calls them from several goroutines.
//
// Marks are nanoseconds since the trace began plus one, so that 0 means "never". They are atomic because net/http may
// call the hooks of a dial after it has returned.
type trace struct {
	start time.Time

	getConn, gotConn          atomic.Int64
	dnsStart, dnsDone         atomic.Int64
	connectStart, connectDone atomic.Int64
	tlsStart, tlsDone         atomic.Int64
	wroteRequest, firstByte   atomic.Int64
	tries                     atomic.Int32 // how often the headers were written
	gone                      atomic.Int32 // on how many earlier connections with a meter the request was sent
	reused                    atomic.Bool
	conn                      atomic.Pointer[net.Conn]
	meter                     atomic.Pointer[meteredConn]
	before                    atomic.Int64 // what the meter must exceed if the request was sent
	closeIdle                 func()       // closes the idle connections of net/http
}

// sent reports whether any part of the request was sent. It is exact once the request has ended.
//
// The bytes written to a connection do not prove it alone, because they may be TLS's closing alert. The headers do not
// either, because net/http reports them as written when they are in a buffer.
func (t *trace) sent() bool { return t.sends() > 0 }

// going reports whether any part of the request was sent on the connection it has now, which has a meter.
func (t *trace) going() bool {
	return t.gotMetered() && t.tries.Load() > 0 && t.meter.Load().written() > t.before.Load()
}

// sends returns how often the request was sent. Whoever writes it directly has counted that.
func (t *trace) sends() int {
	if t.meter.Load() == nil {
		return int(t.tries.Load())
	}
	if t.going() {
		return int(t.gone.Load()) + 1
	}
	return int(t.gone.Load())
}

// resent returns how often the request was sent after the first time.
func (t *trace) resent() int { return max(t.sends()-1, 0) }

// gotMetered reports whether net/http took a connection with a meter last: one of HTTP/1.1.
func (t *trace) gotMetered() bool { return t.gotConn.Load() != 0 && t.meter.Load() != nil }

// goodbyeSize is longer than the alert that ends a TLS connection, and shorter than a request in TLS.
const goodbyeSize = 48

// reset prepares a trace for a request that begins at start or later.
func (t *trace) reset(start time.Time) {
	t.start = start
	for _, mark := range t.marks() {
		mark.Store(0)
	}
	t.tries.Store(0)
	t.gone.Store(0)
	t.reused.Store(false)
	t.conn.Store(nil)
	t.meter.Store(nil)
}

func (t *trace) marks() [11]*atomic.Int64 {
	return [...]*atomic.Int64{
		&t.getConn, &t.gotConn, &t.dnsStart, &t.dnsDone, &t.connectStart, &t.connectDone, &t.tlsStart, &t.tlsDone,
		&t.wroteRequest, &t.firstByte, &t.before,
	}
}

// dialContext passes the trace to the dialer.
func (t *trace) dialContext(ctx context.Context) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

// dialing turns the trace in a context into hooks. Only dialers need them, because most requests reuse a connection.
// After over, the hooks mark nothing.
func dialing(ctx context.Context) (dial context.Context, over func()) {
	t, ok := ctx.Value(traceKey{}).(*trace)
	if !ok {
		return ctx, func() {}
	}
	d := &dialMarks{trace: t}
	return httptrace.WithClientTrace(ctx, d.hooks()), d.over
}

type traceKey struct{}

// markAt marks a time that was measured elsewhere. The zero time means never.
func (t *trace) markAt(mark *atomic.Int64, at time.Time) {
	if !at.IsZero() {
		mark.Store(t.at(at))
	}
}

// gotDirect marks that the session got a connection. A new one has left its marks already.
func (t *trace) gotDirect(reused, secure bool) { t.gotShared(t.now(), reused, secure) }

// gotShared is gotDirect, for a connection that the session got at a time.
func (t *trace) gotShared(at int64, reused, secure bool) {
	t.gotConn.Store(at)
	t.reused.Store(reused)
	if !reused {
		return
	}
	t.connectStart.Store(at)
	t.connectDone.Store(at)
	if secure {
		t.tlsStart.Store(at)
		t.tlsDone.Store(at)
	}
}

// takeDial takes the marks of a connection that was made apart.
func (t *trace) takeDial(from *trace) {
	offset := int64(from.start.Sub(t.start))
	marks, others := t.marks(), from.marks()
	for i, mark := range marks {
		if at := others[i].Load(); at != 0 {
			mark.Store(at + offset)
		}
	}
}

// forgetConn clears the marks of a connection that could not be used, because another follows.
func (t *trace) forgetConn() {
	for _, mark := range []*atomic.Int64{
		&t.gotConn, &t.dnsStart, &t.dnsDone, &t.connectStart, &t.connectDone, &t.tlsStart, &t.tlsDone,
		&t.wroteRequest, &t.firstByte,
	} {
		mark.Store(0)
	}
}

// netConn is the connection that net/http used, nil if it got none.
func (t *trace) netConn() net.Conn {
	if conn := t.conn.Load(); conn != nil {
		return *conn
	}
	return nil
}

func (t *trace) now() int64 { return int64(time.Since(t.start)) + 1 }

func (t *trace) at(when time.Time) int64 { return int64(when.Sub(t.start)) + 1 }

// markOnce keeps the first call of a hook. Hooks may be called again: with two address families, or for a dial that
// lost to a freed connection.
func (t *trace) markOnce(mark *atomic.Int64) { mark.CompareAndSwap(0, t.now()) }

// dialMarks are the marks of one dial. Dialers may call hooks after they have returned, for the address that lost a
// race. By then the trace may belong to another request.
type dialMarks struct {
	mu    sync.Mutex
	trace *trace // nil when the dial is over
}

func (d *dialMarks) over() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trace = nil
}

// markOnce marks the trace while the dial is under way.
func (d *dialMarks) markOnce(mark func(t *trace) *atomic.Int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.trace != nil {
		d.trace.markOnce(mark(d.trace))
	}
}

func (d *dialMarks) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { d.markOnce(func(t *trace) *atomic.Int64 { return &t.dnsStart }) },
		DNSDone:  func(httptrace.DNSDoneInfo) { d.markOnce(func(t *trace) *atomic.Int64 { return &t.dnsDone }) },
		ConnectStart: func(_, _ string) {
			d.markOnce(func(t *trace) *atomic.Int64 { return &t.connectStart })
		},
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				d.markOnce(func(t *trace) *atomic.Int64 { return &t.connectDone })
			}
		},
	}
}

// hooks connects the trace to net/http.
func (t *trace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:           func(string) { t.onGetConn() },
		GotConn:           t.onConn,
		TLSHandshakeStart: func() { t.markOnce(&t.tlsStart) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err == nil {
				t.markOnce(&t.tlsDone)
			}
		},
		WroteHeaders: func() { t.tries.Add(1) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				t.wroteRequest.Store(t.now())
			}
		},
		GotFirstResponseByte: func() { t.markOnce(&t.firstByte) },
	}
}

// onGetConn is called before net/http looks for a connection. If a kept one turns out to be closed, net/http looks
// again, and would try one idle connection after another. Without idle ones it makes a new one.
func (t *trace) onGetConn() {
	if t.gotConn.Load() != 0 { // the request is sent again
		if t.going() {
			t.gone.Add(1)
		}
		t.forgetConn()
	}
	t.markOnce(&t.getConn)
	if t.closeIdle != nil && t.tries.Load() > 0 && t.meter.Load() != nil {
		t.closeIdle()
	}
}

// onConn clears the marks of a dial that was not needed. A reused connection was not looked up, connected or shaken
// hands with for this request.
func (t *trace) onConn(info httptrace.GotConnInfo) {
	now := t.now()
	t.gotConn.Store(now)
	t.reused.Store(info.Reused)
	conn := info.Conn
	t.conn.Store(&conn)
	if meter := meterOf(info.Conn); meter != nil {
		before := meter.written()
		if _, secure := info.Conn.(*tls.Conn); secure {
			before += goodbyeSize
		}
		t.before.Store(before)
		t.meter.Store(meter)
	}

	marks := []*atomic.Int64{&t.connectStart, &t.connectDone}
	if _, ok := info.Conn.(*tls.Conn); ok {
		marks = append(marks, &t.tlsStart, &t.tlsDone)
	}
	if info.Reused {
		t.dnsStart.Store(now)
		t.dnsDone.Store(now)
	}
	for _, mark := range marks {
		if info.Reused {
			mark.Store(now)
		} else {
			mark.CompareAndSwap(0, now)
		}
	}
}

// timings returns the phases of a request that ended at a time.
func (t *trace) timings(ended time.Time) Timings {
	end := t.at(ended)
	between := func(from, to int64) time.Duration {
		if from == 0 || to < from {
			return 0
		}
		return time.Duration(to - from)
	}
	gotConn, wrote, first := t.gotConn.Load(), t.wroteRequest.Load(), t.firstByte.Load()
	tlsDone, connectDone := t.tlsDone.Load(), t.connectDone.Load()
	lookedUp := t.dnsDone.Load()
	if lookedUp == 0 && gotConn == 0 {
		lookedUp = end // net/http does not wait for a look-up after the request's timeout
	}
	out := Timings{
		Blocked:        between(t.getConn.Load(), gotConn),
		LookingUp:      between(t.dnsStart.Load(), lookedUp),
		Connecting:     between(t.connectStart.Load(), connectDone),
		TLSHandshaking: between(t.tlsStart.Load(), tlsDone),
	}
	if wrote != 0 {
		switch {
		case tlsDone != 0:
			out.Sending = between(tlsDone, wrote)
		case connectDone != 0:
			out.Sending = between(connectDone, wrote)
		default:
			out.Sending = between(gotConn, wrote)
		}
		if first == 0 {
			out.Waiting = between(wrote, end)
		} else {
			out.Waiting = between(wrote, first)
		}
	}
	if first != 0 {
		out.Receiving = between(first, end)
	}
	return out
}
