package page

import (
	"net/http"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

// Pages that came by TLS get nothing in plain text (Mixed Content, https://www.w3.org/TR/mixed-content/): browsers ask
// for images, audio and video by TLS instead, and for everything else not at all. What the machine itself serves is as
// safe as TLS.

// upgraded returns the URL that a browser asks for instead of one that a document refers to.
func upgraded(document *item, found discover.Resource) string {
	if found.Type != discover.Image && found.Type != discover.Media || !isMixed(document, found.URL) {
		return found.URL
	}
	return "https" + strings.TrimPrefix(found.URL, "http")
}

// isMixed reports whether a URL is one in plain text, for a document that came by TLS.
func isMixed(document *item, raw string) bool {
	return strings.HasPrefix(document.address, "https:") && request.Insecure(raw)
}

// refusal is why a browser does not ask for a resource at all, empty if it does.
func (v *Visit) refusal(it *item) string {
	switch {
	case it.parent == nil:
		return ""
	case isMixed(it.document(), it.url):
		return "blocked: mixed content, because the page came by TLS and this would not"
	case it.found.Type == discover.Track:
		rules := v.request(it)
		if err := rules.Check(http.Header{}); err != nil && rules.Resource.CrossOrigin == discover.None {
			return err.Error() // whatever the response would be
		}
	}
	return ""
}
