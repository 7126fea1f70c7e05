package http2

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
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
				require.ErrorIs(p.t, s.exchange(), mux.ErrTimeout)
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
			c.finish(c.streams[1], mux.ErrTimeout)
			c.goAway = &GoAwayError{1, codeNo}
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
			c.finish(c.streams[1], mux.ErrTimeout)
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
		{"a request that was answered does not wait until another's body is written", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			first := p.get()
			second := p.post(strings.Repeat("x", maxTurn))
			p.want("HEADERS 1 END_STREAM")
			synctest.Wait() // the second is being written, and the server does not read it
			p.ok(1)
			first.ends("200")
			p.want("HEADERS 3", "DATA 3 16384", "DATA 3 16384", "DATA 3 16384", "DATA 3 16384 END_STREAM")
			p.ok(3)
			second.ends("200")
		}},
		{"a request that was written ends at its deadline while another's body is written", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			first := p.call(request("GET", ""), time.Second)
			second := p.post(strings.Repeat("x", maxTurn))
			p.want("HEADERS 1 END_STREAM")
			first.wait().ends("http2: timeout").is(true, false, false)
			require.Equal(p.t, time.Second, first.took)
			p.want("HEADERS 3", "DATA 3 16384", "DATA 3 16384", "DATA 3 16384", "DATA 3 16384 END_STREAM", "RST_STREAM 1 CANCEL")
			p.ok(3)
			second.ends("200")
		}},
		{"a request ends at its deadline while it waits behind others' bodies", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<24)
			uploads := make([]*call, 6)
			for i := range uploads {
				uploads[i] = p.post(strings.Repeat("x", maxTurn))
			}
			last := p.call(request("GET", ""), time.Second)
			last.wait().ends("http2: timeout").is(false, false, false)
			require.Equal(p.t, time.Second, last.took)
			for i := range uploads {
				id := uint32(2*i + 1)
				p.want(fmt.Sprintf("HEADERS %d", id))
				for range 4 {
					p.next()
				}
				p.ok(id)
			}
			for _, k := range uploads {
				k.ends("200")
			}
			p.quiet()
		}},
		{"GOAWAY does not hurry the upload of a request that the server has taken", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			first := p.post(strings.Repeat("x", 3*maxTurn))
			second := p.post(strings.Repeat("y", maxTurn))
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384")
			p.want("DATA 1 16384") // both are being written
			p.goAway(1, codeNo)
			time.Sleep(time.Second) // the network is slow
			for range 3 {
				p.want("DATA 1 16384")
			}
			p.want("HEADERS 3", "DATA 3 16384", "DATA 3 16384", "DATA 3 16384", "DATA 3 16384 END_STREAM")
			second.wait().is(true, true, false)
			for {
				got, _ := p.next()
				if strings.HasSuffix(got, " END_STREAM") {
					break
				}
			}
			p.ok(1)
			first.ends("200")
			p.gone("PING")
		}},
		{"a request that is cut off within its upload does not end another's", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			first := p.call(request("POST", strings.Repeat("x", 3*maxTurn)), time.Second)
			second := p.post(strings.Repeat("y", 3*maxTurn))
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384")
			for range 4 {
				p.want("DATA 1 16384")
			}
			p.want("HEADERS 3")
			for range 4 {
				p.want("DATA 3 16384")
			}
			synctest.Wait() // the rest of both is being written, and the network is slow
			first.wait().ends("http2: timeout").is(true, false, false)
			require.Equal(p.t, time.Second, first.took)
			time.Sleep(time.Second)
			for {
				got, _ := p.next()
				if got == "DATA 3 16384 END_STREAM" {
					break
				}
				require.Regexp(p.t, "^DATA|^RST_STREAM 1", got)
			}
			p.ok(3)
			second.ends("200")
		}},
		{"a WINDOW_UPDATE for each piece of large uploads is no flood", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			size := 6000 * maxFrameSize
			k := p.post(strings.Repeat("x", size))
			p.want("HEADERS 1")
			for sent := 0; sent < size; {
				got, f := p.next()
				require.Regexp(p.t, "^DATA", got)
				n := f.Header().Length
				sent += int(n)
				p.window(0, n)
				p.window(1, n)
			}
			p.ok(1)
			k.ends("200")
		}},
		{"the bodies of requests that were cut off are no flood", func(p *peer) {
			p.meet()
			k := p.call(request("GET", ""), time.Second)
			p.want("HEADERS 1 END_STREAM", "RST_STREAM 1 CANCEL")
			k.wait()
			for range maxUseless + 10 {
				p.data(false, "x")
			}
			p.again(3)
		}},
	})
}

// TestSlowClose: a connection that takes its time to close, as TLS does when the server does not read, keeps no request
// from its end.
func TestSlowClose(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(p *peer){
		"by the server": func(p *peer) { _ = p.nc.Close() },
		"by the client": func(p *peer) { go p.conn.Close() },
		"by an error":   func(p *peer) { p.raw(framePing, 0, 1, "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			closing := make(chan struct{})
			var once sync.Once
			playOn(t, func(nc net.Conn) net.Conn {
				closing = make(chan struct{})
				return &slowConn{nc, closing}
			}, func(p *peer) {
				defer once.Do(func() { close(closing) })
				k := p.begin()
				p.drain()
				end(p)
				synctest.Wait()
				select {
				case <-k.over:
				default:
					t.Error("the request has not ended")
				}
			})
		})
	}
}

type slowConn struct {
	net.Conn

	closing chan struct{}
}

func (c *slowConn) Close() error { <-c.closing; return c.Conn.Close() }
