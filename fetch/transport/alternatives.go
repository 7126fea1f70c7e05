package transport

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/alpn"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/altsvc"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/conns"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http3"
)

// alternatives are the servers that origins have offered by Alt-Svc to be asked over HTTP/3 (RFC 7838), and the
// connections to them that are being made. An alternative has to prove by TLS that it is its origin.
type alternatives struct {
	known altsvc.Cache

	mu     sync.Mutex
	dials  map[string]*altDial // by the keys of their connections
	closed context.Context     //nolint:containedctx // ends the dials
	close  context.CancelFunc
}

// headStart is how long a request waits for a connection over UDP before it goes over TCP, or a quarter of the time
// that it has left. It is what browsers give it about.
const headStart = 300 * time.Millisecond

// altDial is a connection to an alternative that is being made. It goes on when its request no longer waits.
type altDial struct {
	began time.Time
	done  chan struct{}
	marks trace // of whoever began it
}

// Why a request did not wait for HTTP/3, and why an alternative is not asked again.
var (
	errSlow        = errors.New("quic: no connection yet")
	errMisdirected = errors.New("http3: the alternative replied that it does not serve the origin")
)

// offers reports whether an origin has offered HTTP/3, so that it may be asked that way.
func (c *Client) offers(o *origin) bool {
	_, ok := c.alts.known.Find(o.key, time.Now())
	return ok
}

// alternative returns the connection to an alternative of an origin, whose key the pool has it under. It returns
// alpn.ErrProtocol if there is none in time; why is then noted for the result.
func (a *attempt) alternative(o origin, t *trace) (conn *conns.QUIC, dialed bool, way quicWay, err error) {
	c := a.client
	service, ok := c.alts.known.Find(o.key, time.Now())
	if !ok {
		a.fallBack(c.alts.known.Broken(o.key, time.Now()))
		return nil, false, way, alpn.ErrProtocol
	}
	authority := authorityOf(service, o)
	way = quicWay{key: o.key + " alternative " + authority, alternative: authority}
	if conn, ok := c.conns.HTTP3.Peek(way.key); ok {
		return conn, false, way, nil
	}
	d, mine := c.dialAlternative(a.ctx, o, service, way, a.deadline, a.spec.EarlyData)
	patience := time.NewTimer(min(headStart, time.Until(a.deadline)/4) - time.Since(d.began)) //nolint:mnd // see headStart
	defer patience.Stop()
	select {
	case <-d.done:
	case <-patience.C:
		a.fallBack(errSlow)
		return nil, false, way, alpn.ErrProtocol
	case <-a.ctx.Done():
		return nil, false, way, context.Cause(a.ctx)
	}
	conn, ok = c.conns.HTTP3.Peek(way.key)
	if !ok {
		a.fallBack(c.alts.known.Broken(o.key, time.Now()))
		return nil, false, way, alpn.ErrProtocol
	}
	if mine {
		t.takeDial(&d.marks)
	}
	return conn, mine, way, nil
}

// fallBack notes why a request goes over TCP.
func (a *attempt) fallBack(why error) {
	if why == nil {
		why = errSlow // it was forgotten since
	}
	_, a.hop.fallback = failure.Classify(why, a.client.classify)
}

// dialAlternative makes a connection to an alternative, unless that is under way. It reports whether it was not.
func (c *Client) dialAlternative(
	ctx context.Context, o origin, service altsvc.Service, way quicWay, deadline time.Time, early bool,
) (d *altDial, mine bool) {
	alts := &c.alts
	alts.mu.Lock()
	defer alts.mu.Unlock()
	if d := alts.dials[way.key]; d != nil {
		return d, false
	}
	if alts.dials == nil {
		alts.dials = make(map[string]*altDial)
	}
	if alts.closed == nil || alts.closed.Err() != nil {
		alts.closed, alts.close = context.WithCancel(context.Background())
	}
	d = &altDial{began: time.Now(), done: make(chan struct{})}
	d.marks.reset(d.began)
	alts.dials[way.key] = d
	// The connection may come when its request no longer waits, and even after its run.
	dial, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	stop := context.AfterFunc(alts.closed, cancel) //nolint:contextcheck // the client's
	go func() {
		defer close(d.done)
		defer cancel()
		defer stop()
		var conn *conns.QUIC
		var err error
		if panicked := crash.Guard(func() {
			conn, err = c.dialQUIC(dial, o, way.alternative, way.key, early, &d.marks)
		}); panicked != nil {
			c.report(panicked)
			err = panicked
		}
		c.dialedAlternative(o, service, way.key, conn, err)
	}()
	return d, true
}

// dialedAlternative notes what has become of a connection.
func (c *Client) dialedAlternative(o origin, service altsvc.Service, key string, conn *conns.QUIC, err error) {
	alts := &c.alts
	alts.mu.Lock()
	closed := alts.closed.Err() != nil
	delete(alts.dials, key)
	alts.mu.Unlock()
	switch {
	case err == nil:
		alts.known.Mend(o.key, service)
		if !c.conns.HTTP3.Put(key, conn) {
			conn.Conn.Close()
		}
	case !closed:
		if failure.TimedOut(err) {
			err = http3.ErrHandshake
		}
		code, text := failure.Classify(err, c.classify)
		alts.known.Break(o.key, service, &failure.Error{Code: code, Text: text}, time.Now())
	}
}

// closeDials ends the connections that are being made.
func (a *alternatives) closeDials() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.close != nil {
		a.close()
	}
}

// authorityOf is the host and port of an alternative.
func authorityOf(s altsvc.Service, o origin) string {
	return net.JoinHostPort(cmp.Or(s.Host, o.host), strconv.Itoa(s.Port))
}

// learn notes what the response says about alternatives. One that does not serve the origin is not asked again
// (RFC 7838, section 6).
func (a *attempt) learn(o origin) {
	c, now := a.client, time.Now()
	if a.hop.over == overHTTP3 && a.hop.status == http.StatusMisdirectedRequest {
		if service, ok := c.alts.known.Find(o.key, now); ok {
			c.alts.known.Break(o.key, service, errMisdirected, now) // the origin may go on offering it
		}
		return
	}
	values, age := a.alternativesOffered()
	if len(values) > 0 {
		c.alts.known.Learn(o.key, values, age, now)
	}
}

// alternativesOffered returns the Alt-Svc of the response, and for how long a cache has kept it.
func (a *attempt) alternativesOffered() ([]string, time.Duration) {
	var header http.Header
	if a.hop.over == overHTTP1 {
		if head := a.reply.Head(); head != nil && !MayHave(head, altSvcField) {
			return nil, 0
		}
		header = a.reply.Header()
	} else {
		s, reply := a.answered()
		if !MayHave(reply.Text, altSvcField) {
			return nil, 0
		}
		header = s.Header()
	}
	seconds, _ := strconv.Atoi(header.Get("Age"))
	const most = 1 << 31 // RFC 9111, section 1.2.2
	return header[altSvcField], time.Duration(min(max(seconds, 0), most)) * time.Second
}

const (
	altSvcField = "Alt-Svc"
	// altUsed names the alternative that a request is sent to (RFC 7838, section 5).
	altUsed = "alt-used"
)
