package http2

import (
	"fmt"
	"strings"
	"testing"

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
