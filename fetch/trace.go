package fetch

import (
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// trace takes the times of one HTTP request that net/http makes. Its marks mean what k6's Tracer means by them; the
// times of the look-up come from the engine's own dialer, which tells them as net's would.
//
// Marks are nanoseconds since the trace began plus one, so that 0 is "never". They are atomic because net/http goes on
// calling hooks, for a dial it has started, after it has returned.
type trace struct {
	start time.Time

	getConn, gotConn          atomic.Int64
	dnsStart, dnsDone         atomic.Int64
	connectStart, connectDone atomic.Int64
	tlsStart, tlsDone         atomic.Int64
	wroteRequest, firstByte   atomic.Int64
	tries                     atomic.Int32 // how often the request was begun
	reused                    atomic.Bool
	remote                    atomic.Pointer[net.Addr]
	meter                     atomic.Pointer[meteredConn]
	before                    atomic.Int64 // what the meter showed when the request got the connection
}

// sent tells that the request, or a part of it, has gone out. It is exact once the request has ended.
func (t *trace) sent() bool {
	if meter := t.meter.Load(); meter != nil {
		return t.tries.Load() > 1 || meter.written() > t.before.Load()
	}
	return t.tries.Load() > 0
}

func (t *trace) now() int64 { return int64(time.Since(t.start)) + 1 }

// markOnce keeps the first time a hook is called: with two address families, or a dial that lost to a freed connection,
// it may be called again.
func (t *trace) markOnce(mark *atomic.Int64) { mark.CompareAndSwap(0, t.now()) }

// hooks are the trace for net/http.
func (t *trace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { t.markOnce(&t.getConn) },
		GotConn:      t.onConn,
		DNSStart:     func(httptrace.DNSStartInfo) { t.markOnce(&t.dnsStart) },
		DNSDone:      func(httptrace.DNSDoneInfo) { t.markOnce(&t.dnsDone) },
		ConnectStart: func(_, _ string) { t.markOnce(&t.connectStart) },
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				t.markOnce(&t.connectDone)
			}
		},
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

// onConn forgets the marks of a dial that was not needed in the end: a reused connection was not looked up, connected
// or shaken hands with for this request.
func (t *trace) onConn(info httptrace.GotConnInfo) {
	now := t.now()
	t.gotConn.Store(now)
	t.reused.Store(info.Reused)
	remote := info.Conn.RemoteAddr()
	t.remote.Store(&remote)
	if meter := meterOf(info.Conn); meter != nil {
		t.before.Store(meter.written())
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
			// HTTP/2 may hand over a connection that another request has made and call it new.
			mark.CompareAndSwap(0, now)
		}
	}
}

// timings returns the phases, the request having ended now.
func (t *trace) timings() Timings {
	end := t.now()
	between := func(from, to int64) time.Duration {
		if from == 0 || to < from {
			return 0
		}
		return time.Duration(to - from)
	}
	gotConn, wrote, first := t.gotConn.Load(), t.wroteRequest.Load(), t.firstByte.Load()
	tlsDone, connectDone := t.tlsDone.Load(), t.connectDone.Load()
	out := Timings{
		Blocked:        between(t.getConn.Load(), gotConn),
		LookingUp:      between(t.dnsStart.Load(), t.dnsDone.Load()),
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
