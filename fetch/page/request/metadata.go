package request

import (
	"net/http"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// The modes of a request (Fetch, section 2.2.5).
const (
	navigate   = "navigate"
	cors       = "cors"
	noCORS     = "no-cors"
	sameOrigin = "same-origin"
)

// mode returns the mode of the request. A track without crossorigin, and what an SVG use element shows, must be of the
// page's own origin.
func (r *Request) mode() string {
	resource := &r.Resource
	switch {
	case r.navigates():
		return navigate
	case resource.CrossOrigin != discover.None, resource.Type == discover.Manifest:
		return cors
	case resource.Type == discover.Track && !resource.Preload, resource.Element == "use":
		return sameOrigin
	default:
		return noCORS
	}
}

// navigates reports whether the response becomes a document. That of an embed or object element does, unless it is
// known to be an image, which package discover gives a low priority.
func (r *Request) navigates() bool {
	switch r.Resource.Type {
	case discover.Document:
		return true
	case discover.Embed, discover.Object:
		return r.Resource.Priority != discover.Low
	default:
		return false
	}
}

// destination returns the destination of the request (Fetch, section 2.2.5).
func (r *Request) destination() string {
	switch r.Resource.Type {
	case discover.Document:
		switch {
		case r.Document == "":
			return "document"
		case r.Resource.Element == "frame":
			return "frame"
		default:
			return "iframe"
		}
	case discover.Media:
		if r.Resource.Element == "audio" {
			return "audio"
		}
		return "video"
	case discover.Other:
		return "empty"
	default:
		return r.Resource.Type.String()
	}
}

// What Chromium accepts.
const (
	acceptAny      = "*/*"
	acceptStyle    = "text/css,*/*;q=0.1"
	acceptImage    = "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
	acceptDocument = "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng," +
		"*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)

// accept returns the field Accept (Fetch, section 4, with the values of Chromium 156).
func (r *Request) accept() string {
	switch {
	case r.mode() == navigate:
		return acceptDocument
	case r.Resource.Type == discover.Style:
		return acceptStyle
	case r.Resource.Type == discover.Image:
		return acceptImage
	default:
		return acceptAny
	}
}

// setMetadata sets the fields of Fetch Metadata (section 2), which go to trustworthy URLs only.
func (r *Request) setMetadata(header http.Header, document, target origin) {
	site := r.site(document, target)
	header.Set("Sec-Fetch-Dest", r.destination())
	header.Set("Sec-Fetch-Mode", r.mode())
	header.Set("Sec-Fetch-Site", site)
	if r.Document == "" {
		header.Set("Sec-Fetch-User", "?1")
	}
	if (site == "cross-site" || r.ThirdParty) && r.includesCredentials() {
		header.Set("Sec-Fetch-Storage-Access", "active")
	}
}

// site returns how the resource and the document are related. Documents around do not count.
func (r *Request) site(document, target origin) string {
	switch {
	case r.Document == "":
		return "none"
	case document.same(target):
		return "same-origin"
	case document.sameSite(target):
		return "same-site"
	default:
		return "cross-site"
	}
}
