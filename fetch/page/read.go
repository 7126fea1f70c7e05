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
	Close()
	Charset() string
}

// inspect returns what looks at the body of a response: for resources, for its digest, and to keep it. An attempt that
// fails is followed by another, which begins anew.
func (v *Visit) inspect(req *transport.Request, head *transport.Head) io.Writer {
	it := v.itemAt(req.URL)
	header := head.Header()
	v.reached(it, head.URL, header)
	rules := v.request(it)
	it.check = nil
	if it.found.Integrity != "" {
		it.check = integrity.New(rules.Integrity())
	}
	rules.Resource.URL = it.address
	if it.scanner = nil; it.parent == nil || rules.Check(header) == nil {
		it.scanner = v.scannerOf(it, head.Status, header)
	}
	if it.scanner != nil && it.check != nil {
		it.scanner = &verified{scanner: it.scanner, check: it.check}
	}
	it.kept = v.keeperOf(it, head.Status, header)
	var all writers
	if it.scanner != nil {
		all = append(all, it.scanner)
	}
	if it.check != nil {
		all = append(all, it.check)
	}
	if it.kept != nil {
		all = append(all, it.kept)
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// verified is a scanner of a body that does not count unless it has the right digest, which is known at its end.
type verified struct {
	scanner

	check *integrity.Check
	body  bytes.Buffer
}

func (v *verified) Write(p []byte) (int, error) { return v.body.Write(p) }

func (v *verified) Close() {
	if v.check.Err() == nil {
		_, _ = v.scanner.Write(v.body.Bytes())
	}
	v.scanner.Close()
}

// writers all get what is written. None of them fails.
type writers []io.Writer

func (w writers) Write(p []byte) (int, error) {
	for _, one := range w {
		_, _ = one.Write(p)
	}
	return len(p), nil
}

// reached notes what the references in a response depend on.
func (v *Visit) reached(it *item, at *url.URL, header http.Header) {
	base := *at // it is valid during the call only
	base.Fragment, base.RawFragment = "", ""
	v.mu.Lock()
	defer v.mu.Unlock()
	it.base, it.address, it.policy = &base, base.String(), request.ParsePolicy(header)
	if it.isDocument() {
		it.thirdParty = it.isThirdParty()
	}
}

// scannerOf returns what finds the resources of a response, nil if nothing in it is looked for.
func (v *Visit) scannerOf(it *item, status int, header http.Header) scanner {
	kind := header.Get("Content-Type")
	found := func(r discover.Resource) { v.find(it, r) }
	switch {
	case status == http.StatusNotModified:
		return nil
	case it.isDocument() && isHTML(kind):
		browser := v.options.Browser
		browser.Frame, browser.Charset, browser.ReferrerPolicy = it.parent != nil, it.charset, it.policy
		return discover.NewHTML(it.base, kind, browser, found)
	case it.found.Type == discover.Style && status < http.StatusMultipleChoices && isCSS(kind):
		browser := v.options.Browser
		browser.Charset, browser.ReferrerPolicy = it.charset, cmp.Or(it.policy, it.around)
		return discover.NewCSS(it.base, kind, browser, found)
	default:
		return nil
	}
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
func (v *Visit) Judge(r *fetch.Result) {
	it := v.item(r.Index)
	if it == nil || r.Response == nil || it.refused != "" {
		return
	}
	switch {
	case r.FromCache:
		v.scan(it, it.entry.Status, it.entry.Header, it.entry.Body)
	case it.validated(r):
		v.freshen(it, r)
	default:
		v.learn(it, r)
		if it.scanner != nil {
			it.scanner.Close()
		}
		if v.options.Cache != nil {
			v.store(it, r)
		}
	}
	if err := v.refused(it, r); err != nil && r.State == fetch.StateDone {
		r.State, r.Error = fetch.StateFailed, err.Error()
	}
}

// scan finds the resources in a body that a cache has.
func (v *Visit) scan(it *item, status int, header http.Header, body []byte) {
	at, err := url.Parse(it.url)
	if err != nil {
		return // it could not have been fetched
	}
	v.reached(it, at, header)
	if it.scanner = v.scannerOf(it, status, header); it.scanner != nil {
		_, _ = it.scanner.Write(body)
		it.scanner.Close()
	}
}

// learn notes which HTTP a host speaks.
func (v *Visit) learn(it *item, r *fetch.Result) {
	if len(r.Response.Redirects) > 0 || !strings.HasPrefix(r.Response.Proto, "HTTP/2") {
		return // it may have been another host's
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	it.host.http2 = true
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
