package pages

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// differences are those of our requests from Chromium's, each as an except names it, with details for people:
//
//	theirs URL          Chromium alone requests it
//	ours URL            we alone request it
//	order FIRST SECOND  Chromium requests the first before the second, we do not
//	priority URL        Chromium says another priority
//	header URL NAME     Chromium sends another value
type differences map[string]string

// differ compares two loads of a page.
func differ(ours, theirs []request) differences {
	d := make(differences)
	us, them := firsts(ours), firsts(theirs)
	for url := range them {
		if _, known := us[url]; !known && !byItself(url) {
			d["theirs "+url] = ""
		}
	}
	for url, our := range us {
		their, known := them[url]
		if !known {
			d["ours "+url] = ""
			continue
		}
		if our.priority != "" && their.priority != "" && our.priority != their.priority {
			d["priority "+url] = fmt.Sprintf("%s instead of %s", our.priority, their.priority)
		}
		d.headers(our, their)
	}
	d.order(us, them)
	return d
}

// byItself reports whether Chromium requests a URL although no document refers to it: the icon of the host, if the
// document has none. What it requests for services of its own, such as updates, does not reach the server, because no
// other hosts exist for it.
func byItself(url string) bool { return strings.HasSuffix(url, "/favicon.ico") }

// order finds what we request in another order: the second was answered already when the first came.
func (d differences) order(us, them map[string]request) {
	for first, their := range them {
		for second, later := range them {
			our, known := us[first]
			before, known2 := us[second]
			if known && known2 && their.precedes(later) && before.answered < our.came {
				d["order "+first+" "+second] = ""
			}
		}
	}
}

// precedes reports whether a browser requests something before another thing for a reason; see the documentation of the
// package.
func (r request) precedes(later request) bool {
	order := []string{"lowest", "low", "medium", "high", "highest"}
	urgency, other := slices.Index(order, r.priority), slices.Index(order, later.priority)
	return r.answered < later.came && r.host() == later.host() && r.frame == later.frame && other >= 0 &&
		(urgency > other || urgency == other && urgency >= slices.Index(order, "medium"))
}

func (r request) host() string {
	u, err := url.Parse(r.url)
	if err != nil {
		return ""
	}
	return u.Host
}

// comparedHeaders are those that say what a request is for.
//
//nolint:gochecknoglobals // a constant list
var comparedHeaders = []string{
	"Accept", "Origin", "Referer", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User",
	"Upgrade-Insecure-Requests",
}

// headers finds headers with other values.
func (d differences) headers(our, their request) {
	for _, name := range comparedHeaders {
		if is, want := our.header.Get(name), their.header.Get(name); is != want {
			d["header "+our.url+" "+name] = fmt.Sprintf("%q instead of %q", is, want)
		}
	}
}

// firsts returns the first request of each URL.
func firsts(requests []request) map[string]request {
	first := make(map[string]request, len(requests))
	for _, r := range requests {
		if _, known := first[r.url]; !known {
			first[r.url] = r
		}
	}
	return first
}

// and returns the differences that both have.
func (d differences) and(others differences) differences {
	both := make(differences)
	for what, detail := range d {
		if _, known := others[what]; known {
			both[what] = detail
		}
	}
	return both
}

// lines returns the differences as text, sorted.
func (d differences) lines() string {
	lines := make([]string, 0, len(d))
	for what, detail := range d {
		lines = append(lines, strings.TrimSuffix(what+": "+detail, ": "))
	}
	slices.SortFunc(lines, cmp.Compare[string])
	return strings.Join(lines, "\n")
}
