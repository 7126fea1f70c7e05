package http2

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDeadlines has requests that are cut off.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	playAll(t, []rule{
		{"a server that never answers", func(p *peer) {
			p.meet()
			k := p.call(request("GET", ""), 3*time.Second)
			p.want("HEADERS 1 END_STREAM", "RST_STREAM 1 CANCEL")
			k.ends("http2: timeout").is(true, false, false)
			require.Equal(p.t, 3*time.Second, k.took)
			p.again(3)
		}},
		{"a server that never ends the body", func(p *peer) {
			p.meet()
			k := p.call(request("GET", ""), 3*time.Second)
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200")
			p.data(false, "x")
			p.want("RST_STREAM 1 CANCEL")
			k.ends("http2: timeout").is(true, false, false)
			require.Equal(p.t, 3*time.Second, k.took)
			p.again(3)
		}},
		{"a server that never opens the window", func(p *peer) {
			p.meet(settingInitialWindow, 0)
			k := p.call(request("POST", "x"), 3*time.Second)
			p.want("HEADERS 1", "RST_STREAM 1 CANCEL")
			k.ends("http2: timeout").is(true, false, false)
			require.Zero(p.t, k.reply.Wrote)
			require.Equal(p.t, 3*time.Second, k.took)
			p.again(3)
		}},
		{"a server that reads nothing", func(p *peer) {
			k := p.call(request("GET", ""), 3*time.Second).wait()
			k.ends("http2: timeout").is(false, false, false)
			require.Equal(p.t, 3*time.Second+patience, k.took)
		}},
		{"a server that reads a part", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			k := p.call(request("POST", strings.Repeat("x", 1<<20)), 3*time.Second)
			p.want("HEADERS 1")
			k.wait().ends("http2: timeout").is(true, false, false)
			require.Equal(p.t, 3*time.Second+patience, k.took)
		}},
		{"a deadline that has passed", func(p *peer) {
			p.meet()
			for range 100 {
				k := p.call(request("GET", ""), -time.Second).wait()
				if k.reply.Sent { // the timer was late
					p.next()
					p.next()
				}
			}
			require.Zero(p.t, p.conn.active)
		}},
		{"a server that answers and does not read the rest of the upload", func(p *peer) {
			p.meet()
			k := p.call(request("POST", strings.Repeat("x", 1<<20)), 3*time.Second)
			p.head(1, true, ":status", "413")
			k.wait().ends("413").is(true, false, false)
			require.Equal(p.t, 3*time.Second+patience, k.took)
		}},
		{"Expire before the request", func(p *peer) {
			var s Stream
			s.Expire()
			require.EqualError(p.t, s.RoundTrip(p.conn, request("GET", ""), time.Now().Add(ample)), "http2: timeout")
			s.Close()
			require.False(p.t, s.Reply.Sent)
		}},
		{"Expire during the request", func(p *peer) {
			p.meet()
			k := p.get()
			p.want("HEADERS 1 END_STREAM")
			k.stream.Expire()
			k.ends("http2: timeout").is(true, false, false)
			p.want("RST_STREAM 1 CANCEL")
			require.EqualError(p.t, k.stream.RoundTrip(p.conn, request("GET", ""), time.Now().Add(ample)), "http2: timeout")
			k.stream.Close()
		}},
		{"Expire after the request", func(p *peer) {
			k := p.begin()
			p.ok(1)
			k.ends("200")
			k.stream.Expire()
			p.again(3)
		}},
		{"a request that was queued and is cut off is never written", func(p *peer) {
			p.meet()
			first := p.get() // is being written
			queued := p.call(request("GET", ""), time.Second)
			third := p.get()
			queued.wait().ends("http2: timeout").is(false, false, false)
			p.want("HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			p.ok(1)
			p.ok(3)
			first.ends("200")
			third.ends("200")
		}},
		{"a body that is not read to its end is cut off", func(p *peer) {
			p.meet()
			var s Stream
			req := request("GET", "")
			req.Keeps = true
			over := make(chan error)
			go func() { over <- s.RoundTrip(p.conn, req, time.Now().Add(ample)) }()
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200")
			p.data(false, strings.Repeat("x", worthReading))
			require.NoError(p.t, <-over)
			s.Close()
			s.Release()
			p.want("RST_STREAM 1 CANCEL")
			p.again(3)
		}},
		{"a stream without a deadline of its own keeps none of the last request", func(p *peer) {
			p.meet()
			var s Stream
			for i := range 3 {
				over := make(chan error)
				go func() { over <- s.RoundTrip(p.conn, request("GET", ""), time.Now().Add(time.Second)) }()
				p.want(fmt.Sprintf("HEADERS %d END_STREAM", 2*i+1))
				time.Sleep(900 * time.Millisecond)
				p.ok(uint32(2*i + 1))
				require.NoError(p.t, <-over)
				s.Close()
			}
			s.Release()
		}},
	})
}
