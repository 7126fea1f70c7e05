package request

import "strings"

// Site returns the site of a URL: its scheme and its registrable domain, such as "https://shop.example" for
// https://static.shop.example:8443/ (HTML, section 7.1.1). Two URLs are of the same site if the results are equal,
// unless they are "null". A browser divides its cache by the site of the page.
//
// Browsers know from the Public Suffix List under which names anyone can register. k6 does not have it. Instead, a rule
// covers suffixes of countries, such as co.uk, and a few services that give everyone a name are known, such as
// github.io. Under other suffixes, two sites count as one.
func Site(url string) string {
	o, _ := parse(url)
	return o.site().String()
}

// site returns an origin with the registrable domain as its host, and without a port.
func (o origin) site() origin {
	return origin{scheme: o.scheme, host: o.domain()}
}

// sameSite reports whether two origins are of one site, schemes included.
func (o origin) sameSite(other origin) bool { return o.site().same(other.site()) }

// domain returns the registrable domain of a host, or the host itself if that is an address or a suffix.
func (o origin) domain() string {
	if _, ok := o.address(); ok {
		return o.host
	}
	end := len(strings.TrimSuffix(o.host, "."))
	labels := suffixLabels(o.host[:end]) + 1
	start := end
	for range labels {
		i := strings.LastIndexByte(o.host[:max(start-1, 0)], '.')
		if i < 0 {
			return o.host
		}
		start = i + 1
	}
	return o.host[start:]
}

// suffixLabels returns how many labels of a host anyone can register under.
func suffixLabels(host string) int {
	rest, top := cutLabel(host)
	rest, second := cutLabel(rest)
	if len(top) == 2 && countrySecond(second) {
		return 2
	}
	_, third := cutLabel(rest)
	switch suffix := second + "." + top; {
	case isService(suffix):
		return 2
	case isService(third + "." + suffix):
		return 3
	default:
		return 1
	}
}

// cutLabel splits the last label off a host.
func cutLabel(host string) (rest, label string) {
	i := strings.LastIndexByte(host, '.')
	if i < 0 {
		return "", host
	}
	return host[:i], host[i+1:]
}

// countrySecond reports whether countries use a label below their domain as a suffix.
func countrySecond(label string) bool {
	switch label {
	case "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "mil", "ne", "net", "nom", "or", "org":
		return true
	case "govt", "ltd", "nhs", "plc", "sch": // of the United Kingdom and New Zealand
		return true
	default:
		return false
	}
}

// isService reports whether a name belongs to a service that gives each customer a name below.
func isService(suffix string) bool {
	switch suffix {
	case "github.io", "gitlab.io", "pages.dev", "workers.dev", "vercel.app", "netlify.app", "web.app", "firebaseapp.com",
		"herokuapp.com", "appspot.com", "fly.dev", "onrender.com", "a.run.app", "azurewebsites.net", "azureedge.net",
		"azurefd.net", "cloudfront.net", "s3.amazonaws.com", "blogspot.com", "myshopify.com", "surge.sh", "readthedocs.io":
		return true
	default:
		return false
	}
}
