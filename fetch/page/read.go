package page

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/integrity"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// scanner finds resources in what is written to it.
type scanner interface {
	io.Writer
	// Close ends the body, which may not have come whole.
	Close(whole bool)
	// Charset and ReferrerPolicy are what the body has declared so far.
	Charset() string
	ReferrerPolicy() string
}

// finder is a scanner of package discover.
type finder interface {
	io.Writer
	Close()
	Charset() string
	ReferrerPolicy() string
}

// discoverer is a scanner that remembers nothing. To it, a body that was cut off has ended.
type discoverer struct{ finder }

func (d discoverer) Close(bool) { d.finder.Close() }

// inspect returns what looks at the body of a response: for resources, for its digest, and to keep it. An attempt that
// fails is followed by another, which begins anew.
func (v *Visit) inspect(req *transport.Request, head *transport.Head) io.Writer {
	it := v.itemAt(req.URL)
	v.reached(it, head.URL, policyOf(head))
	rules := v.request(it)
	it.check = nil
	if it.found.Integrity != "" {
		it.check = integrity.New(rules.Integrity())
	}
	rules.Resource.URL = it.address
	if it.scanner = nil; rules.Exempt() || rules.Check(head.Header()) == nil {
		it.scanner = v.scannerOf(it, head.Status, head.Get("Content-Type"))
	}
	if it.scanner != nil && it.check != nil {
		it.scanner = &verified{scanner: it.scanner, check: it.check}
	}
	it.kept = v.keeperOf(it, head)
	if it.scanner == nil && it.check == nil && it.kept == nil {
		return nil
	}
	return &body{v, it}
}

// policyOf returns the referrer policy of a response, without parsing its header if it has none.
func policyOf(head *transport.Head) string {
	if !head.MayHave("Referrer-Policy") {
		return ""
	}
	return request.ParsePolicy(head.Header())
}

// verified is a scanner of a body that does not count unless it has the right digest, which is known at its end.
type verified struct {
	scanner

	check *integrity.Check
	body  bytes.Buffer
}

func (v *verified) Write(p []byte) (int, error) { return v.body.Write(p) }

func (v *verified) Close(whole bool) {
	if v.check.Err() == nil {
		_, _ = v.scanner.Write(v.body.Bytes())
	}
	v.scanner.Close(whole)
}

// body is what the body of a response is written to: whoever looks at it. None of them fails.
type body struct {
	visit *Visit
	item  *item
}

func (b *body) Write(p []byte) (int, error) {
	if scanner := b.item.scanner; scanner != nil {
		_, _ = scanner.Write(p)
		b.visit.announce()
	}
	if check := b.item.check; check != nil {
		_, _ = check.Write(p)
	}
	if kept := b.item.kept; kept != nil {
		_, _ = kept.Write(p)
	}
	return len(p), nil
}

// reached notes what the references in a response depend on.
func (v *Visit) reached(it *item, at *url.URL, policy string) {
	base := *at // it is valid during the call only
	base.Fragment, base.RawFragment = "", ""
	v.mu.Lock()
	defer v.mu.Unlock()
	it.base, it.address, it.policy = &base, base.String(), policy
	if it.isDocument() {
		it.thirdParty = it.isThirdParty()
	}
}

// scannerOf returns what finds the resources of a response, nil if nothing in it is looked for.
func (v *Visit) scannerOf(it *item, status int, contentType string) scanner {
	from := source{address: it.address, contentType: contentType, browser: v.options.Browser}
	from.browser.Charset = it.charset
	var start func(found func(discover.Resource)) finder
	switch {
	case status == http.StatusNotModified:
		return nil
	case it.isDocument() && isHTML(contentType):
		from.browser.Frame, from.browser.ReferrerPolicy = it.parent != nil, it.policy
		start = func(found func(discover.Resource)) finder {
			return discover.NewHTML(it.base, contentType, from.browser, found)
		}
	case it.found.Type == discover.Style && status < http.StatusMultipleChoices && isCSS(contentType):
		from.style, from.browser.ReferrerPolicy = true, cmp.Or(it.policy, it.around)
		start = func(found func(discover.Resource)) finder {
			return discover.NewCSS(it.base, contentType, from.browser, found)
		}
	default:
		return nil
	}
	return v.options.Memory.scanner(from,
		func(found func(discover.Resource)) scanner { return discoverer{start(found)} },
		finds{
			// To scan takes a while: what is found begins meanwhile. To compare does not, and the workers that would be woken
			// would compete with whoever finds the rest.
			scanned: func(r discover.Resource) { v.find(it, r, false); v.announce() },
			known:   func(r discover.Resource) { v.find(it, r, true) },
		})
}

// isHTML reports whether a Content-Type is that of a page. Without one, it may be.
func isHTML(kind string) bool {
	switch discover.Essence(kind) {
	case "", "text/html", "application/xhtml+xml":
		return true
	default:
		return false
	}
}

// isCSS reports whether browsers use a stylesheet of a Content-Type.
func isCSS(kind string) bool {
	kind = discover.Essence(kind)
	return kind == "" || kind == "text/css"
}

// inspected reports whether anybody looks at the body of an item.
func (it *item) inspected() bool {
	return it.isDocument() || it.found.Type == discover.Style || it.found.Integrity != ""
}

// Judge implements fetch.Page.
func (v *Visit) Judge(r *fetch.Result) (instead *fetch.Stored) {
	it := v.item(r.Index)
	if it == nil || r.Response == nil || it.refused != "" {
		return nil
	}
	switch {
	case r.FromCache:
		instead = v.Stored(r.Index)
		v.scan(it, it.entry.Status, it.entry.Header, it.entry.Body)
	case it.validated(r):
		instead = v.freshen(it, r)
	default:
		v.learn(it, r)
		if it.scanner != nil {
			it.scanner.Close(r.Status != 0)
		}
		if v.options.Cache != nil {
			v.store(it, r)
		}
	}
	v.announce()
	if err := v.refused(it, r); err != nil && r.State == fetch.StateDone {
		r.State, r.Error = fetch.StateFailed, err.Error()
	}
	return instead
}

// scan finds the resources in a body that a cache has.
func (v *Visit) scan(it *item, status int, header http.Header, body []byte) {
	at, err := url.Parse(it.url)
	if err != nil {
		return // it could not have been fetched
	}
	v.reached(it, at, request.ParsePolicy(header))
	if it.scanner = v.scannerOf(it, status, header.Get("Content-Type")); it.scanner != nil {
		_, _ = it.scanner.Write(body)
		it.scanner.Close(true)
	}
}

// learn notes which HTTP a host speaks.
func (v *Visit) learn(it *item, r *fetch.Result) {
	proto := r.Response.Proto
	if len(r.Response.Redirects) > 0 || !strings.HasPrefix(proto, "HTTP/2") && !strings.HasPrefix(proto, "HTTP/3") {
		return // it may have been another host's
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	it.host.shares = true
}

// refused is why a browser would not let the page have a response.
func (v *Visit) refused(it *item, r *fetch.Result) error {
	if it.isForeign(r.Response) {
		rules := v.request(it)
		if len(r.Response.Redirects) > 0 {
			rules.Resource.URL = r.Response.URL
		}
		if err := rules.Check(r.Response.Header()); err != nil {
			return err
		}
	}
	if it.check != nil && !r.FromCache && r.Status != http.StatusNotModified {
		return it.check.Err()
	}
	return nil
}

// isForeign reports whether a response of another origin may be none of the page's business: because of its header,
// which is not parsed for others, or because of what is asked of it.
func (it *item) isForeign(resp *fetch.Response) bool {
	if it.parent == nil || it.host == it.document().host && len(resp.Redirects) == 0 {
		return false
	}
	return it.spec.Header["Origin"] != nil || it.found.Integrity != "" || it.found.Type == discover.Track ||
		resp.MayHave("Cross-Origin-Resource-Policy")
}

func (v *Visit) itemAt(raw string) *item {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.byURL[raw]
}
