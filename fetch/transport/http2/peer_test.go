package http2

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A peer plays the server, frame by frame, on a connection without any buffer: what it does not read is not written.
// Time is that of a synctest bubble, so it passes only once nobody can go on, and deadlines are exact.
type peer struct {
	t    *testing.T
	conn *Conn
	nc   net.Conn
	br   *bufio.Reader
	fr   *xhttp2.Framer
	out  bytes.Buffer
	enc  *hpack.Encoder
}

// play runs a script against a connection on which nothing has been sent.
func play(t *testing.T, script func(p *peer)) {
	t.Helper()
	playOn(t, func(nc net.Conn) net.Conn { return nc }, script)
}

// playOn does so with a connection of the test's own.
func playOn(t *testing.T, wrap func(net.Conn) net.Conn, script func(p *peer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		p := &peer{t: t, conn: NewConn(wrap(ours), nil), nc: theirs, br: bufio.NewReader(theirs)}
		defer func() {
			p.conn.Close()
			_ = theirs.Close()
			synctest.Wait()
			p.settled()
		}()
		p.fr = xhttp2.NewFramer(theirs, p.br)
		p.fr.AllowIllegalWrites = true
		p.fr.SetMaxReadFrameSize(1 << 24)
		p.enc = hpack.NewEncoder(&p.out)
		script(p)
	})
}

// settled checks that a connection that has ended refers to no stream.
func (p *peer) settled() {
	p.t.Helper()
	c := p.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	require.Error(p.t, c.err)
	require.Zero(p.t, c.active, "active")
	require.Empty(p.t, c.streams, "streams")
	require.Empty(p.t, c.waiting, "waiting")
	require.Empty(p.t, c.writer.queue, "queue")
	require.Empty(p.t, c.writer.batch, "batch")
}

// meet exchanges the prefaces. The settings are pairs.
func (p *peer) meet(settings ...uint32) {
	p.t.Helper()
	p.settings(settings...)
	p.preface()
	p.want("SETTINGS", fmt.Sprintf("WINDOW_UPDATE 0 %d", connWindow-defaultWindow), "SETTINGS ACK")
}

func (p *peer) preface() {
	p.t.Helper()
	got := make([]byte, len(preface))
	_, err := io.ReadFull(p.br, got)
	require.NoError(p.t, err)
	require.Equal(p.t, preface, string(got))
}

func (p *peer) settings(settings ...uint32) {
	p.t.Helper()
	var all []xhttp2.Setting
	for ; len(settings) > 0; settings = settings[2:] {
		all = append(all, xhttp2.Setting{ID: xhttp2.SettingID(settings[0]), Val: settings[1]}) // #nosec G115
	}
	require.NoError(p.t, p.fr.WriteSettings(all...))
}

// head sends a HEADERS frame with fields: names and values.
func (p *peer) head(id uint32, end bool, fields ...string) {
	p.t.Helper()
	require.NoError(p.t, p.fr.WriteHeaders(xhttp2.HeadersFrameParam{
		StreamID: id, BlockFragment: p.block(fields...), EndStream: end, EndHeaders: true,
	}))
}

func (p *peer) block(fields ...string) []byte {
	p.out.Reset()
	for ; len(fields) > 0; fields = fields[2:] {
		_ = p.enc.WriteField(hpack.HeaderField{Name: fields[0], Value: fields[1]})
	}
	return bytes.Clone(p.out.Bytes())
}

// ok sends a whole response.
func (p *peer) ok(id uint32) { p.t.Helper(); p.head(id, true, ":status", "200") }

// data sends a piece of the body of stream 1.
func (p *peer) data(end bool, data string) {
	p.t.Helper()
	for {
		part := data[:min(len(data), maxFrameSize)]
		data = data[len(part):]
		require.NoError(p.t, p.fr.WriteData(1, end && data == "", []byte(part)))
		if data == "" {
			return
		}
	}
}

// raw sends a frame that may be wrong.
func (p *peer) raw(kind frameType, flags uint8, id uint32, payload string) {
	p.t.Helper()
	require.NoError(p.t, p.fr.WriteRawFrame(xhttp2.FrameType(kind), xhttp2.Flags(flags), id, []byte(payload)))
}

// reset resets stream 1.
func (p *peer) reset(why Code) {
	p.t.Helper()
	require.NoError(p.t, p.fr.WriteRSTStream(1, xhttp2.ErrCode(why)))
}

func (p *peer) window(id, n uint32) {
	p.t.Helper()
	require.NoError(p.t, p.fr.WriteWindowUpdate(id, n))
}

func (p *peer) goAway(last uint32, why Code) {
	p.t.Helper()
	require.NoError(p.t, p.fr.WriteGoAway(last, xhttp2.ErrCode(why), []byte("debug data")))
}

// next reads a frame and describes it.
func (p *peer) next() (string, xhttp2.Frame) {
	p.t.Helper()
	f, err := p.fr.ReadFrame()
	if err != nil {
		return err.Error(), nil
	}
	return describe(f), f
}

func describe(f xhttp2.Frame) string {
	id := " " + strconv.FormatUint(uint64(f.Header().StreamID), 10)
	flag := func(text string, f bool) string {
		if f {
			return " " + text
		}
		return ""
	}
	switch f := f.(type) {
	case *xhttp2.HeadersFrame:
		return "HEADERS" + id + flag("END_STREAM", f.StreamEnded()) + flag("...", !f.HeadersEnded())
	case *xhttp2.ContinuationFrame:
		return "CONTINUATION" + id + flag("...", !f.HeadersEnded())
	case *xhttp2.DataFrame:
		return fmt.Sprintf("DATA%s %d%s", id, len(f.Data()), flag("END_STREAM", f.StreamEnded()))
	case *xhttp2.SettingsFrame:
		return "SETTINGS" + flag("ACK", f.IsAck())
	case *xhttp2.PingFrame:
		return "PING" + flag("ACK", f.IsAck())
	case *xhttp2.RSTStreamFrame:
		return "RST_STREAM" + id + " " + f.ErrCode.String()
	case *xhttp2.GoAwayFrame:
		return fmt.Sprintf("GOAWAY %d %v", f.LastStreamID, f.ErrCode)
	case *xhttp2.WindowUpdateFrame:
		return fmt.Sprintf("WINDOW_UPDATE%s %d", id, f.Increment)
	default:
		return f.Header().String()
	}
}

// want reads frames and compares their descriptions.
func (p *peer) want(frames ...string) {
	p.t.Helper()
	for _, want := range frames {
		got, _ := p.next()
		require.Equal(p.t, want, got)
	}
	synctest.Wait() // until the client knows that it has written them
}

// wantUpload reads the DATA frames of stream 1 and compares their text. It opens the windows for them.
func (p *peer) wantUpload(want string) {
	p.t.Helper()
	var text strings.Builder
	for {
		_, f := p.next()
		data, ok := f.(*xhttp2.DataFrame)
		require.True(p.t, ok, "%v", f)
		text.Write(data.Data())
		if data.StreamEnded() {
			break
		}
		if n := len(data.Data()); n > 0 {
			p.window(0, uint32(n))
			p.window(1, uint32(n))
		}
	}
	require.Equal(p.t, want, text.String())
}

// quiet checks that the client sends nothing more.
func (p *peer) quiet() {
	p.t.Helper()
	require.NoError(p.t, p.nc.SetReadDeadline(time.Now().Add(time.Microsecond)))
	_, err := p.br.Peek(1)
	var timeout net.Error
	if !errors.As(err, &timeout) {
		got, _ := p.next()
		require.Fail(p.t, "the client has sent something", "%s", got)
	}
	require.NoError(p.t, p.nc.SetReadDeadline(time.Time{}))
}

// gone checks that the client has closed the connection, after these frames.
func (p *peer) gone(frames ...string) {
	p.t.Helper()
	p.want(append(frames, io.EOF.Error())...)
}

// drain reads whatever the client sends, until the connection ends.
func (p *peer) drain() { go func() { _, _ = io.Copy(io.Discard, p.br) }() }

// A call is one request and what comes of it.
type call struct {
	t      *testing.T
	stream Stream
	begun  time.Time
	over   chan struct{}

	reply mux.Reply
	err   error // of the round trip or of the body
	body  string
	size  int64
	took  time.Duration
}

const ample = time.Minute

// get requests a page whose body is dropped.
func (p *peer) get() *call { return p.call(request(http.MethodGet, ""), ample) }

// read requests a page whose body is read.
func (p *peer) read() *call {
	req := request(http.MethodGet, "")
	req.Keeps = true
	return p.call(req, ample)
}

func (p *peer) post(body string) *call { return p.call(request(http.MethodPost, body), ample) }

// call makes a request in the background. Once it returns, the request has been written as far as the peer reads.
func (p *peer) call(req Request, timeout time.Duration) *call {
	k := &call{t: p.t, begun: time.Now(), over: make(chan struct{})}
	go k.run(p.conn, req, k.begun.Add(timeout))
	synctest.Wait()
	return k
}

func (k *call) run(c *Conn, req Request, deadline time.Time) {
	defer close(k.over)
	k.err = k.stream.RoundTrip(c, req, deadline)
	k.reply = k.stream.Reply
	switch {
	case k.err != nil:
	case req.Keeps:
		var text []byte
		text, k.err = io.ReadAll(k.stream.Body())
		k.body, k.size = string(text), int64(len(text))
	default:
		k.size, k.err = k.stream.Discard()
	}
	k.stream.Close()
	k.stream.Release()
	k.took = time.Since(k.begun)
}

// wait waits for the end of the request.
func (k *call) wait() *call { <-k.over; return k }

// ends checks that the request has ended already, and how: with a status or with an error.
func (k *call) ends(want string) *call {
	k.t.Helper()
	synctest.Wait()
	select {
	case <-k.over:
	default:
		require.Fail(k.t, "the request has not ended", "want %s", want)
	}
	got := strconv.Itoa(k.reply.Status)
	if k.err != nil {
		got = k.err.Error()
	}
	require.Equal(k.t, want, got)
	return k
}

// is checks what a reply says of a failed request.
func (k *call) is(sent, untaken, refused bool) {
	k.t.Helper()
	require.Equal(k.t, sent, k.reply.Sent, "sent")
	require.Equal(k.t, untaken, k.reply.Untaken, "untaken")
	require.Equal(k.t, refused, k.reply.Refused, "refused")
}

// pending checks that the request goes on.
func (k *call) pending() {
	k.t.Helper()
	synctest.Wait()
	select {
	case <-k.over:
		require.Fail(k.t, "the request has ended", "%d %v", k.reply.Status, k.err)
	default:
	}
}

func request(method, body string) Request {
	u := &url.URL{Scheme: "https", Host: "h", Path: "/"}
	req := (&http.Request{Method: method, URL: u, ContentLength: int64(len(body))}).WithContext(context.Background())
	fields, err := NewEncoder().Append(nil, req)
	if err != nil {
		panic(err)
	}
	return Request{Method: method, Fields: fields, Body: []byte(body)}
}

// begin exchanges the prefaces and has stream 1 under way.
func (p *peer) begin() *call {
	p.t.Helper()
	p.meet()
	k := p.get()
	p.want("HEADERS 1 END_STREAM")
	return k
}

// again checks that the connection still works, with the next stream.
func (p *peer) again(id uint32) {
	p.t.Helper()
	k := p.get()
	p.want(fmt.Sprintf("HEADERS %d END_STREAM", id))
	p.ok(id)
	k.ends("200")
}

// literal encodes a field without any table.
func literal(name, value string) []byte {
	b := mux.AppendLength([]byte{0}, len(name))
	return append(mux.AppendLength(append(b, name...), len(value)), value...)
}

// long sends a response whose head has many long fields.
func (p *peer) long(id uint32, fields, size int) {
	p.t.Helper()
	p.continued(id, flagEndStream, append([]byte{0x88}, bytes.Repeat(literal("x", strings.Repeat("y", size)), fields)...))
}

// interim sends a long interim head.
func (p *peer) interim(id uint32, size int) {
	p.t.Helper()
	p.continued(id, 0, append(literal(":status", "103"), literal("x", strings.Repeat("y", size))...))
}

func (p *peer) continued(id uint32, flags uint8, block []byte) {
	p.t.Helper()
	p.raw(frameHeaders, flags, id, "")
	for len(block) > 0 {
		part := block[:min(len(block), maxFrameSize)]
		block = block[len(part):]
		require.NoError(p.t, p.fr.WriteContinuation(id, len(block) == 0, part))
	}
}

func settingsOf(f xhttp2.Frame) string {
	var all []string
	_ = f.(*xhttp2.SettingsFrame).ForeachSetting(func(s xhttp2.Setting) error {
		all = append(all, strings.Trim(s.String(), "[]"))
		return nil
	})
	return "[" + strings.Join(all, " ") + "]"
}

func pingOf(f xhttp2.Frame) string {
	data := f.(*xhttp2.PingFrame).Data
	return string(data[:])
}

func blockOf(f xhttp2.Frame) []byte { return f.(*xhttp2.HeadersFrame).HeaderBlockFragment() }
