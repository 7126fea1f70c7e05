package page

import (
	"regexp"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// Filter selects resources by a pattern of their URLs, a host, or a type. One of these is set.
type Filter struct {
	URL *regexp.Regexp
	// Host is a host name in lower case, with or without a port. One that begins with "*." stands for all below it.
	Host string
	Type string
}

// Types are all types of resources.
func Types() []string {
	types := make([]string, 0, discover.Other+1)
	for t := discover.Document; t <= discover.Other; t++ {
		types = append(types, t.String())
	}
	return types
}

func (f *Filter) matches(found Found) bool {
	switch {
	case f.URL != nil:
		return f.URL.MatchString(found.URL)
	case f.Type != "":
		return f.Type == found.Type
	default:
		return matchesHost(f.Host, found.Host) || matchesHost(f.Host, withoutPort(found.Host))
	}
}

func matchesHost(pattern, host string) bool {
	if below, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(host, below)
	}
	return pattern == host
}

func withoutPort(host string) string {
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		return host[:i]
	}
	return host
}

// Filtered returns what reports whether a resource is to be fetched: one that some filter includes, if there are any,
// and that none ignores. It returns nil without filters.
func Filtered(include, ignore []Filter) func(Found) bool {
	if len(include)+len(ignore) == 0 {
		return nil
	}
	return func(found Found) bool {
		return (len(include) == 0 || anyMatches(include, found)) && !anyMatches(ignore, found)
	}
}

func anyMatches(filters []Filter, found Found) bool {
	for i := range filters {
		if filters[i].matches(found) {
			return true
		}
	}
	return false
}
