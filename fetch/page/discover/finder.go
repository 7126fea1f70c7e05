package discover

import (
	"net/url"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/reference"
)

// The bounds of what a document finds, in bytes. maxShort bounds an integrity and a referrer policy.
const (
	maxFound    = 4 << 20
	maxShort    = 1 << 10
	perResource = 128 // of the found one, beside its texts
)

// finder passes on what is found: each URL and use once, and within bounds. A document and its stylesheets share it.
type finder struct {
	prioritizer
	reference.Resolver

	options     Options
	environment cssquery.Environment
	found       func(Resource)
	expected    int // about how many resources
	seen        map[use]struct{}
	left        int    // bytes
	policy      string // the document's referrer policy
}

// use is a resource, as far as a browser fetches it separately or knows more by it.
type use struct {
	url         string
	kind        Type
	crossOrigin CrossOrigin
	preload     bool
	blocking    bool
}

func newFinder(options Options, expected int, found func(Resource)) *finder {
	if options.Width <= 0 || options.Height <= 0 {
		options.Width, options.Height = 1280, 720
	}
	if !(options.DPR > 0) { // not NaN either
		options.DPR = 1
	}
	return &finder{
		options: options,
		environment: cssquery.Environment{
			Width: float64(options.Width), Height: float64(options.Height),
			DPR: options.DPR, Dark: options.PrefersDark,
		},
		found:    found,
		expected: expected,
		left:     maxFound,
		policy:   policyOfHeader(options.ReferrerPolicy),
	}
}

// policyOfHeader returns the last valid policy of a header, or nothing.
func policyOfHeader(value string) (policy string) {
	for part := range strings.SplitSeq(value, ",") {
		if valid := referrerPolicy(part); valid != "" {
			policy = valid
		}
	}
	return policy
}

// find passes a resource on that the text of a reference stands for. Its URL and its priority are filled in.
func (f *finder) find(base *url.URL, text string, resource Resource, i importance) {
	var ok bool
	resource.URL, ok = f.Resolve(base, text)
	if ok && (resource.Type == Media || !reference.HasForeignUser(base, resource.URL)) {
		resource.Priority = f.priority(resource.Type, i)
		f.pass(resource)
	}
}

// pass passes a resource on, if it is new.
func (f *finder) pass(resource Resource) {
	key := use{resource.URL, resource.Type, resource.CrossOrigin, resource.Preload, resource.Blocking}
	if _, known := f.seen[key]; known {
		return
	}
	if resource.ReferrerPolicy == "" && resource.Element != elementOfImages && resource.Element != elementOfFonts {
		resource.ReferrerPolicy = f.policy
	}
	if len(resource.Integrity) > maxShort {
		return // it could not be checked
	}
	cost := perResource + len(resource.URL) + len(resource.Integrity)
	if cost > f.left {
		return
	}
	f.left -= cost
	resource.Integrity = strings.Clone(resource.Integrity)
	if f.seen == nil {
		f.seen = make(map[use]struct{}, f.expected)
	}
	f.seen[key] = struct{}{}
	f.found(resource)
}
