package request

import (
	"net/http"
	"strings"
)

// The referrer policies (Referrer Policy, section 3).
const (
	noReferrer                  = "no-referrer"
	noReferrerWhenDowngrade     = "no-referrer-when-downgrade"
	sameOriginOnly              = "same-origin"
	originOnly                  = "origin"
	strictOrigin                = "strict-origin"
	originWhenCrossOrigin       = "origin-when-cross-origin"
	strictOriginWhenCrossOrigin = "strict-origin-when-cross-origin"
	unsafeURL                   = "unsafe-url"
)

// maxReferrer is the length up to which browsers send a whole URL (Referrer Policy, section 8.3).
const maxReferrer = 4096

// ParsePolicy returns the policy of a response: the last valid one in its fields Referrer-Policy, in lower case, or
// nothing (Referrer Policy, section 8.1).
func ParsePolicy(header http.Header) string {
	last := ""
	for _, line := range header["Referrer-Policy"] {
		for token := range strings.SplitSeq(line, ",") {
			if token = strings.ToLower(strings.Trim(token, " \t")); isPolicy(token) {
				last = token
			}
		}
	}
	return last
}

func isPolicy(token string) bool {
	switch token {
	case noReferrer, noReferrerWhenDowngrade, sameOriginOnly, originOnly, strictOrigin, originWhenCrossOrigin,
		strictOriginWhenCrossOrigin, unsafeURL:
		return true
	default:
		return false
	}
}

// policy returns the referrer policy of the request: that of the element, else of what refers to it, else the default.
func (r *Request) policy() string {
	for _, policy := range [...]string{r.Resource.ReferrerPolicy, r.Policy} {
		if isPolicy(policy) {
			return policy
		}
	}
	return strictOriginWhenCrossOrigin
}

// referrer returns the field Referer of a request to an origin, or nothing (Referrer Policy, section 8.3).
func (r *Request) referrer(target origin) string {
	from, rest := parse(r.referringURL())
	if from == (origin{}) {
		return ""
	}
	bare := from.String() + "/"
	whole := from.String() + rest
	if len(whole) > maxReferrer {
		whole = bare
	}
	downgrade := from.scheme == "https" && target.scheme == "http"
	same := from.same(target)
	switch policy := r.policy(); {
	case policy == noReferrer, policy == sameOriginOnly && !same:
		return ""
	case policy == unsafeURL, policy == sameOriginOnly, same && policy == originWhenCrossOrigin:
		return whole
	case policy == originOnly, policy == originWhenCrossOrigin:
		return bare
	case same && policy == strictOriginWhenCrossOrigin:
		return whole
	case downgrade:
		return ""
	case policy == noReferrerWhenDowngrade:
		return whole
	default: // strict-origin, and strict-origin-when-cross-origin to another origin
		return bare
	}
}

// referringURL returns the URL of what refers to the resource.
func (r *Request) referringURL() string {
	if r.Referrer == "" {
		return r.Document
	}
	return r.Referrer
}
