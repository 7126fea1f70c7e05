package http2

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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
