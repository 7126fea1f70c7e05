package fetch

import (
	"cmp"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// setCookies are what a response has set.
type setCookies struct {
	url     *url.URL
	cookies []*http.Cookie
}

// hasCookies reports whether requests for a URL carry cookies of the jar.
func (a *attempt) hasCookies(u *url.URL) bool { return a.spec.Jar != nil && len(a.jarCookies(u)) > 0 }

// addCookies adds the jar's cookies and, where they are for this host, those of the spec itself.
func (a *attempt) addCookies(req *http.Request, own bool) {
	replaced := make(map[string]bool)
	if own {
		for _, c := range a.spec.Cookies {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value}) // #nosec G124 -- sent, not set
			replaced[c.Name] = replaced[c.Name] || c.Replace
		}
	}
	if a.spec.Jar == nil {
		return
	}
	for _, c := range a.jarCookies(req.URL) {
		if !replaced[c.Name] {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value}) // #nosec G124 -- sent, not set
		}
	}
}

// storeCookies keeps what a response sets: in the jar, or until the run ends.
func (a *attempt) storeCookies(u *url.URL, header http.Header) {
	if a.spec.Jar == nil {
		return
	}
	cookies := (&http.Response{Header: header}).Cookies()
	switch {
	case len(cookies) == 0:
	case a.lateCookies:
		of := *u // the plan's own URL is good until the next target
		a.set = append(a.set, setCookies{&of, dated(cookies, time.Now())})
	default:
		a.spec.Jar.SetCookies(u, cookies)
	}
}

// jarCookies are those of the jar for a URL, as the target sees it: with what its own responses have set.
func (a *attempt) jarCookies(u *url.URL) []*http.Cookie {
	theirs := a.spec.Jar.Cookies(u)
	if len(a.set) == 0 {
		return theirs
	}
	own, touched := newJar(), newJar()
	for _, s := range a.set {
		own.SetCookies(s.url, s.cookies)
		touched.SetCookies(s.url, lasting(s.cookies))
	}
	mine, hidden := own.Cookies(u), touched.Cookies(u) // hidden are those that were deleted, too
	cookies := make([]*http.Cookie, 0, len(theirs)+len(mine))
	for _, c := range theirs {
		named := func(other *http.Cookie) bool { return other.Name == c.Name }
		switch i := slices.IndexFunc(mine, named); {
		case i >= 0: // it takes the place of the one before, as in a jar
			cookies = append(cookies, mine[i])
			mine = slices.Delete(mine, i, i+1)
		case !slices.ContainsFunc(hidden, named):
			cookies = append(cookies, c)
		}
	}
	return append(cookies, mine...)
}

func newJar() http.CookieJar {
	jar, _ := cookiejar.New(nil) // it never fails
	return jar
}

// dated returns cookies that expire when they would if they were put into a jar now.
func dated(cookies []*http.Cookie, now time.Time) []*http.Cookie {
	for _, c := range cookies {
		if c.MaxAge > 0 {
			c.Expires, c.MaxAge = now.Add(time.Duration(c.MaxAge)*time.Second), 0
		}
	}
	return cookies
}

// lasting returns copies of cookies that do not expire.
func lasting(cookies []*http.Cookie) []*http.Cookie {
	all := make([]*http.Cookie, len(cookies))
	for i, c := range cookies {
		lasts := *c // #nosec G124 -- as the server has set it
		lasts.Expires, lasts.MaxAge = time.Time{}, 0
		all[i] = &lasts
	}
	return all
}

// lateCookies are what the responses of a run have set, until it ends. Of each cookie it keeps one: that of the last
// target to set it, by the order of the targets.
type lateCookies struct {
	mu  sync.Mutex
	all map[cookieKey]lateCookie
}

// cookieKey identifies a cookie in a jar.
type cookieKey struct {
	jar                      http.CookieJar
	host, domain, path, name string
}

type lateCookie struct {
	// index is that of the target, and n counts what it has set.
	index, n int
	jar      http.CookieJar
	url      *url.URL
	cookie   *http.Cookie
}

// add keeps what a target has set.
func (l *lateCookies) add(index int, jar http.CookieJar, set []setCookies) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = make(map[cookieKey]lateCookie)
	}
	n := 0
	for _, s := range set {
		for _, c := range s.cookies {
			key, ok := keyOf(jar, s.url, c)
			if !ok {
				continue
			}
			if known, ok := l.all[key]; !ok || known.index <= index {
				l.all[key] = lateCookie{index, n, jar, s.url, c}
			}
			n++
		}
	}
}

// keyOf returns false for a cookie that no jar would take, so that servers cannot fill the memory with them.
func keyOf(jar http.CookieJar, u *url.URL, c *http.Cookie) (cookieKey, bool) {
	host, domain := strings.ToLower(u.Hostname()), strings.TrimPrefix(strings.ToLower(c.Domain), ".")
	if domain != "" && host != domain && !strings.HasSuffix(host, "."+domain) {
		return cookieKey{}, false
	}
	path := c.Path
	if !strings.HasPrefix(path, "/") {
		path = u.Path[:max(strings.LastIndexByte(u.Path, '/'), 0)]
	}
	return cookieKey{jar, host, domain, path, c.Name}, true
}

// store puts all of them into their jars, in the order of the targets.
func (l *lateCookies) store() {
	l.mu.Lock()
	defer l.mu.Unlock()
	order := make([]lateCookie, 0, len(l.all))
	for _, c := range l.all {
		order = append(order, c)
	}
	slices.SortFunc(order, func(a, b lateCookie) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.n, b.n))
	})
	for _, c := range order {
		c.jar.SetCookies(c.url, []*http.Cookie{c.cookie})
	}
	l.all = nil
}
