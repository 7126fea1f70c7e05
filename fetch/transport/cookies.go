package transport

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"time"
)

// OwnCookies are the cookies that the responses of one target have set, in their order. A cookie with a Max-Age has the
// Expires that follows from it.
type OwnCookies struct{ Set []SetCookies }

// SetCookies are the cookies that one response has set.
type SetCookies struct {
	URL     *url.URL
	Cookies []*http.Cookie
}

// hasCookies reports whether requests for a URL carry cookies of the jar.
func (a *attempt) hasCookies(u *url.URL) bool { return a.spec.Jar != nil && len(a.jarCookies(u)) > 0 }

// addCookies adds the jar's cookies and, if own, those of the spec itself.
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

// storeCookies keeps the cookies of a response: in the jar, or with the request.
func (a *attempt) storeCookies(u *url.URL, header http.Header) {
	if a.spec.Jar == nil {
		return
	}
	cookies := (&http.Response{Header: header}).Cookies()
	switch {
	case len(cookies) == 0:
	case a.req.Own != nil:
		of := *u // the plan's own URL is valid until the next request
		a.req.Own.Set = append(a.req.Own.Set, SetCookies{&of, dated(cookies, time.Now())})
	default:
		a.spec.Jar.SetCookies(u, cookies)
	}
}

// jarCookies are the jar's cookies for a URL, as changed by the responses of this request.
func (a *attempt) jarCookies(u *url.URL) []*http.Cookie {
	theirs := a.spec.Jar.Cookies(u)
	if a.req.Own == nil || len(a.req.Own.Set) == 0 {
		return theirs
	}
	own, touched := newJar(), newJar()
	for _, s := range a.req.Own.Set {
		own.SetCookies(s.URL, s.Cookies)
		touched.SetCookies(s.URL, lasting(s.Cookies))
	}
	mine, hidden := own.Cookies(u), touched.Cookies(u) // hidden includes deleted ones
	cookies := make([]*http.Cookie, 0, len(theirs)+len(mine))
	for _, c := range theirs {
		named := func(other *http.Cookie) bool { return other.Name == c.Name }
		switch i := slices.IndexFunc(mine, named); {
		case i >= 0: // it replaces the one before, as in a jar
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

// dated returns cookies with the expiry that they would get in a jar now.
func dated(cookies []*http.Cookie, now time.Time) []*http.Cookie {
	for _, c := range cookies {
		if c.MaxAge > 0 {
			c.Expires, c.MaxAge = now.Add(time.Duration(c.MaxAge)*time.Second), 0
		}
	}
	return cookies
}

// lasting returns copies of cookies, without their expiry.
func lasting(cookies []*http.Cookie) []*http.Cookie {
	all := make([]*http.Cookie, len(cookies))
	for i, c := range cookies {
		lasts := *c // #nosec G124 -- as the server has set it
		lasts.Expires, lasts.MaxAge = time.Time{}, 0
		all[i] = &lasts
	}
	return all
}
