package expect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// Pattern is a regular expression, and how the script has written it.
type Pattern struct {
	*regexp.Regexp

	Source string
}

func (p Pattern) String() string { return short(p.Source) }

type (
	statusRule struct{ in *budget.Check }
	headerRule struct {
		name    string
		want    *string  // the whole value
		pattern *Pattern // neither: the field must be absent
	}
	textRule struct {
		text  []byte
		lacks bool
	}
	patternRule struct{ pattern Pattern }
	digestRule  struct{ anyOf []Digest }
	jsonRule    struct {
		path    string
		want    any // as encoding/json decodes it
		pattern *Pattern
	}
	certificateRule struct{ days float64 }
)

// StatusIn expects a status in one of the ranges, which include their limits.
func StatusIn(ranges [][2]int) *Check {
	in := budget.In(ranges)
	return newCheck(Status, in.Name, statusRule{in})
}

// Header expects a field to have a value. Several lines count as one, joined by commas.
func Header(name, want string) *Check {
	return newCheck(Headers, fmt.Sprintf("header %s == %s", field(name), quote(want)), headerRule{name: name, want: &want})
}

// HeaderMatches expects the value of a field to match.
func HeaderMatches(name string, pattern Pattern) *Check {
	text := fmt.Sprintf("header %s matches %s", field(name), pattern)
	return newCheck(Headers, text, headerRule{name: name, pattern: &pattern})
}

// HeaderAbsent expects that there is no such field.
func HeaderAbsent(name string) *Check {
	return newCheck(Headers, fmt.Sprintf("header %s is absent", field(name)), headerRule{name: name})
}

// Contains expects the decoded body to contain a text, byte for byte.
func Contains(text string) *Check {
	return newCheck(Body, "body contains "+quote(text), textRule{text: []byte(text)})
}

// Lacks expects the decoded body not to contain a text.
func Lacks(text string) *Check {
	return newCheck(Body, "body lacks "+quote(text), textRule{text: []byte(text), lacks: true})
}

// Matches expects something in the decoded body to match.
func Matches(pattern Pattern) *Check {
	return newCheck(Body, fmt.Sprintf("body matches %s", pattern), patternRule{pattern})
}

// Digest is a SHA-256 digest.
type Digest [sha256.Size]byte

// SHA256 expects the decoded body to have one of some digests.
func SHA256(anyOf ...Digest) *Check {
	name := "body sha256 == " + hex.EncodeToString(anyOf[0][:])
	if more := len(anyOf) - 1; more > 0 {
		name += fmt.Sprintf(" or %d more", more)
	}
	return newCheck(Body, name, digestRule{anyOf})
}

// JSONValue expects the value at a path of GJSON, as encoding/json decodes it.
func JSONValue(path string, want any) *Check {
	text, err := json.Marshal(want)
	if err != nil {
		text = fmt.Append(nil, want) // never: it has been decoded
	}
	return newCheck(JSON, fmt.Sprintf("json %s == %s", short(path), short(string(text))), jsonRule{path: path, want: want})
}

// JSONMatches expects a text that matches at a path of GJSON.
func JSONMatches(path string, pattern Pattern) *Check {
	text := fmt.Sprintf("json %s matches %s", short(path), pattern)
	return newCheck(JSON, text, jsonRule{path: path, pattern: &pattern})
}

// CertificateFor expects the server's certificate to be valid for some days more.
func CertificateFor(days float64) *Check {
	unit := "days"
	if days == 1 {
		unit = "day"
	}
	return newCheck(Certificate, fmt.Sprintf("certificate valid for %v %s", days, unit), certificateRule{days})
}

func field(name string) string { return short(strings.ToLower(name)) }
