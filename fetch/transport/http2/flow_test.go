package http2

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSettings has the rules of settings that change while requests are under way.
func TestSettings(t *testing.T) {
	t.Parallel()
	playAll(t, []rule{
		{"6.5.3: every SETTINGS is acknowledged", func(p *peer) {
			p.meet()
			p.settings(settingTableSize, 0)
			p.want("SETTINGS ACK")
			p.settings(settingTableSize, 1<<20, 0x99, 7)
			p.want("SETTINGS ACK")
			p.again(1)
		}},
		{"6.5.2: HEADER_TABLE_SIZE does not matter to blocks without the table", func(p *peer) {
			p.meet(settingTableSize, 0)
			k := p.get()
			_, f := p.next()
			require.Zero(p.t, effectOf(blockOf(f)))
			p.ok(1)
			k.ends("200")
		}},
		{"6.9.2: a larger INITIAL_WINDOW_SIZE lets a body go on", func(p *peer) {
			p.meet(settingInitialWindow, 10)
			k := p.post(strings.Repeat("x", 30))
			p.want("HEADERS 1", "DATA 1 10")
			p.quiet()
			p.settings(settingInitialWindow, 25)
			p.want("SETTINGS ACK", "DATA 1 15")
			p.quiet()
			p.settings(settingInitialWindow, 26)
			p.want("SETTINGS ACK", "DATA 1 1")
			p.settings(settingInitialWindow, 1<<20)
			p.want("SETTINGS ACK", "DATA 1 4 END_STREAM")
			p.ok(1)
			k.ends("200")
		}},
		{"6.9.2: a smaller INITIAL_WINDOW_SIZE makes windows negative", func(p *peer) {
			p.meet(settingInitialWindow, 10)
			k := p.post(strings.Repeat("x", 30))
			p.want("HEADERS 1", "DATA 1 10")
			p.settings(settingInitialWindow, 2)
			p.want("SETTINGS ACK")
			p.window(1, 8)
			p.quiet()
			p.window(1, 3)
			p.want("DATA 1 3")
			p.quiet()
			p.window(1, 1<<20)
			p.want("DATA 1 17 END_STREAM")
			p.ok(1)
			k.ends("200")
		}},
		{"6.9.2: INITIAL_WINDOW_SIZE does not change the connection's window", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			k := p.post(strings.Repeat("x", defaultWindow+1))
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383")
			p.settings(settingInitialWindow, 1<<21)
			p.want("SETTINGS ACK")
			p.quiet()
			p.window(0, 1)
			p.want("DATA 1 1 END_STREAM")
			p.ok(1)
			k.ends("200")
		}},
		{"6.9.2: INITIAL_WINDOW_SIZE must not lift a window above 2^31-1", func(p *peer) {
			p.meet()
			k := p.post("x")
			p.want("HEADERS 1", "DATA 1 1 END_STREAM")
			p.window(1, maxWindow-defaultWindow)
			p.settings(settingInitialWindow, maxWindow)
			p.gone("GOAWAY 0 FLOW_CONTROL_ERROR")
			k.ends("connection error: FLOW_CONTROL_ERROR")
		}},
		{"6.5.2: MAX_FRAME_SIZE bounds DATA", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20, settingMaxFrameSize, 20_000)
			k := p.post(strings.Repeat("x", 40_001))
			p.want("HEADERS 1", "DATA 1 20000", "DATA 1 20000", "DATA 1 1 END_STREAM")
			p.ok(1)
			k.ends("200")
		}},
		{"6.5.2: MAX_FRAME_SIZE changes within a body", func(p *peer) {
			p.meet(settingInitialWindow, 20_000, settingMaxFrameSize, 20_000)
			k := p.post(strings.Repeat("x", 40_000))
			p.want("HEADERS 1", "DATA 1 20000")
			p.settings(settingMaxFrameSize, maxFrameSize, settingInitialWindow, 1<<20)
			p.want("SETTINGS ACK", "DATA 1 16384", "DATA 1 3616 END_STREAM")
			p.ok(1)
			k.ends("200")
		}},
		{"5.1.2: requests above MAX_CONCURRENT_STREAMS wait in order", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			first := p.get()
			second := p.post("two")
			third := p.get()
			p.want("HEADERS 1 END_STREAM")
			p.quiet()
			start := time.Now()
			time.Sleep(time.Second)
			p.ok(1)
			first.ends("200")
			p.want("HEADERS 3", "DATA 3 3 END_STREAM")
			p.quiet()
			time.Sleep(time.Second)
			p.ok(3)
			p.want("HEADERS 5 END_STREAM")
			p.ok(5)
			require.Less(p.t, first.reply.Admitted.Sub(start), time.Second)
			require.InDelta(p.t, 1, second.ends("200").reply.Admitted.Sub(start).Seconds(), 1e-3)
			require.InDelta(p.t, 2, third.ends("200").reply.Admitted.Sub(start).Seconds(), 1e-3)
			require.False(p.t, first.reply.Reused)
			require.True(p.t, second.reply.Reused)
		}},
		{"5.1.2: a raised MAX_CONCURRENT_STREAMS admits those that wait", func(p *peer) {
			p.meet(settingMaxStreams, 0)
			calls := []*call{p.get(), p.get(), p.get()}
			p.quiet()
			p.settings(settingMaxStreams, 2)
			p.want("SETTINGS ACK", "HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			p.quiet()
			p.ok(3)
			p.want("HEADERS 5 END_STREAM")
			p.ok(1)
			p.ok(5)
			for _, k := range calls {
				k.ends("200")
			}
		}},
		{"5.1.2: a lowered MAX_CONCURRENT_STREAMS counts streams that are there", func(p *peer) {
			p.meet()
			first, second := p.get(), p.get()
			p.want("HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			p.settings(settingMaxStreams, 1)
			p.want("SETTINGS ACK")
			third := p.get()
			p.ok(1)
			first.ends("200")
			p.quiet()
			p.ok(3)
			second.ends("200")
			p.want("HEADERS 5 END_STREAM")
			p.ok(5)
			third.ends("200")
		}},
		{"5.1.2: a request that waits is cut off without a trace", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			first := p.get()
			waits := p.call(request("GET", ""), time.Second)
			p.want("HEADERS 1 END_STREAM")
			waits.wait().is(false, false, false)
			require.Equal(p.t, time.Second, waits.took)
			require.Zero(p.t, waits.reply.Admitted)
			p.quiet()
			p.ok(1)
			first.ends("200")
			p.again(3)
		}},
		{"5.1.2: a stream that was cut off leaves its place", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			cut := p.call(request("GET", ""), time.Second)
			k := p.get()
			p.want("HEADERS 1 END_STREAM", "RST_STREAM 1 CANCEL", "HEADERS 3 END_STREAM")
			cut.ends("http2: timeout")
			p.ok(3)
			k.ends("200")
		}},
		{"6.5.2: the server that does not limit streams gets a hundred, then a thousand", func(p *peer) {
			for range 101 {
				p.get()
			}
			p.preface()
			p.want("SETTINGS", "WINDOW_UPDATE 0 1073676289")
			for range 100 {
				p.next()
			}
			p.quiet()
			p.settings()
			p.want("SETTINGS ACK", "HEADERS 201 END_STREAM")
		}},
	})
}

// TestFlowControl has the rules of windows in both directions.
func TestFlowControl(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 1000, defaultWindow, defaultWindow + 1, maxTurn, 2 * maxTurn, maxBatch, 5 << 20} {
		name := "6.9: an upload of " + time.Duration(size).String()[:len(time.Duration(size).String())-1]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, func(p *peer) {
				p.meet()
				text := strings.Repeat("0123456789abcdef", size/16+1)[:size]
				k := p.post(text)
				if size == 0 {
					p.want("HEADERS 1 END_STREAM")
				} else {
					p.want("HEADERS 1")
					p.wantUpload(text)
				}
				p.quiet()
				k.pending()
				p.ok(1)
				k.ends("200")
				require.False(p.t, k.reply.Wrote.IsZero())
				require.True(p.t, k.reply.Sent)
			})
		})
	}
	playAll(t, []rule{
		{"6.9: bodies take turns", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.window(0, 1<<20)
			first, second := p.post(strings.Repeat("x", 2*maxTurn+1)), p.post("y")
			p.want("HEADERS 1")
			for range 2 {
				p.want("DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384")
			}
			p.want("HEADERS 3", "DATA 3 1 END_STREAM", "DATA 1 1 END_STREAM")
			p.ok(3)
			p.ok(1)
			first.ends("200")
			second.ends("200")
		}},
		{"6.9.1: the connection's window is shared", func(p *peer) {
			p.meet(settingInitialWindow, 1<<20)
			p.post(strings.Repeat("x", defaultWindow))
			p.post("y")
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383 END_STREAM", "HEADERS 3")
			p.quiet()
			p.window(0, 1)
			p.want("DATA 3 1 END_STREAM")
		}},
		{"6.9.1: a stream's window above 2^31-1", func(p *peer) {
			k := p.begin()
			p.window(1, maxWindow)
			p.want("RST_STREAM 1 FLOW_CONTROL_ERROR")
			k.ends("stream error: stream ID 1; FLOW_CONTROL_ERROR")
			p.again(3)
		}},
		{"6.9: WINDOW_UPDATE of 0 for a stream", func(p *peer) {
			k := p.begin()
			p.raw(frameWindowUpdate, 0, 1, "\x00\x00\x00\x00")
			p.want("RST_STREAM 1 PROTOCOL_ERROR")
			k.ends("stream error: stream ID 1; PROTOCOL_ERROR")
			p.again(3)
		}},
		{"6.9: WINDOW_UPDATE for a stream that has ended is ignored", func(p *peer) {
			k := p.begin()
			p.ok(1)
			k.ends("200")
			p.window(1, 1)
			p.again(3)
		}},
		{"6.9: windows of bodies that are dropped are opened as they come", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			for range 3 {
				p.data(false, strings.Repeat("x", streamWindow/4))
				p.want("WINDOW_UPDATE 1 1048576")
			}
			p.data(true, "")
			require.EqualValues(p.t, 3*streamWindow/4, k.ends("200").size)
		}},
		{"6.9: padding opens the window too", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			for range streamWindow / 4 / 256 {
				p.raw(frameData, flagPadded, 1, "\xff"+strings.Repeat("\x00", 255))
				p.raw(frameData, 0, 1, "")
			}
			p.want("WINDOW_UPDATE 1 1048576")
			p.data(true, "")
			k.ends("200")
		}},
		{"6.9: the connection's window is opened, also for streams that were cut off", func(p *peer) {
			p.meet()
			cut := p.call(request("GET", ""), time.Second)
			p.want("HEADERS 1 END_STREAM")
			cut.wait()
			p.want("RST_STREAM 1 CANCEL")
			p.conn.recvWindow = connWindow/4 + 10 // as after a long time
			p.conn.unread = connWindow/4 - 10
			p.data(false, "0123456789")
			p.want("WINDOW_UPDATE 0 268435456")
			require.EqualValues(p.t, connWindow/2, p.conn.recvWindow)
		}},
		{"6.9.1: a server that exceeds a stream's window", func(p *peer) {
			p.meet()
			k := p.held()
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200")
			p.data(false, strings.Repeat("x", streamWindow))
			p.quiet()
			p.data(false, "x")
			p.gone("GOAWAY 0 FLOW_CONTROL_ERROR")
			k()
		}},
		{"6.9.1: a server that exceeds the connection's window", func(p *peer) {
			k := p.begin()
			p.head(1, false, ":status", "200")
			p.conn.recvWindow = 5
			p.data(false, "123456")
			p.gone("GOAWAY 0 FLOW_CONTROL_ERROR")
			k.ends("connection error: FLOW_CONTROL_ERROR")
		}},
	})
}

// held requests a page whose body is kept and not read until the function is called.
func (p *peer) held() (release func()) {
	var s Stream
	req := request("GET", "")
	req.Keeps = true
	over, going := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		_ = s.RoundTrip(p.conn, req, time.Now().Add(ample))
		<-going
		_, _ = io.Copy(io.Discard, s.Body())
		s.Close()
		s.Release()
	}()
	return func() { close(going); <-over }
}

// TestKept: a body that is read slowly takes no more memory than the windows allow.
func TestKept(t *testing.T) {
	t.Parallel()
	play(t, func(p *peer) {
		p.meet()
		req := request("GET", "")
		req.Keeps = true
		var s Stream
		over := make(chan struct{})
		part := bytes.Repeat([]byte("x"), maxFrameSize)
		const parts = 2000 // 32 MB
		go func() {
			defer close(over)
			if err := s.RoundTrip(p.conn, req, time.Now().Add(ample)); err != nil {
				t.Error(err)
			}
			var most int
			for got, buf := 0, make([]byte, maxFrameSize); got < parts*maxFrameSize; {
				n, err := s.Body().Read(buf)
				if err != nil {
					t.Error(err)
					break
				}
				got += n
				p.conn.mu.Lock()
				most = max(most, cap(s.body.text))
				p.conn.mu.Unlock()
				time.Sleep(time.Microsecond) // the server is faster
			}
			if most > 4*streamWindow {
				t.Errorf("%d bytes were kept", most)
			}
			s.Close()
			s.Release()
		}()
		p.want("HEADERS 1 END_STREAM")
		p.drain()
		p.head(1, false, ":status", "200")
		for range parts {
			for p.windowOf(&s) < 4*maxFrameSize { // two frames may be in the client's buffer, and not counted yet
				time.Sleep(time.Microsecond)
			}
			require.NoError(p.t, p.fr.WriteData(1, false, part))
		}
		<-over
	})
}

func (p *peer) windowOf(s *Stream) int64 {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	return s.body.window
}
