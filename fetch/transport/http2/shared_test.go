package http2

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestShared has the rules of requests that share a connection: none keeps another from its end.
func TestShared(t *testing.T) {
	t.Parallel()
	playAll(t, []rule{
		{"a request that expires before it is admitted does not count", func(p *peer) {
			c := p.conn
			for range 200 {
				var s Stream
				s.reset(c, request("GET", ""))
				require.True(p.t, s.begin(time.Now().Add(ample)))
				s.Expire()
				require.ErrorIs(p.t, s.exchange(), errTimeout)
				s.Close()
				s.Release()
			}
			require.Zero(p.t, c.active)
			require.Empty(p.t, c.waiting)
		}},
		{"a request that is admitted just before GOAWAY is untaken", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			first, waits := p.get(), p.get()
			p.want("HEADERS 1 END_STREAM")
			c := p.conn
			c.mu.Lock() // as if both frames came before the request that waits goes on
			c.finish(c.streams[1], errTimeout)
			c.goAway = &goAwayError{1, codeNo}
			c.refuse()
			c.mu.Unlock()
			waits.ends("http2: connection takes no more requests").is(false, true, false)
			first.ends("http2: timeout")
			p.gone()
		}},
		{"a request that is admitted just before the connection ends is untaken", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			first, waits := p.get(), p.get()
			p.want("HEADERS 1 END_STREAM")
			c := p.conn
			c.mu.Lock()
			c.finish(c.streams[1], errTimeout)
			c.end(errClosed)
			c.mu.Unlock()
			_ = p.nc.Close()
			waits.ends("http2: connection takes no more requests").is(false, true, false)
			first.ends("http2: timeout")
		}},
		{"an upload whose end was a turn's end is cut off in time", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			k := p.call(request("POST", strings.Repeat("x", maxTurn)), time.Second)
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384 END_STREAM")
			p.want("RST_STREAM 1 CANCEL")
			k.ends("http2: timeout").is(true, false, false)
			require.Equal(p.t, time.Second, k.took)
			p.again(3)
		}},
		{"an upload whose window was taken by another is cut off in time", func(p *peer) {
			p.meet()
			first := p.call(request("POST", strings.Repeat("x", defaultWindow)), 2*time.Second)
			second := p.call(request("POST", "y"), time.Second)
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383 END_STREAM", "HEADERS 3")
			p.want("RST_STREAM 3 CANCEL")
			second.ends("http2: timeout")
			require.Equal(p.t, time.Second, second.took)
			p.want("RST_STREAM 1 CANCEL")
			first.ends("http2: timeout")
			p.window(0, 1)
			p.again(5)
		}},
	})
}
