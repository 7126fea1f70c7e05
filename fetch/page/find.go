package page

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// find takes a resource that a document or stylesheet refers to. Each URL is fetched once: a further reference to one
// that waits can make it more urgent. known reports whether it was remembered, and others may follow at once.
func (v *Visit) find(parent *item, found discover.Resource, known bool) {
	if !v.wants(found) {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	it := v.newItem(parent, found)
	before := v.byURL[it.url]
	switch {
	case it.frames > v.options.Depth:
	case before != nil:
		v.again(before, it)
	case len(v.items) > v.options.MaxResources:
		v.skip(it.url)
	default:
		v.add(it, nil)
		v.unannounced, v.together = true, known
	}
}

// announce has what was found begin.
func (v *Visit) announce() {
	v.mu.Lock()
	found := v.unannounced
	v.unannounced = false
	v.mu.Unlock()
	if found {
		v.more()
	}
}

func (v *Visit) wants(found discover.Resource) bool {
	return v.options.Wanted == nil ||
		v.options.Wanted(Found{URL: found.URL, Host: urltext.Host(found.URL), Type: found.Type.String()})
}

// skip counts a resource beyond the bound. URLs are told apart up to a number, which bounds what an endless page takes.
func (v *Visit) skip(url string) {
	const most = 10_000
	if _, known := v.beyond[url]; known || len(v.beyond) >= most {
		return
	}
	if v.beyond == nil {
		v.beyond = make(map[string]struct{})
	}
	v.beyond[url] = struct{}{}
	v.skipped++
}

// newItem makes an item of what was found.
func (v *Visit) newItem(parent *item, found discover.Resource) *item {
	it := v.blank()
	it.found, it.parent, it.frames = found, parent, parent.frames
	it.url = upgraded(it.document(), found)
	it.address, it.found.URL = it.url, it.url
	if it.found.Type == discover.Style || it.isDocument() && request.Origin(it.url) == request.Origin(parent.address) {
		it.charset = parent.scanner.Charset()
	}
	it.around = parent.around
	if parent.isDocument() {
		it.around = parent.scanner.ReferrerPolicy()
	}
	if it.isDocument() {
		it.frames++
	}
	return it
}

// blank returns an empty item. They are made several at once, because a page has many.
func (v *Visit) blank() *item {
	const several = 16
	if len(v.blanks) == 0 {
		v.blanks = make([]item, several)
	}
	it := &v.blanks[0]
	v.blanks = v.blanks[1:]
	return it
}

// again notes a further reference to what was found before.
func (v *Visit) again(before, now *item) {
	before.blocks = before.blocks || now.blocking()
	if !now.found.Late {
		v.queue.hurry(before)
	}
	v.queue.raise(before, now.found.Priority)
}

// blocking reports whether the page cannot be shown before an item has come: frames block nothing but themselves, and
// what a stylesheet imports blocks what it blocks.
func (it *item) blocking() bool {
	switch {
	case it.parent == nil:
		return true
	case it.frames > 0 || it.found.Preload:
		return false
	default:
		return it.found.Blocking && it.parent.blocks
	}
}

// add puts an item at the end of the list, and in the queue. Its spec is made unless it is given: that of the page.
func (v *Visit) add(it *item, own *fetch.Spec) {
	if it.place = len(v.items); it.parent != nil {
		it.since = time.Since(v.began)
	}
	it.urgency, it.blocks = it.found.Priority, it.blocking()
	it.host = v.queue.hostOf(keyOf(it.url))
	it.spec, it.refused = v.spec(it, own), v.refusal(it)
	if v.options.Cache != nil && it.refused == "" {
		v.look(it)
	}
	v.items = append(v.items, it)
	v.byURL[it.url] = it
	v.queue.push(it)
}

// hostKey identifies what connections are made to.
type hostKey struct {
	secure bool
	name   string // with its port
}

func keyOf(raw string) hostKey {
	return hostKey{secure: len(raw) > len("https") && raw[len("http")]|0x20 == 's', name: urltext.Host(raw)}
}
