package fetch

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch/http1"
)

// plan is what asking for a URL takes, worked out once.
type plan struct {
	url    *url.URL
	masked string
	// origin is where the request goes, if it may go directly: see Client.direct.
	origin origin
	direct bool
	// wire is the request as it is sent, if it is made of nothing but the URL and the spec.
	wire []byte
}

// origin is where connections are made to.
type origin struct {
	key    string // scheme, host and port: what connections are kept by
	addr   string // host and port
	host   string // for TLS
	secure bool
}

// shape is what a plan depends on besides the URL. Specs of one shape, such as those of the same call in each
// iteration, share the plans of their URLs.
type shape struct {
	plans map[string]*plan
}

// planner keeps plans, for a bounded number of URLs.
type planner struct {
	mu     sync.Mutex
	shapes map[string]*shape
	kept   int
}

// maxPlans is how many plans a client keeps. A list that is longer is asked for once, and gains nothing from plans.
const maxPlans = 2048

// shapeOf returns the shape of a spec, nil for one whose requests are not alike: with a body or cookies of their own.
func (p *planner) shapeOf(s *Spec) *shape {
	if s.Body != nil || len(s.Cookies) > 0 || s.Auth != AuthBasic {
		return nil
	}
	var b strings.Builder
	b.WriteString(s.method() + "\n" + s.Host + "\n")
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
		found = &shape{plans: make(map[string]*plan)}
		p.shapes[key] = found
	}
	return found
}

// renew forgets all plans once there are too many, for the URLs of the run that begins.
func (p *planner) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept >= maxPlans {
		p.shapes, p.kept = nil, 0
	}
}

// plan returns the plan of a target. Its error is that of a URL that cannot be parsed.
func (c *Client) plan(target *Target, s *shape) (*plan, error) {
	if s != nil {
		c.planner.mu.Lock()
		kept := s.plans[target.URL]
		c.planner.mu.Unlock()
		if kept != nil {
			return kept, nil
		}
	}
	u, err := parseURL(target.URL)
	if err != nil {
		return nil, err
	}
	p := &plan{url: u, masked: MaskURL(target.URL)}
	p.origin, p.direct = c.direct(u, target.Spec.Header)
	if s == nil {
		return p, nil
	}
	if p.direct {
		req := newRequest(target.Spec, u)
		authorize(req)
		if p.wire, err = http1.AppendWire(nil, req, c.transport.DisableKeepAlives); err != nil {
			p.direct = false // net/http will say the same
		}
	}
	c.planner.mu.Lock()
	defer c.planner.mu.Unlock()
	if c.planner.kept < maxPlans {
		c.planner.kept++
		s.plans[target.URL] = p
	}
	return p, nil
}

// direct tells whether a request may go over a connection of the worker's own, in HTTP/1.1, and where to. It may not
// where net/http does more than that: for a proxy, for names outside ASCII, and for headers that change how the
// connection is used.
func (c *Client) direct(u *url.URL, header http.Header) (origin, bool) {
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port == "" || u.Host == "" || c.wrap != nil {
		return origin{}, false
	}
	for _, name := range []string{"Connection", "Expect", "Te", "Trailer", "Transfer-Encoding", "Upgrade"} {
		if _, special := header[name]; special {
			return origin{}, false
		}
	}
	host := u.Hostname()
	if strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		return origin{}, false
	}
	if proxy := c.transport.Proxy; proxy != nil {
		if via, err := proxy(&http.Request{URL: u}); via != nil || err != nil {
			return origin{}, false
		}
	}
	if p := u.Port(); p != "" {
		port = p
	}
	addr := net.JoinHostPort(host, port)
	return origin{key: u.Scheme + "://" + addr, addr: addr, host: host, secure: u.Scheme == "https"}, true
}
