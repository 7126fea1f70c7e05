package page

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// look asks the cache for an item. A response that may be used while it is validated is validated first, because what a
// visit leaves behind would be in nobody's result.
func (v *Visit) look(it *item) {
	it.asked = &cache.Request{
		Method: cmp.Or(it.spec.Method, http.MethodGet), URL: canonical(it.url), Header: sentHeader(it), Partition: v.top,
	}
	found := v.options.Cache.Look(it.asked, time.Now())
	switch {
	case found.Entry == nil, it.needsBody() && found.Entry.Body == nil && found.Entry.Length > 0:
		return // there is nothing, or not what is needed
	case found.Fresh && !found.Revalidate:
		it.fresh, it.entry, it.header = true, found.Entry, found.Header()
	default:
		it.entry = found.Entry
		spec := *it.spec
		spec.Header = maps.Clone(spec.Header)
		maps.Copy(spec.Header, found.Validators)
		it.spec = &spec
	}
}

// needsBody reports whether anybody will look at the body.
func (it *item) needsBody() bool {
	return it.inspected() || it.spec.ResponseType != transport.ResponseNone
}

// canonical is a URL as net/url writes it.
func canonical(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		return u.String()
	}
	return raw
}

// sentHeader is what a request will send, cookies included, as far as responses may vary by it.
func sentHeader(it *item) http.Header {
	if it.spec.Jar == nil {
		return it.spec.Header
	}
	u, err := url.Parse(it.url)
	if err != nil {
		return it.spec.Header
	}
	cookies := it.spec.Jar.Cookies(u)
	if len(cookies) == 0 {
		return it.spec.Header
	}
	pairs := make([]string, len(cookies))
	for i, c := range cookies {
		pairs[i] = c.Name + "=" + c.Value
	}
	header := maps.Clone(it.spec.Header)
	header["Cookie"] = []string{strings.Join(pairs, "; ")}
	return header
}

// Stored implements fetch.Page.
func (v *Visit) Stored(index int) *fetch.Stored {
	it := v.item(index)
	switch {
	case it == nil || it.asks():
		return nil
	case it.refused != "":
		return &fetch.Stored{Refused: it.refused}
	}
	return &fetch.Stored{
		Status: it.entry.Status, Header: it.header, Body: it.entry.Body,
		StatusText: strconv.Itoa(it.entry.Status) + " " + http.StatusText(it.entry.Status),
	}
}

// validated reports whether a result is a server's word that what the cache has is still good.
func (it *item) validated(r *fetch.Result) bool {
	return it.entry != nil && !r.FromCache && r.Status == http.StatusNotModified
}

// keeper keeps a body for the cache, unless it is too large.
type keeper struct {
	bytes.Buffer

	most int64
	over bool
}

func (k *keeper) Write(p []byte) (int, error) {
	if k.over || int64(k.Len()+len(p)) > k.most {
		k.over, k.Buffer = true, bytes.Buffer{}
		return len(p), nil
	}
	return k.Buffer.Write(p)
}

// keeperOf returns what keeps the body of a response, nil if nobody needs it.
func (v *Visit) keeperOf(it *item, head *transport.Head) *keeper {
	if it.asked == nil || it.spec.ResponseType != transport.ResponseNone {
		return nil
	}
	most, ok := v.options.Cache.Accepts(it.asked, head.Status, head.Header(), time.Now())
	if !ok {
		return nil
	}
	return &keeper{most: most}
}

// store gives a response to the cache. After redirects it is that of another URL, whose own head nobody has seen.
func (v *Visit) store(it *item, r *fetch.Result) {
	if it.asked == nil || r.Status == 0 || len(r.Response.Redirects) > 0 {
		return
	}
	response := &cache.Response{Status: r.Status, Header: r.Response.Header(), Body: r.Response.Body, Length: r.Bytes}
	if it.kept != nil {
		response.Body, response.Incomplete = bytes.Clone(it.kept.Bytes()), it.kept.over
	}
	asked := r.RunStarted.Add(r.Started())
	v.options.Cache.Store(it.asked, response, asked, time.Now())
	v.options.Cache.Invalidate(it.asked, response)
}

// freshen renews what the cache has after a server has said that it is still good, and goes on with it.
func (v *Visit) freshen(it *item, r *fetch.Result) *fetch.Stored {
	it.reused = true
	entry := v.options.Cache.Freshen(it.asked, it.entry, r.Response.Header(), r.RunStarted.Add(r.Started()), time.Now())
	if it.spec.ResponseType != transport.ResponseNone {
		r.Response.Body = entry.Body
	}
	r.State = it.spec.StateOf(entry.Status)
	v.scan(it, entry.Status, entry.Header, entry.Body)
	return &fetch.Stored{Status: entry.Status, Header: entry.Header, Body: entry.Body}
}
