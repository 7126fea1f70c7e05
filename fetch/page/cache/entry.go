package cache

import (
	"net/http"
	"strconv"
	"time"
)

// An Entry is a stored response. It never changes and may be read by many goroutines: an update replaces it.
type Entry struct {
	Status int
	Header http.Header // without the fields that concern one connection or one client; see kept
	Body   []byte
	Length int64

	age        age
	rules      rules
	validators http.Header // nil: it cannot be validated
	tag        http.Header // the part of validators that identifies the entry among those of its URL
	selection  []selector

	// These belong to the cache, whose lock guards them.
	owner      *resource // nil: it has left the cache
	prev, next *Entry
	used       uint64
	size       int64
}

// newEntry describes a response that the cache may store. The selection is empty.
func newEntry(resp *Response, requestTime, responseTime time.Time) *Entry {
	cc := parseDirectives(resp.Header["Cache-Control"])
	e := &Entry{Status: resp.Status, Header: kept(resp.Header, cc.fields), Body: resp.Body, Length: resp.Length}
	if resp.Body != nil {
		e.Length = int64(len(resp.Body))
	}
	e.age = newAge(resp.Header, requestTime, responseTime)
	if _, valid := dateField(e.Header, "Date", responseTime); !valid {
		e.Header["Date"] = []string{responseTime.UTC().Format(http.TimeFormat)} // RFC 9110, section 6.6.1
	}
	e.rules = newRules(resp.Status, resp.Header, &cc, e.age.date)
	e.validators, e.tag = validatorsOf(resp.Status, resp.Header)
	return e
}

// useful reports whether a request might ever be answered with the entry. RFC 9111 lets a cache store others too.
func (e *Entry) useful() bool {
	usable := e.rules.lifetime > 0 || e.rules.staleWhileRevalidate > 0
	return usable && !e.rules.noCache || e.validators != nil
}

// Found is what a cache can do for a request.
type Found struct {
	// Entry is nil if the cache has nothing that helps.
	Entry *Entry
	// Fresh reports that the entry answers the request.
	Fresh bool
	// Revalidate reports that the entry is fresh only because of stale-while-revalidate: the caller should validate it
	// beside that. One that cannot may wait for the validation, as if Fresh were false, because RFC 5861 is optional.
	Revalidate bool
	// GatewayTimeout reports that the request accepts a stored response only, and that there is none. The answer is a 504
	// (section 5.2.1.7).
	GatewayTimeout bool
	// Validators are added to the request if the entry is not fresh. They are shared: do not change them.
	Validators http.Header
	// Age is the entry's age (section 4.2.3).
	Age time.Duration
}

// Header returns a copy of the entry's header with the Age field that section 4 requires of a response from a cache.
func (f *Found) Header() http.Header {
	h := f.Entry.Header.Clone()
	h["Age"] = []string{strconv.FormatInt(int64(f.Age/time.Second), 10)}
	return h
}
