package fetch

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// lateCookies collects the cookies that responses set, until the run ends. Of each cookie it keeps one: the one that
// the last target in the list has set.
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
	// index is the target's; n counts the cookies that the target has set.
	index, n int
	jar      http.CookieJar
	url      *url.URL
	cookie   *http.Cookie
}

// add keeps the cookies that a target has set.
func (l *lateCookies) add(index int, jar http.CookieJar, set []transport.SetCookies) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = make(map[cookieKey]lateCookie)
	}
	n := 0
	for _, s := range set {
		for _, c := range s.Cookies {
			key, ok := keyOf(jar, s.URL, c)
			if !ok {
				continue
			}
			if known, ok := l.all[key]; !ok || known.index <= index {
				l.all[key] = lateCookie{index, n, jar, s.URL, c}
			}
			n++
		}
	}
}

// keyOf returns false for a cookie that no jar would accept, so that servers cannot fill the memory.
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

// store puts the cookies into their jars, in the order of the targets.
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
