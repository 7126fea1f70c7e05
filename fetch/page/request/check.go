package request

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/integrity"
)

// Check returns an error if the page may not have the response, whose header it gets. It may have documents, and
// responses of its own origin, in any case. It may have others if
//
//   - the request is by CORS, and the CORS check succeeds (Fetch, section 4.10)
//   - it is not, Cross-Origin-Resource-Policy does not forbid it (Fetch, section 3.7), and no digest is asked for,
//     which browsers do not check then (SRI, section 3.3.4)
//
// After redirects, Resource.URL has to be that which responded. The text says what was expected and what came. It is
// shorter than 500 bytes, and printable.
//
// Content types that browsers refuse are not known here (X-Content-Type-Options, Opaque Response Blocking).
func (r *Request) Check(header http.Header) error {
	if r.Exempt() {
		return nil
	}
	document, _ := parse(r.Document)
	target, _ := parse(r.Resource.URL)
	switch r.mode() {
	case cors:
		return r.checkCORS(header, document)
	case sameOrigin:
		return errors.New("blocked: without crossorigin, it has to be from " + quote(document.String()))
	default:
		if err := checkPolicy(header, document, target); err != nil {
			return err
		}
		if integrity.New(r.Integrity()) != nil {
			return errors.New("integrity: not checked without crossorigin, because the page is from " +
				quote(document.String()))
		}
		return nil
	}
}

// Exempt reports whether Check allows the response whatever its header says: that of a document, or of its own origin.
func (r *Request) Exempt() bool {
	if r.Document == "" || r.navigates() {
		return true
	}
	document, _ := parse(r.Document)
	target, _ := parse(r.Resource.URL)
	return document.same(target)
}

// Integrity returns the digests that browsers compare the body with: those of the element if it is for a script, a
// stylesheet or a preload of an image or font.
func (r *Request) Integrity() string {
	switch kind := r.Resource.Type; {
	case kind == discover.Script, kind == discover.Style,
		r.Resource.Preload && (kind == discover.Image || kind == discover.Font):
		return r.Resource.Integrity
	default:
		return ""
	}
}

// checkCORS is the CORS check.
func (r *Request) checkCORS(header http.Header, document origin) error {
	const allowOrigin, allowCredentials = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
	credentials := r.includesCredentials()
	got, ok := field(header, allowOrigin)
	switch {
	case !ok:
		return blocked(allowOrigin+" is missing", document)
	case got == "*" && !credentials:
		return nil
	case got == "*":
		return blocked(allowOrigin+" is *, which does not allow credentials", document)
	case got != document.String():
		return blocked(allowOrigin+" is "+quote(got), document)
	case !credentials:
		return nil
	}
	switch got, ok := field(header, allowCredentials); {
	case !ok:
		return blocked(allowCredentials+" is missing", document)
	case got != "true":
		return blocked(allowCredentials+" is "+quote(got)+" and not true", document)
	default:
		return nil
	}
}

func blocked(what string, document origin) error {
	return errors.New("blocked by CORS: " + what + ", and the request is from " + quote(document.String()))
}

// checkPolicy is the cross-origin resource policy check. An unknown policy forbids nothing.
func checkPolicy(header http.Header, document, target origin) error {
	const name = "Cross-Origin-Resource-Policy"
	policy, _ := field(header, name)
	if policy != "same-origin" && (policy != "same-site" || reaches(document, target)) {
		return nil
	}
	return errors.New("blocked: " + name + " is " + policy + ", and the request is from " + quote(document.String()))
}

// reaches reports whether a policy of same-site allows a document the response. Schemes may differ, but a page in plain
// text gets nothing that came by TLS.
func reaches(document, target origin) bool {
	return document.domain() == target.domain() && (document.scheme == "https" || target.scheme != "https")
}

// field returns the value of a field. Several lines count as one list.
func field(header http.Header, name string) (string, bool) {
	lines := header.Values(name)
	if len(lines) == 1 {
		return lines[0], true
	}
	return strings.Join(lines, ", "), len(lines) > 0
}

// quote returns a short and printable form of a text: itself, if it is both.
func quote(text string) string {
	const longest = 100
	whole := len(text)
	text = text[:min(whole, longest)]
	if quoted := strconv.QuoteToASCII(text); text == "" || quoted[1:len(quoted)-1] != text {
		text, whole = quoted, len(quoted)
	}
	if whole <= longest {
		return text
	}
	return text[:longest] + "..."
}
