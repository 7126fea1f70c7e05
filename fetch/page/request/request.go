// Package request says what a browser sends with a request of a page, and whether the page may have the response, by
// the Fetch Standard, Fetch Metadata and Referrer Policy. Where they leave a choice, it decides as Chromium does.
//
// It sends nothing. Header, Credentials and Check take a few microseconds. Many requests of a page are of the same
// Kind, so that a caller can keep the headers of each.
//
// # What Chromium does otherwise
//
// The package follows Chromium where that differs from the standards. Its tests have a table of what a real one sends.
//
//   - Origin goes with every request by CORS, to the page's own origin as well, but for manifests, audio and video. By
//     Fetch, it goes to other origins only.
//   - Manifests are requested without cookies, unless they ask for them. By HTML, those of the page's own origin have
//     them.
//   - A request from https to http is a downgrade, which most referrer policies treat differently. By Referrer Policy,
//     loopback counts as https.
//   - Sec-Fetch-Storage-Access, of a draft (Storage Access Headers), goes with requests to other sites that may have
//     cookies. It is always active here, because nothing blocks cookies of other sites.
//
// # What is left to the caller
//
// Header has neither what is the same for all requests of a browser (User-Agent, Accept-Language, Accept-Encoding of
// anything but audio and video, client hints) nor Priority, which Chromium sends over HTTP/2 and HTTP/3 only.
//
// Redirects are not known here. A browser adapts the header: Sec-Fetch-Site stays cross-site once a URL was, Origin is
// null once another origin redirected to a third, and the Referrer-Policy of a redirect counts.
//
// Requests that browsers do not make at all are not known here: those that a Content-Security-Policy forbids, and, in a
// document that came by TLS, those in plain text (Mixed Content). Nor are documents in sandboxes, whose origin is null.
package request

import (
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// Request is a request for a resource.
type Request struct {
	Resource discover.Resource
	// Document is the URL of the document that the resource is for. Its origin is that of the request. It is empty for
	// the page itself, as if someone had typed its address.
	Document string
	// Referrer is the URL of the stylesheet that refers to the resource. Empty, it is Document.
	Referrer string
	// Policy is the referrer policy of the response that the document or the stylesheet was, see ParsePolicy.
	// Resource.ReferrerPolicy wins over it.
	Policy string
	// ThirdParty is whether the document, or one around it, is of another site than the page. For the content of a frame
	// it is true if it was for the frame itself, or if Site differs between the frame's URL and the document around.
	ThirdParty bool
}

// Kind returns the request without what Header and Credentials do not depend on. Those of the same kind, as == compares
// them, have the same headers.
func (r *Request) Kind() Request {
	url, _ := parse(r.Resource.URL)
	document, _ := parse(r.Document)
	kind := Request{
		Resource: discover.Resource{
			URL: url.String(), Type: r.Resource.Type, CrossOrigin: r.Resource.CrossOrigin,
			Element: r.Resource.Element, Preload: r.Resource.Preload,
		},
		Referrer: r.referringURL(), Policy: r.policy(), ThirdParty: r.ThirdParty,
	}
	if r.Document != "" {
		kind.Document = document.String()
	}
	if r.Resource.Type == discover.Embed || r.Resource.Type == discover.Object {
		kind.Resource.Priority = r.Resource.Priority // see navigates
	}
	return kind
}

// Header returns what a browser sends with the request because of what it is for. The caller owns it.
func (r *Request) Header() http.Header {
	target, _ := parse(r.Resource.URL)
	document, _ := parse(r.Document)
	header := make(http.Header, 10) // there are no more at once
	header.Set("Accept", r.accept())
	if referrer := r.referrer(target); referrer != "" {
		header.Set("Referer", referrer)
	}
	if r.sendsOrigin(document.same(target)) {
		header.Set("Origin", document.String())
	}
	if r.mode() == navigate {
		header.Set("Upgrade-Insecure-Requests", "1")
	}
	if r.Resource.Type == discover.Media {
		// Fetch, section 4.6: parts of encoded content could not be put together.
		header.Set("Accept-Encoding", "identity")
		header.Set("Range", "bytes=0-")
	}
	if target.trustworthy() {
		r.setMetadata(header, document, target)
	}
	return header
}

// sendsOrigin reports whether the request has the field Origin (Fetch, section 3.2).
func (r *Request) sendsOrigin(sameOrigin bool) bool {
	switch {
	case r.mode() != cors:
		return false
	case r.Resource.Type == discover.Manifest, r.Resource.Type == discover.Media:
		return !sameOrigin
	default:
		return true
	}
}

// Credentials reports whether cookies and authentication go with the request (Fetch, section 2.2.5). They do unless it
// is an anonymous request to another origin.
func (r *Request) Credentials() bool {
	if r.includesCredentials() || r.Resource.Type == discover.Manifest {
		return r.includesCredentials()
	}
	document, _ := parse(r.Document)
	target, _ := parse(r.Resource.URL)
	return document.same(target)
}

// includesCredentials reports whether credentials go to any origin.
func (r *Request) includesCredentials() bool {
	return r.mode() != cors || r.Resource.CrossOrigin == discover.UseCredentials
}
