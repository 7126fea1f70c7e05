package lists

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Entry is one target in a file.
type Entry struct {
	// URL is absolute, or begins with a slash.
	URL string
	// Method, Name, Header and Body come from the file, and are empty if it does not have them.
	Method string
	Name   string
	Header http.Header
	Body   []byte
	// Start is the earliest start, measured from that of the first entry; 0 unless the list is paced.
	Start time.Duration

	recorded time.Duration // when it was recorded, since 1970
}

// IsURL reports whether the entry has nothing but a URL.
func (e *Entry) IsURL() bool {
	return e.Method == "" && e.Name == "" && e.Header == nil && e.Body == nil && e.Start == 0
}

// check returns what is wrong with the entry, empty if nothing is.
func (e *Entry) check() string {
	if wrong := checkURL(e.URL); wrong != "" {
		return wrong
	}
	if e.Method != "" && !httpguts.ValidHeaderFieldName(e.Method) { // both are tokens
		return fmt.Sprintf("%q is no method", e.Method)
	}
	if len(e.Body) > 0 && (e.Method == "" || e.Method == http.MethodGet || e.Method == http.MethodHead) {
		return fmt.Sprintf("there is a body, which %s requests are sent without", cmp.Or(e.Method, http.MethodGet))
	}
	for name, values := range e.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			return fmt.Sprintf("%q is no name of a header", name)
		}
		if !slices.ContainsFunc(values, func(v string) bool { return !httpguts.ValidHeaderFieldValue(v) }) {
			continue
		}
		return "the header " + name + " has an invalid value" // it may be a secret
	}
	return ""
}

// MalformedError is an invalid entry, or a file that cannot be read to its end.
type MalformedError struct {
	File   string
	Line   int
	Reason string

	// broken reports whether nothing can be read after it, so that nobody knows how much is lost.
	broken bool
	// foreign reports whether the entry is no HTTP request, and so no mistake.
	foreign bool
}

func (e *MalformedError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason) }

func malformed(file string, line int, reason string) *MalformedError {
	return &MalformedError{File: file, Line: line, Reason: reason}
}

func broken(file string, line int, reason string) *MalformedError {
	return &MalformedError{File: file, Line: line, Reason: reason, broken: true}
}

// checkURL returns what is wrong with a URL, empty if nothing is. It is called for every entry of a list, so it makes
// cheap checks only. A URL that passes may still fail when it is fetched.
func checkURL(raw string) string {
	switch {
	case raw == "":
		return "the URL is missing"
	case len(raw) >= maxLine:
		return "the URL is too long"
	}
	special := false
	for i := range len(raw) {
		switch c := raw[i]; {
		case c == ' ' || c == '\t':
			return "the URL contains a space"
		case c < ' ' || c == 0x7f:
			return "the URL contains a control character"
		case c == '%' || c == '@' || c == '[':
			special = true
		}
	}
	if raw[0] == '/' {
		return parseIf(special, raw) // for the base URL of a client
	}
	colon := strings.IndexByte(raw, ':')
	if colon < 0 || !strings.EqualFold(raw[:colon], "http") && !strings.EqualFold(raw[:colon], "https") {
		return "the URL does not begin with http:// or https://"
	}
	rest, ok := strings.CutPrefix(raw[colon+1:], "//")
	if !ok || rest == "" || strings.IndexByte("/?#", rest[0]) >= 0 {
		return "the URL has no host"
	}
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	return parseIf(special || strings.IndexByte(host, ':') >= 0, raw)
}

func parseIf(needed bool, raw string) string {
	if !needed {
		return ""
	}
	if _, err := url.Parse(raw); err != nil {
		return "the URL cannot be parsed" // why may quote a password
	}
	return ""
}
