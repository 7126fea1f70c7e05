package args

import (
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/grafana/sobek"
	"golang.org/x/net/http/httpguts"

	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
)

// maxExpected is how many checks of one kind there may be.
const maxExpected = 100

// expectation reads what a response must be, over what is expected already: part by part.
func (f Field) expectation(base *expect.Expectation) (*expect.Expectation, error) {
	if sobek.IsNull(f.Value) {
		return nil, nil //nolint:nilnil // nothing is expected
	}
	err := f.Each("an object { status, headers, body, json, certificate }, or null for nothing",
		func(name string, value Field) error {
			part := expect.Part(name)
			if !slices.Contains(expect.Parts(), part) {
				return Unknown(value, "a part of what is expected", partNames())
			}
			var checks []*expect.Check
			if !sobek.IsNull(value.Value) {
				var err error
				if checks, err = value.expected(part); err != nil {
					return err
				}
			}
			base = base.With(part, checks...)
			return nil
		})
	return base, err
}

func partNames() []string {
	parts := expect.Parts()
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = string(part)
	}
	return names
}

// expected reads the checks of a part.
func (f Field) expected(part expect.Part) ([]*expect.Check, error) {
	switch part {
	case expect.Status:
		statuses, err := f.statuses()
		if err != nil {
			return nil, err
		}
		return []*expect.Check{expect.StatusIn(statuses.ranges)}, nil
	case expect.Headers:
		return f.expectedOf("an object of header names and what they must be", Field.expectedHeader)
	case expect.Body:
		return f.expectedOf("an object { contains, lacks, matches, sha256 }", Field.expectedBody)
	case expect.JSON:
		return f.expectedOf("an object of GJSON paths and the values there", Field.expectedJSON)
	default:
		return f.expectedOf("an object { daysLeft }", Field.expectedCertificate)
	}
}

// expectedOf reads the checks of an object's properties.
func (f Field) expectedOf(
	must string, read func(value Field, name string) ([]*expect.Check, error),
) ([]*expect.Check, error) {
	var all []*expect.Check
	err := f.Each(must, func(name string, value Field) error {
		checks, err := read(value, name)
		all = append(all, checks...)
		return err
	})
	if len(all) > maxExpected {
		return nil, f.TooMany("checks", maxExpected, len(all))
	}
	return all, err
}

// expectedHeader reads what a field must be: a text, what a regular expression matches, or absent.
func (f Field) expectedHeader(name string) ([]*expect.Check, error) {
	if !httpguts.ValidHeaderFieldName(name) {
		return nil, Misusef("%s must be the name of a header; got %q", f.Path, shown(name))
	}
	if sobek.IsNull(f.Value) {
		return []*expect.Check{expect.HeaderAbsent(name)}, nil
	}
	if o, ok := f.regExp(); ok {
		pattern, err := f.expectedPattern(o)
		return []*expect.Check{expect.HeaderMatches(name, pattern)}, err
	}
	text, err := f.unicode("a string, a regular expression, or null if it must be absent")
	return []*expect.Check{expect.Header(name, text)}, err
}

// expectedBody reads one or several texts, regular expressions or digests.
func (f Field) expectedBody(name string) ([]*expect.Check, error) {
	var read func(Field) (*expect.Check, error)
	switch name {
	case "contains", "lacks":
		read = func(item Field) (*expect.Check, error) {
			text, err := item.unicode("a string that is not empty, or an array of those")
			switch {
			case err != nil:
				return nil, err
			case text == "":
				return nil, item.Wrong("a string that is not empty, or an array of those")
			case name == "lacks":
				return expect.Lacks(text), nil
			default:
				return expect.Contains(text), nil
			}
		}
	case "matches":
		read = func(item Field) (*expect.Check, error) {
			o, ok := item.regExp()
			if !ok {
				return nil, item.Wrong("a regular expression, or an array of those")
			}
			pattern, err := item.expectedPattern(o)
			return expect.Matches(pattern), err
		}
	case "sha256":
		return f.expectedDigests()
	default:
		return nil, Unknown(f, "something to expect of a body", []string{"contains", "lacks", "matches", "sha256"})
	}
	items, err := f.oneOrMore()
	checks := make([]*expect.Check, len(items))
	for i, item := range items {
		if checks[i], err = read(item); err != nil {
			return nil, err
		}
	}
	return checks, err
}

// oneOrMore returns the elements of an array, or the value itself if it is none.
func (f Field) oneOrMore() ([]Field, error) {
	if !f.isArray() {
		return []Field{f}, nil
	}
	return f.items(maxExpected)
}

// expectedDigests reads the digests of which a body must have one.
func (f Field) expectedDigests() ([]*expect.Check, error) {
	const must = "a SHA-256 digest of 64 hexadecimal digits, or an array of those, of which the body must have one"
	items, err := f.oneOrMore()
	if err != nil {
		return nil, err
	}
	sums := make([]expect.Digest, len(items))
	for i, item := range items {
		text, err := item.Text(must)
		if err != nil {
			return nil, err
		}
		sum, err := hex.DecodeString(text)
		if err != nil || len(sum) != len(expect.Digest{}) {
			return nil, item.Wrong(must)
		}
		sums[i] = expect.Digest(sum)
	}
	if len(sums) == 0 {
		return nil, f.Wrong(must)
	}
	return []*expect.Check{expect.SHA256(sums...)}, nil
}

// expectedJSON reads the value at a path: what JSON can have, or what a regular expression matches.
func (f Field) expectedJSON(path string) ([]*expect.Check, error) {
	if path == "" {
		return nil, f.Wrong("at a path of GJSON, such as 'user.name' or '@this' for the whole")
	}
	if o, ok := f.regExp(); ok {
		pattern, err := f.expectedPattern(o)
		return []*expect.Check{expect.JSONMatches(path, pattern)}, err
	}
	value, ok := f.json()
	if !ok {
		return nil, f.Wrong("a value that JSON has, or a regular expression")
	}
	return []*expect.Check{expect.JSONValue(path, value)}, nil
}

// json returns a value as encoding/json decodes it, and whether JSON has such a value.
func (f Field) json() (value any, ok bool) {
	var data []byte
	var err error
	switch v := f.Value.(type) {
	case *sobek.Object:
		if _, isFunction := sobek.AssertFunction(v); isFunction {
			return nil, false
		}
		data, err = v.MarshalJSON()
	default:
		if n, isNumber := f.Number(); isNumber {
			return n, true
		}
		if sobek.IsNumber(f.Value) || !f.Given() || isSymbol(f.Value) || sobek.IsBigInt(f.Value) {
			return nil, false
		}
		data, err = json.Marshal(f.Value.Export())
	}
	if err != nil || json.Unmarshal(data, &value) != nil {
		return nil, false
	}
	return value, true
}

// expectedCertificate reads for how many days the certificate must be valid.
func (f Field) expectedCertificate(name string) ([]*expect.Check, error) {
	if name != "daysLeft" {
		return nil, Unknown(f, "something to expect of a certificate", []string{"daysLeft"})
	}
	days, ok := f.Number()
	if !ok || days < 0 {
		return nil, f.Wrong("a number of days of at least 0")
	}
	return []*expect.Check{expect.CertificateFor(days)}, nil
}

// expectedPattern reads a regular expression. Go can match all bodies with it in linear time, therefore not all of
// JavaScript's.
func (f Field) expectedPattern(o *sobek.Object) (expect.Pattern, error) {
	pattern, err := f.pattern(o)
	if err != nil {
		return expect.Pattern{}, Misusef("%v. To match it with JavaScript, keep the body and use check()", err)
	}
	return expect.Pattern{Regexp: pattern, Source: "/" + o.Get("source").String() + "/" + o.Get("flags").String()}, nil
}

// regExp returns the value if it is a regular expression.
func (f Field) regExp() (*sobek.Object, bool) {
	o, ok := f.Value.(*sobek.Object)
	return o, ok && o.ClassName() == "RegExp"
}

// unicode reads a string without halves of surrogate pairs, which no body in UTF-8 has.
func (f Field) unicode(must string) (string, error) {
	text, err := f.Text(must)
	if err == nil && !f.IsUnicode() {
		err = f.Wrong("a string of Unicode, without half of a surrogate pair")
	}
	return text, err
}
