package http2

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
