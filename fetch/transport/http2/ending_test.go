package http2

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestGoAway has the rules of a server that closes the connection, or a stream.
func TestGoAway(t *testing.T) {
	t.Parallel()
	const text = "http2: server sent GOAWAY and closed the connection; LastStreamID=%d, ErrCode=%s, debug=\"\""
	playAll(t, []rule{
		{"6.8: what the server has taken is answered, the rest is untaken", func(p *peer) {
			p.meet()
			first, second := p.get(), p.get()
			p.want("HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			p.goAway(1, codeNo)
			second.ends(fmt.Sprintf(text, 1, "NO_ERROR")).is(true, true, false)
			first.pending()
			p.get().ends("http2: connection takes no more requests").is(false, true, false)
			p.ok(1)
			first.ends("200")
			p.gone()
		}},
		{"6.8: a graceful end: first with the highest id, then with the last", func(p *peer) {
			p.meet()
			first, second := p.get(), p.get()
			p.want("HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			p.goAway(maxID, codeNo)
			first.pending()
			second.pending()
			p.goAway(1, codeNo)
			second.ends(fmt.Sprintf(text, 1, "NO_ERROR")).is(true, true, false)
			p.ok(1)
			first.ends("200")
			p.gone()
		}},
		{"6.8: requests that wait are untaken and unsent", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			first, waits := p.get(), p.get()
			p.want("HEADERS 1 END_STREAM")
			p.goAway(1, codeNo)
			waits.ends("http2: connection takes no more requests").is(false, true, false)
			p.ok(1)
			first.ends("200")
			p.gone()
		}},
		{"6.8: an idle connection is closed", func(p *peer) {
			p.meet()
			p.goAway(0, codeNo)
			p.gone()
		}},
		{"6.8: an error on the very first request would come again", func(p *peer) {
			k := p.begin()
			p.goAway(0, codeEnhanceCalm)
			k.ends(fmt.Sprintf(text, 0, "ENHANCE_YOUR_CALM")).is(true, false, false)
		}},
		{"6.8: an error on a later request", func(p *peer) {
			first := p.begin()
			second := p.get()
			p.want("HEADERS 3 END_STREAM")
			p.goAway(1, codeEnhanceCalm)
			second.ends(fmt.Sprintf(text, 1, "ENHANCE_YOUR_CALM")).is(true, true, false)
			p.ok(1)
			first.ends("200")
			p.gone()
		}},
		{"6.8: the end of the connection after it", func(p *peer) {
			k := p.begin()
			p.goAway(1, codeProtocol)
			k.pending()
			_ = p.nc.Close()
			k.ends(fmt.Sprintf(text, 1, "PROTOCOL_ERROR")).is(true, false, false)
		}},
		{"6.8: the first error is the one that counts", func(p *peer) {
			k := p.begin()
			p.goAway(1, codeProtocol)
			p.goAway(1, codeNo)
			_ = p.nc.Close()
			k.ends(fmt.Sprintf(text, 1, "PROTOCOL_ERROR"))
		}},
		{"8.7: REFUSED_STREAM is of this stream alone", func(p *peer) {
			k := p.begin()
			p.reset(codeRefused)
			k.ends("stream error: stream ID 1; REFUSED_STREAM; received from peer").is(true, true, true)
			p.again(3)
		}},
		{"6.4: RST_STREAM before the head", func(p *peer) {
			k := p.begin()
			p.reset(2)
			k.ends("stream error: stream ID 1; INTERNAL_ERROR; received from peer").is(true, false, false)
			p.again(3)
		}},
		{"7: RST_STREAM with an unknown code", func(p *peer) {
			k := p.begin()
			p.reset(0xff)
			k.ends("stream error: stream ID 1; unknown error code 0xff; received from peer")
			p.again(3)
		}},
		{"6.4: RST_STREAM within the body", func(p *peer) {
			p.meet()
			k := p.read()
			p.want("HEADERS 1 END_STREAM")
			p.head(1, false, ":status", "200")
			p.data(false, "hello")
			p.reset(codeCancel)
			require.Equal(p.t, "hello", k.ends("stream error: stream ID 1; CANCEL; received from peer").body)
			p.again(3)
		}},
		{"6.4: RST_STREAM after the body is ignored", func(p *peer) {
			k := p.begin()
			p.ok(1)
			p.reset(codeNo)
			k.ends("200")
			p.again(3)
		}},
		{"5.4.2: RST_STREAM with PROTOCOL_ERROR: the connection takes no more requests", func(p *peer) {
			first := p.begin()
			second := p.get()
			p.want("HEADERS 3 END_STREAM")
			p.reset(codeProtocol)
			first.ends("stream error: stream ID 1; PROTOCOL_ERROR; received from peer").is(true, false, false)
			p.get().ends("http2: connection takes no more requests").is(false, true, false)
			p.ok(3)
			second.ends("200")
			p.gone()
		}},
		{"8.1: an answer before the upload has ended", func(p *peer) {
			p.meet()
			k := p.post(strings.Repeat("x", 1<<20))
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383")
			p.head(1, true, ":status", "413")
			p.want("RST_STREAM 1 NO_ERROR")
			k.ends("413").is(true, false, false)
			p.window(0, 1<<20)
			p.again(3)
		}},
		{"8.1: an answer while the upload is being written", func(p *peer) {
			p.meet()
			k := p.post(strings.Repeat("x", 1<<20))
			p.head(1, true, ":status", "413")
			k.pending() // because it is this request that is writing
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383", "RST_STREAM 1 NO_ERROR")
			k.ends("413").is(true, false, false)
			p.window(0, 1<<20)
			p.again(3)
		}},
		{"8.1: the server resets with NO_ERROR after an early answer", func(p *peer) {
			p.meet()
			k := p.post(strings.Repeat("x", 1<<20))
			p.want("HEADERS 1", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383")
			p.head(1, true, ":status", "413")
			p.want("RST_STREAM 1 NO_ERROR")
			p.reset(codeNo)
			k.ends("413")
			p.window(0, 1<<20)
			p.again(3)
		}},
		{"5.1.1: a connection that has used its numbers takes no more requests", func(p *peer) {
			p.meet(settingMaxStreams, 1)
			first := p.get()
			p.want("HEADERS 1 END_STREAM")
			calls := make([]*call, 5)
			for i := range calls {
				calls[i] = p.get()
			}
			p.conn.mu.Lock()
			p.conn.nextID = maxID
			p.conn.mu.Unlock()
			p.settings(settingMaxStreams, 100)
			p.want("SETTINGS ACK", "HEADERS 2147483647 END_STREAM")
			p.ok(1)
			p.ok(maxID)
			first.ends("200")
			answered := 0
			for _, k := range calls { // which was first is chance
				if k.wait(); k.err == nil {
					answered++
					continue
				}
				k.ends("http2: connection takes no more requests").is(false, true, false)
			}
			require.Equal(p.t, 1, answered)
			p.gone()
		}},
	})
}

// TestEndOfConnection has connections that end between any two frames, and within them.
func TestEndOfConnection(t *testing.T) {
	t.Parallel()
	steps := []struct {
		name string
		do   func(p *peer)
		want string
	}{
		{"before SETTINGS", func(*peer) {}, io.ErrUnexpectedEOF.Error()},
		{"after SETTINGS", func(p *peer) { p.settings(); p.want("SETTINGS ACK") }, io.ErrUnexpectedEOF.Error()},
		{"within a frame", func(p *peer) { _, _ = p.nc.Write([]byte{0, 0, 9}) }, io.ErrUnexpectedEOF.Error()},
		{"within a payload", func(p *peer) { _, _ = p.nc.Write([]byte{0, 0, 9, 1, 4, 0, 0, 0, 1, 0x88}) }, io.ErrUnexpectedEOF.Error()},
		{"after an interim head", func(p *peer) { p.head(1, false, ":status", "100") }, io.ErrUnexpectedEOF.Error()},
		{"within a head", func(p *peer) { p.raw(frameHeaders, 0, 1, "\x88") }, io.ErrUnexpectedEOF.Error()},
		{"after the head", func(p *peer) { p.head(1, false, ":status", "200") }, io.ErrUnexpectedEOF.Error()},
		{"after a piece", func(p *peer) { p.data(false, "x") }, io.ErrUnexpectedEOF.Error()},
		{"after the body", func(p *peer) { p.data(true, "x") }, "200"},
	}
	for i, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			play(t, func(p *peer) {
				k := p.get()
				p.preface()
				p.want("SETTINGS", "WINDOW_UPDATE 0 1073676289", "HEADERS 1 END_STREAM")
				for _, before := range steps[:i] {
					if !strings.Contains(before.name, "within") {
						before.do(p)
					}
				}
				if i == 0 || step.name != "" {
					step.do(p)
				}
				_ = p.nc.Close()
				k.ends(step.want).is(true, false, false)
				p.get().ends("http2: connection takes no more requests").is(false, true, false)
			})
		})
	}
}

// TestClose has the rules of a client that ends a connection.
func TestClose(t *testing.T) {
	t.Parallel()
	playAll(t, []rule{
		{"Close without a request", func(p *peer) {
			p.meet()
			p.conn.Close()
			p.gone()
		}},
		{"Close with requests under way", func(p *peer) {
			p.meet(settingMaxStreams, 2)
			first, second, waits := p.get(), p.read(), p.get()
			p.want("HEADERS 1 END_STREAM", "HEADERS 3 END_STREAM")
			p.conn.Close()
			first.ends("http2: connection closed").is(true, false, false)
			second.ends("http2: connection closed").is(true, false, false)
			waits.ends("http2: connection takes no more requests").is(false, true, false)
			p.gone()
		}},
		{"Close while a request is being written", func(p *peer) {
			k := p.get()
			p.conn.Close()
			k.ends("http2: connection closed").is(false, true, false)
		}},
		{"Close after a request was cut off asks whether the server has read so far", func(p *peer) {
			p.meet()
			k := p.call(request("GET", ""), time.Second)
			p.want("HEADERS 1 END_STREAM")
			k.wait()
			p.conn.Close()
			_, f := p.next()
			require.Equal(p.t, "RST_STREAM 1 CANCEL", describe(f))
			_, f = p.next()
			require.Equal(p.t, "PING", describe(f))
			p.raw(framePing, flagAck, 0, pingOf(f))
			p.gone()
		}},
		{"Close does not ask for long", func(p *peer) {
			p.meet()
			k := p.call(request("GET", ""), time.Second)
			p.want("HEADERS 1 END_STREAM")
			k.wait()
			start := time.Now()
			p.conn.Close()
			p.gone("RST_STREAM 1 CANCEL", "PING")
			require.Equal(p.t, farewell, time.Since(start))
		}},
		{"CloseIdle spares a connection in use", func(p *peer) {
			k := p.begin()
			require.False(p.t, p.conn.CloseIdle())
			require.Zero(p.t, p.conn.Idle())
			p.ok(1)
			k.ends("200")
			time.Sleep(time.Second)
			require.GreaterOrEqual(p.t, p.conn.Idle(), time.Second)
			require.True(p.t, p.conn.CloseIdle())
			p.gone()
		}},
	})
}

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

// TestPanics: a connection that panics ends requests, and nothing else.
func TestPanics(t *testing.T) {
	t.Parallel()
	t.Run("in Write", func(t *testing.T) {
		t.Parallel()
		playOn(t, func(nc net.Conn) net.Conn { return &panickyConn{Conn: nc, write: true} }, func(p *peer) {
			k := p.get().wait()
			k.ends("panic: in Write").is(false, true, false)
		})
	})
	t.Run("in Read", func(t *testing.T) {
		t.Parallel()
		playOn(t, func(nc net.Conn) net.Conn { return &panickyConn{Conn: nc} }, func(p *peer) {
			k := p.get()
			require.Contains(t, []string{"panic: in Read", errUnusable.Error()}, k.wait().err.Error())
			k.is(false, true, false)
		})
	})
}

type panickyConn struct {
	net.Conn

	write bool
}

func (c *panickyConn) Read(p []byte) (int, error) {
	if !c.write {
		panic("in Read")
	}
	return c.Conn.Read(p)
}

func (c *panickyConn) Write(p []byte) (int, error) {
	if c.write {
		panic("in Write")
	}
	return c.Conn.Write(p)
}

// TestFloods: what a server sends without end, it sends in vain (section 10.5).
func TestFloods(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		begin func(p *peer)
		frame func(p *peer) error
	}{
		{"SETTINGS", nil, func(p *peer) error { return p.fr.WriteSettings() }},
		{"acknowledgements", nil, func(p *peer) error { return p.fr.WriteSettingsAck() }},
		{"PING", nil, func(p *peer) error { return p.fr.WritePing(false, [8]byte{}) }},
		{"answers to PING", nil, func(p *peer) error { return p.fr.WritePing(true, [8]byte{}) }},
		{"unknown frames", nil, func(p *peer) error { return p.fr.WriteRawFrame(0x77, 0, 0, nil) }},
		{"PRIORITY", nil, func(p *peer) error { return p.fr.WriteRawFrame(2, 0, 1, []byte("12345")) }},
		{"WINDOW_UPDATE of the connection", nil, func(p *peer) error { return p.fr.WriteWindowUpdate(0, 1) }},
		{"WINDOW_UPDATE of a stream", nil, func(p *peer) error { return p.fr.WriteWindowUpdate(1, 1) }},
		{"RST_STREAM of a stream that has ended", func(p *peer) { p.reset(codeCancel) }, func(p *peer) error {
			return p.fr.WriteRSTStream(1, 0)
		}},
		{"empty DATA", func(p *peer) { p.head(1, false, ":status", "200") }, func(p *peer) error {
			return p.fr.WriteData(1, false, nil)
		}},
		{"empty DATA of a stream that has ended", func(p *peer) { p.ok(1) }, func(p *peer) error {
			return p.fr.WriteData(1, false, nil)
		}},
		{"empty CONTINUATION", func(p *peer) { p.raw(frameHeaders, 0, 1, "\x88") }, func(p *peer) error {
			return p.fr.WriteContinuation(1, false, nil)
		}},
	} {
		for _, reads := range []bool{true, false} {
			name := test.name
			if !reads {
				name += ", to a server that does not read"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				play(t, func(p *peer) {
					k := p.begin()
					if test.begin != nil {
						test.begin(p)
					}
					if reads {
						p.drain()
					}
					sent := 0
					for ; sent < 2*maxUseless && test.frame(p) == nil; sent++ {
						continue
					}
					require.LessOrEqual(p.t, sent, maxUseless+2)
					if k.wait(); k.err != nil && !strings.Contains(test.name, "ended") {
						k.ends("connection error: ENHANCE_YOUR_CALM")
					}
				})
			})
		}
	}
}

// TestCuts: whatever is cut off and whenever, the server has seen exactly the requests that were sent.
func TestCuts(t *testing.T) {
	t.Parallel()
	for name, drop := range map[string]int{"connections that last": 1 << 30, "connections that end": 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { cuts(t, drop) })
		})
	}
}

func cuts(t *testing.T, drop int) {
	t.Helper()
	const workers, each = 20, 60
	var seen, sent int
	var mu sync.Mutex
	var pool []*counter
	connect := func() *Conn {
		ours, theirs := net.Pipe()
		s := &counter{nc: theirs, drop: drop, over: make(chan struct{})}
		go s.serve()
		mu.Lock()
		pool = append(pool, s)
		mu.Unlock()
		return NewConn(ours, nil)
	}
	conn := connect()
	current := func(old *Conn) *Conn {
		mu.Lock()
		defer mu.Unlock()
		if old != conn {
			return conn
		}
		mu.Unlock()
		next := connect()
		mu.Lock()
		conn = next
		return conn
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			var s Stream
			defer s.Release()
			mu.Lock()
			c := conn
			mu.Unlock()
			for i := range each {
				body := strings.Repeat("x", (w*each+i)%5*30_000)
				wait := time.Duration((w*7919+i*104729)%5000) * time.Microsecond
				err := s.RoundTrip(c, request("POST", body), time.Now().Add(wait))
				if err == nil {
					_, _ = s.Discard()
				}
				s.Close()
				mu.Lock()
				if s.Reply.Sent {
					sent++
				}
				mu.Unlock()
				if errors.Is(err, errUnusable) {
					c = current(c)
				}
			}
		})
	}
	wg.Wait()
	conn.Close()
	for _, s := range pool {
		_ = s.nc.SetReadDeadline(time.Now().Add(time.Second))
		<-s.over
		seen += s.seen
	}
	require.Equal(t, seen, sent)
	require.Positive(t, sent)
}

// A counter is a server that counts requests. It answers most of them, after a while.
type counter struct {
	nc   net.Conn
	drop int // after how many requests it closes the connection
	seen int
	over chan struct{}
}

func (s *counter) serve() {
	defer close(s.over)
	defer func() { _ = s.nc.Close() }()
	out := make(chan []byte, 10_000)
	var wg sync.WaitGroup
	wg.Go(func() {
		for b := range out {
			_, _ = s.nc.Write(b)
		}
	})
	defer wg.Wait()
	defer close(out)
	if _, err := io.ReadFull(s.nc, make([]byte, len(preface))); err != nil {
		return
	}
	out <- appendFrame(nil, 0, frameSettings, 0, 0)
	head := make([]byte, headerSize)
	for {
		if _, err := io.ReadFull(s.nc, head); err != nil {
			return
		}
		f := parseFrame(head)
		if f.kind == frameHeaders {
			s.seen++
		}
		if _, err := io.CopyN(io.Discard, s.nc, int64(f.length)); err != nil {
			return
		}
		switch {
		case s.seen >= s.drop:
			return
		case f.kind == frameData:
			out <- appendWord(appendWord(nil, frameWindowUpdate, 0, max(f.length, 1)), frameWindowUpdate, f.id, max(f.length, 1))
		}
		if (f.kind == frameData || f.kind == frameHeaders) && f.has(flagEndStream) && f.id%7 != 0 {
			time.Sleep(100 * time.Microsecond)
			out <- append(appendFrame(nil, 1, frameHeaders, flagEndHeaders|flagEndStream, f.id), 0x88)
		}
	}
}
