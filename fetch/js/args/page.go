package args

import (
	"errors"
	"net/http"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek"
	"github.com/grafana/sobek/parser"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// PageOptions are those that only page() has.
type PageOptions struct {
	page.Options

	Cache            PageCache
	include, ignored []page.Filter
}

// PageCache is what a visit takes responses from.
type PageCache uint8

// The caches: none, the VU's own, and that of all VUs.
const (
	CacheNone PageCache = iota
	CacheVU
	CacheShared
)

const (
	// defaultResources and mostResources bound the resources of a page.
	defaultResources, mostResources = 500, 100_000
	// pageConcurrency is how many requests of a page are in flight unless it is given. Limits for each host are lower.
	pageConcurrency = 100
	// mostFrames bounds how deep frames are followed.
	mostFrames = 10
	mostPixels = 100_000
	mostDPR    = 16
)

//nolint:gochecknoglobals // a constant list
var pageOptionNames = []string{
	"cache", "colorScheme", "css", "depth", "dpr", "ignore", "include", "lazy", "maxResources", "viewport",
}

func defaultPageOptions() PageOptions {
	return PageOptions{Options: page.Options{Depth: 1, MaxResources: defaultResources}}
}

// setPage reads an option of a page. It returns false if there is none of that name.
func (o *Options) setPage(key string, f Field) (known bool, err error) {
	p := &o.Page
	var which int
	switch key {
	case "cache":
		which, err = f.OneOf("none", "vu", "shared")
		p.Cache = []PageCache{CacheNone, CacheVU, CacheShared}[which]
	case "colorScheme":
		which, err = f.OneOf("light", "dark")
		p.Browser.PrefersDark = which == 1
	case "css":
		which, err = f.OneOf("used", "all")
		p.Browser.CSS = []discover.CSSMode{discover.Used, discover.All}[which]
	case "depth":
		p.Depth, err = f.IntegerTo(0, mostFrames)
	case "dpr":
		p.Browser.DPR, err = f.dpr()
	case "ignore":
		p.ignored, err = f.filters()
	case "include":
		p.include, err = f.filters()
	case "lazy":
		p.Browser.Lazy, err = f.Boolean()
	case "maxResources":
		p.MaxResources, err = f.IntegerTo(0, mostResources)
	case "viewport":
		p.Browser.Width, p.Browser.Height, err = f.viewport()
	default:
		return false, nil
	}
	return true, err
}

// IntegerTo reads a whole number in a range.
func (f Field) IntegerTo(least, most int) (int, error) {
	n, err := f.Integer(least)
	if err != nil || n > most {
		return 0, f.Wrong("an integer from " + strconv.Itoa(least) + " to " + strconv.Itoa(most))
	}
	return n, nil
}

func (f Field) dpr() (float64, error) {
	n, ok := f.Number()
	if !ok || n <= 0 || n > mostDPR {
		return 0, f.Wrong("a number of device pixels for each CSS pixel, above 0 and up to " + strconv.Itoa(mostDPR))
	}
	return n, nil
}

func (f Field) viewport() (width, height int, err error) {
	const must = "an object { width, height } in CSS pixels"
	err = f.Each(must, func(name string, side Field) (err error) {
		switch name {
		case "width":
			width, err = side.IntegerTo(1, mostPixels)
		case "height":
			height, err = side.IntegerTo(1, mostPixels)
		default:
			err = Unknown(side, "a part of a viewport", []string{"width", "height"})
		}
		return err
	})
	if err == nil && (width == 0 || height == 0) {
		err = f.Wrong(must)
	}
	return width, height, err
}

// maxFilters is how many filters there may be.
const maxFilters = 1000

// filters reads one filter of resources, or several.
func (f Field) filters() ([]page.Filter, error) {
	items := []Field{f}
	if f.isArray() {
		var err error
		if items, err = f.items(maxFilters); err != nil {
			return nil, err
		}
	}
	filters := make([]page.Filter, len(items))
	for i, item := range items {
		var err error
		if filters[i], err = item.filter(); err != nil {
			return nil, err
		}
	}
	return filters, nil
}

// filter reads a type, a host, or a regular expression that URLs are matched with.
func (f Field) filter() (page.Filter, error) {
	if o, ok := f.Value.(*sobek.Object); ok && o.ClassName() == "RegExp" {
		pattern, err := f.pattern(o)
		return page.Filter{URL: pattern}, err
	}
	text, err := f.Text("")
	switch {
	case err != nil || !isHostPattern(text):
		return page.Filter{}, f.wrongFilter("")
	case slices.Contains(page.Types(), text):
		return page.Filter{Type: text}, nil
	case typeMeant(text) != "":
		return page.Filter{}, f.wrongFilter(
			" (did you mean " + typeMeant(text) + "? For a host of that name, use a regular expression)")
	default:
		return page.Filter{Host: strings.ToLower(text)}, nil
	}
}

func (f Field) wrongFilter(hint string) error {
	return Misusef("%s must be a regular expression, a host ('cdn.example', '*.example') or a type (%s), "+
		"or an array of those; got %s%s", f.Path, strings.Join(page.Types(), ", "), describe(f.Value), hint)
}

// isHostPattern reports whether a text can be a host, or all below one. Types can be hosts.
func isHostPattern(text string) bool {
	below, _ := strings.CutPrefix(text, "*.")
	return below != "" && !strings.ContainsAny(below, "/ ?#@*")
}

// pattern turns a regular expression of JavaScript into one of Go, which any goroutine may use.
func (f Field) pattern(o *sobek.Object) (*regexp.Regexp, error) {
	source, flags := o.Get("source").String(), o.Get("flags").String()
	if strings.Contains(flags, "y") {
		return nil, f.wrongPattern("without the flag y", source, flags)
	}
	translated, err := parser.TransformRegExp(source, strings.Contains(flags, "s"), strings.Contains(flags, "u"))
	if err != nil {
		return nil, f.wrongPattern("without lookaround and back-references, because Go matches it", source, flags)
	}
	for _, flag := range []string{"i", "m"} {
		if strings.Contains(flags, flag) {
			translated = "(?" + flag + ")" + translated
		}
	}
	compiled, err := regexp.Compile(translated)
	var invalid *syntax.Error
	if errors.As(err, &invalid) {
		return nil, f.wrongPattern("that Go can match", source, flags+": "+string(invalid.Code))
	}
	return compiled, err
}

// wrongPattern shows a pattern with its slashes plain, so that a URL in it is recognized as one and its secrets hidden.
func (f Field) wrongPattern(must, source, rest string) error {
	source = strings.NewReplacer(`\/`, "/", `\u002f`, "/").Replace(source)
	return Misusef("%s must be a regular expression %s; got /%s/%s", f.Path, must, shown(source), rest)
}

// Visit returns the options of a visit whose document has that spec.
func (o *Options) Visit(document *fetch.Spec) page.Options {
	if !o.concurrencyGiven {
		o.Concurrency = pageConcurrency
	}
	visit := o.Page.Options
	visit.PerHost = page.PerHost{Limit: o.PerHost, Given: o.perHostGiven}
	visit.Wanted = page.Filtered(o.Page.include, o.Page.ignored)
	visit.SpecOf = func(host, kind string) *fetch.Spec { return resourceSpec(document, host, kind) }
	return visit
}

// typeTag is the tag with the type of a resource.
const typeTag = "type"

// DocumentSpec is the spec of the page itself.
func DocumentSpec(of *fetch.Spec) *fetch.Spec {
	spec := *of
	spec.Attachment = tagged(of, func(tags *metrics.TagsAndMeta) {
		tags.SetTag(typeTag, discover.Document.String())
	})
	return &spec
}

// resourceSpec is the spec of a page's resources of a host and a type. Their names are made of these: names of files
// change with their content, and each name makes time series.
func resourceSpec(document *fetch.Spec, host, kind string) *fetch.Spec {
	spec := *document
	spec.Method, spec.Body, spec.Given = "", nil, nil
	spec.Host, spec.Expect = "", nil
	spec.Header = document.Header.Clone()
	for _, name := range []string{"Content-Type", "Content-Encoding", "Host"} {
		delete(spec.Header, http.CanonicalHeaderKey(name))
	}
	spec.Name, spec.NamedByURL = host+" "+kind, false
	spec.Attachment = tagged(document, func(tags *metrics.TagsAndMeta) {
		tags.SetTag(metrics.TagName.String(), spec.Name)
		tags.SetTag(typeTag, kind)
	})
	return &spec
}

// tagged returns the tags of a spec with changes.
func tagged(spec *fetch.Spec, change func(tags *metrics.TagsAndMeta)) *metrics.TagsAndMeta {
	tags := spec.Attachment.(*metrics.TagsAndMeta).Clone() //nolint:forcetypeassert // Build has put them there
	change(&tags)
	return &tags
}

// ReadPage reads the target that a page is.
func (r *TargetReader) ReadPage(f Field) (fetch.Target, error) {
	target, err := r.readOne(f)
	if err != nil {
		return target, err
	}
	if r.starts != nil {
		return target, Misusef("%s.start is for targets of a list; allowed of a page: body, method, params, url", f.Path)
	}
	target.Spec = DocumentSpec(target.Spec)
	return target, nil
}
