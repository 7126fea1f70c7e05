package aggregate

import (
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// Mask is what stands in the place of a secret.
const Mask = "****"

// secret are parts of the names of headers whose values are nobody's business.
//
//nolint:gochecknoglobals // a constant list
var secret = []string{
	"auth", "cookie", "token", "secret", "password", "api-key", "apikey", "session", "signature", "credential",
}

// isSecret reports whether the values of a header are nobody's business.
func isSecret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(secret, func(part string) bool { return strings.Contains(name, part) })
}

// Masked yields the lines of a header in the order of their names. The values of those with credentials are masked, and
// so is the user info of URLs.
func Masked(h http.Header) iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, name := range slices.Sorted(maps.Keys(h)) {
			hidden := isSecret(name)
			for _, value := range h[name] {
				if hidden {
					value = Mask
				}
				if !yield(Field{name, urltext.Mask(value)}) {
					return
				}
			}
		}
	}
}
