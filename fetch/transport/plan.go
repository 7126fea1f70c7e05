package transport

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// plan is what a request for a URL needs, worked out once.
type plan struct {
	url    *url.URL
	masked string
	// origin is where the request goes, if it may go directly: see attempt.direct.
	origin origin
	direct bool
	// wire is the request encoded for a protocol, if it depends only on the URL and the spec.
	wire []byte
	over protocol
}

// origin is the server that connections are made to.
type origin struct {
	key     string // scheme, host, port and version: the key of kept connections
	addr    string // host and port
	host    string // for TLS
	secure  bool
	version Version
	altSvc  bool // it may offer HTTP/3
}

// shape is what a plan depends on besides the URL. Specs of one shape, such as those of the same call in each
// iteration, share plans.
type shape struct {
	plans map[string]*plan
	// special reports whether only net/http can send the headers.
	special bool
}

// planner keeps plans for a bounded number of URLs.
type planner struct {
	mu     sync.Mutex
	shapes map[string]*shape
	kept   int
}

// MaxPlans is how many plans a client keeps. The URLs of a longer list are most likely requested once, and would only
// displace the plans of URLs that are requested again.
const MaxPlans = 2048

// shapeOf returns the shape of a spec. It is nil for a spec with a body or cookies of its own, because its requests
// differ.
func (p *planner) shapeOf(s *Spec) *shape {
	if s.Body != nil || len(s.Cookies) > 0 || s.Auth != AuthBasic {
		return nil
	}
	var b strings.Builder
	b.WriteString(s.method() + s.Version.suffix() + strconv.FormatBool(s.AltSvc) + "\n" + s.Host + "\n")
	names := make([]string, 0, len(s.Header))
	for name := range s.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(name + ":" + strings.Join(s.Header[name], "\n\t") + "\n")
	}
	key := b.String()

	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.shapes[key]
	if found == nil {
		if p.shapes == nil {
			p.shapes = make(map[string]*shape)
		}
		p.kept++
		found = &shape{plans: make(map[string]*plan), special: isSpecial(s.Header)}
		p.shapes[key] = found
	}
	return found
}

// renew forgets all plans when there are too many, for the URLs of the run that begins.
func (p *planner) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept >= MaxPlans {
		p.shapes, p.kept = nil, 0
	}
}

// plan returns a kept plan of the request, or the session's own, which is valid until the next call. It fails if the
// URL cannot be parsed.
func (a *attempt) plan(s *shape) (*plan, error) {
	c, raw := a.client, a.req.URL
	keeps := s != nil && a.cfg.KeepPlans
	if keeps {
		if kept := c.planner.find(s, raw); kept != nil && (!kept.direct || kept.over == c.protocolFor(kept.origin)) {
			return kept, nil
		}
	}
	p := &a.own
	*p = plan{masked: raw}
	var plain bool
	if p.url, plain = a.near.origin.Parse(raw); !plain {
		var err error
		if p.url, err = url.Parse(raw); err != nil {
			return nil, failure.InvalidURL(raw, err)
		}
		p.masked = urltext.Mask(urltext.Canonical(p.url, raw))
		a.near.origin.Learn(p.url, raw)
	}
	p.origin, p.direct = a.direct(s, p.url)
	if s != nil && p.direct {
		p.over = c.protocolFor(p.origin)
		wire, err := a.encode(s, p.url, p.over)
		if p.direct = err == nil; p.direct { // otherwise net/http will return the error
			p.wire = wire
		}
	}
	if keeps {
		return c.planner.keep(s, raw, p), nil
	}
	return p, nil
}

// ownURL replaces the URL of the session's own plan by a copy that net/http may keep.
func (a *attempt) ownURL() {
	if a.planned == &a.own {
		u := *a.own.url
		a.own.url = &u
	}
}

// encode returns the request's bytes. They are valid until the next call, which reuses the buffer.
func (a *attempt) encode(s *shape, u *url.URL, over protocol) ([]byte, error) {
	w := &a.wire
	if w.shape == s && w.over == over {
		if bytes, ok := w.appendAlike(u); ok {
			return bytes, nil
		}
	}
	req := newRequest(a.ctx, a.spec, u)
	authorize(req)
	bytes, err := a.encodeRequest(req, over)
	if err != nil {
		return nil, err
	}
	w.shape, w.over = s, over
	if over == overHTTP1 {
		w.template.Learn(req, bytes)
	}
	return bytes, nil
}

// appendAlike encodes the request for a URL like the last one.
func (w *wire) appendAlike(u *url.URL) (bytes []byte, ok bool) {
	if w.over == overHTTP1 {
		bytes, ok = w.template.Append(w.bytes[:0], u)
	} else {
		bytes, ok = w.encoders.of(w.over).AppendAlike(w.bytes[:0], u)
	}
	if ok {
		w.bytes = bytes
	}
	return bytes, ok
}

// encodeRequest encodes a request: with its body for HTTP/1.1, and otherwise without.
func (a *attempt) encodeRequest(req *http.Request, over protocol) (bytes []byte, err error) {
	w := &a.wire
	w.shape = nil
	if over == overHTTP1 {
		bytes, err = http1.AppendWire(w.bytes[:0], req, a.client.transport.DisableKeepAlives)
	} else if err = http1.CheckRequest(req); err == nil {
		bytes, err = w.encoders.of(over).Append(w.bytes[:0], req)
	}
	if err == nil {
		w.bytes = bytes
	}
	return bytes, err
}

// shown is the URL of a request as samples and results show it.
func (a *attempt) shown(u *url.URL) string {
	if u == a.planned.url {
		return a.planned.masked
	}
	return urltext.Mask(u.String())
}

func (p *planner) find(s *shape, raw string) *plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	return s.plans[raw]
}

// keep keeps a copy of a plan, unless there are too many.
func (p *planner) keep(s *shape, raw string, made *plan) *plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, again := s.plans[raw]; !again { // else it was for another protocol
		if p.kept >= MaxPlans {
			return made
		}
		p.kept++
	}
	kept, u := *made, *made.url
	kept.url, kept.wire = &u, slices.Clone(made.wire)
	s.plans[raw] = &kept
	return &kept
}

// direct reports whether a request for a URL may go directly, and to which origin. It may not if it needs net/http: for
// a proxy, for host names outside ASCII, for a log, and for headers that change how the connection is used.
func (a *attempt) direct(s *shape, u *url.URL) (origin, bool) {
	if a.cfg.Wrap != nil || s != nil && s.special || s == nil && isSpecial(a.spec.Header) {
		return origin{}, false
	}
	return a.reach(u)
}

// isSpecial reports whether headers change how a connection is used.
func isSpecial(header http.Header) bool {
	for _, name := range [...]string{"Connection", "Expect", "Te", "Trailer", "Transfer-Encoding", "Upgrade"} {
		if _, special := header[name]; special {
			return true
		}
	}
	return false
}

// reach returns the origin of a URL, and whether it is reached directly. It remembers the last one, because the next
// URL is mostly on the same server.
func (a *attempt) reach(u *url.URL) (origin, bool) {
	c, last := a.client, &a.near.reached
	if name := (originName{u.Scheme, u.Host, a.spec.Version, a.spec.AltSvc}); last.name != name {
		*last = reached{name, c.origins.of(name, u, a.proxied)}
	}
	return last.origin, last.direct
}

// proxied reports whether requests for a URL go through a proxy. Finding out may take a look-up, which ends with the
// attempt.
func (a *attempt) proxied(u *url.URL) bool {
	proxy := a.client.transport.Proxy
	if proxy == nil {
		return false
	}
	via, err := proxy((&http.Request{URL: u}).WithContext(a.timed()))
	return via != nil || err != nil
}

// origins remembers which origins can be reached directly, because the address and the proxy are the same for all URLs
// of a host.
type origins struct {
	mu    sync.RWMutex
	known map[originName]reach
}

type originName struct {
	scheme, host string
	version      Version
	altSvc       bool
}

type reach struct {
	origin origin
	direct bool
}

// reached is how the URLs of a host are reached.
type reached struct {
	name originName
	reach
}

func (o *origins) of(name originName, u *url.URL, proxied func(*url.URL) bool) reach {
	o.mu.RLock()
	found, ok := o.known[name]
	o.mu.RUnlock()
	if ok {
		return found
	}
	found.origin, found.direct = originOf(u, name.version)
	found.direct = found.direct && !proxied(u)
	found.origin.altSvc = name.altSvc && found.origin.secure && name.version == VersionAny
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil || len(o.known) >= MaxPlans {
		o.known = make(map[originName]reach)
	}
	o.known[name] = found
	return found
}

// originOf is the origin of a URL. It returns false for a URL that is not plain HTTP or HTTPS.
func originOf(u *url.URL, v Version) (origin, bool) {
	var port string
	switch u.Scheme {
	case "http":
		port = "80"
	case "https":
		port = "443"
	default:
		return origin{}, false
	}
	host := u.Hostname()
	if u.Host == "" || strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return origin{}, false
	}
	if p := u.Port(); p != "" {
		port = p
	}
	secure := u.Scheme == "https"
	switch {
	case secure:
	case v == Version1:
		v = VersionAny // the same without TLS, so they share connections
	case v == Version3:
		return origin{}, false // there is no HTTP/3 without TLS
	}
	addr := net.JoinHostPort(host, port)
	return origin{
		key: u.Scheme + "://" + addr + v.suffix(), addr: addr, host: host, secure: secure, version: v,
	}, true
}
