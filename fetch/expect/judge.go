package expect

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// Response is what is judged, besides what the judge has read of its body.
type Response struct {
	Status int
	// Header returns the header. It is not called unless something is expected of it.
	Header      func() http.Header
	Certificate *x509.Certificate
	// Body is the decoded body, if it was kept.
	Body []byte
	// At is when it came.
	At time.Time
}

// Judge judges one response after another. The zero value is ready for use.
type Judge struct {
	expectation *Expectation
	finders     []finder
	digest      hash.Hash
	keeps       bool
	body        bytes.Buffer
	size        int64
}

// Begin begins with a response, and returns what its decoded body is to be written to; nil if nothing is expected of
// the body. The judge keeps a body that it needs to the end, unless somebody else keeps it and hands it over.
func (j *Judge) Begin(e *Expectation, kept bool) io.Writer {
	j.expectation, j.size, j.digest = e, 0, nil
	j.keeps = e.whole && !kept
	j.body = bytes.Buffer{}
	j.finders = j.finders[:0]
	for _, check := range e.checks {
		switch r := check.rule.(type) {
		case textRule:
			j.finders = append(j.finders, finder{text: r.text})
		case digestRule:
			if j.digest == nil {
				j.digest = sha256.New()
			}
		}
	}
	if !e.reads {
		return nil
	}
	return (*reading)(j)
}

// reading is a judge that reads a body.
type reading Judge

func (r *reading) Write(p []byte) (int, error) {
	r.size += int64(len(p))
	for i := range r.finders {
		r.finders[i].write(p)
	}
	if r.digest != nil {
		_, _ = r.digest.Write(p)
	}
	if r.keeps {
		r.body.Write(p)
	}
	return len(p), nil
}

// End returns the checks that the response does not meet, in their order.
func (j *Judge) End(resp *Response) (unmet []Unmet) {
	body := resp.Body
	if j.keeps {
		body = j.body.Bytes()
		defer func() { j.body = bytes.Buffer{} }() // it may be large
	}
	var header http.Header
	if j.expectation.heads {
		header = resp.Header()
	}
	isJSON := j.expectation.json && gjson.ValidBytes(body)
	finders := j.finders
	for _, check := range j.expectation.checks {
		var got string
		switch r := check.rule.(type) {
		case statusRule:
			got = r.judge(resp.Status)
		case headerRule:
			got = r.judge(header)
		case textRule:
			got = r.judge(finders[0].found(), j.size)
			finders = finders[1:]
		case patternRule:
			if !r.pattern.Match(body) {
				got = in(j.size)
			}
		case digestRule:
			if sum := Digest(j.digest.Sum(nil)); !slices.Contains(r.anyOf, sum) {
				got = hex.EncodeToString(sum[:])
			}
		case jsonRule:
			if got = "the body is not JSON"; isJSON {
				got = r.judge(body)
			}
		case certificateRule:
			got = r.judge(resp.Certificate, resp.At)
		}
		if got != "" {
			unmet = append(unmet, Unmet{check, got})
		}
	}
	return unmet
}

// in says where something was looked for.
func in(size int64) string {
	switch size {
	case 0:
		return "the body is empty"
	case 1:
		return "not in 1 byte"
	default:
		return fmt.Sprintf("not in %d bytes", size)
	}
}

// The rules return what came instead, empty if they are met.

func (r statusRule) judge(status int) string {
	if r.in.Holds(float64(status)) {
		return ""
	}
	return fmt.Sprint(status)
}

func (r headerRule) judge(header http.Header) string {
	values := header.Values(r.name)
	value := strings.Join(values, ", ")
	switch {
	case r.want == nil && r.pattern == nil:
		if len(values) == 0 {
			return ""
		}
	case len(values) == 0:
		return "it is absent"
	case r.want != nil && *r.want == value, r.pattern != nil && r.pattern.MatchString(value):
		return ""
	}
	if isSecret(r.name) {
		return "it has another value"
	}
	return received(value)
}

// isSecret reports whether the values of a field are not to be shown.
func isSecret(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Set-Cookie", "Www-Authenticate", "Proxy-Authenticate", "Authentication-Info", "Authorization":
		return true
	default:
		return false
	}
}

func (r textRule) judge(found bool, size int64) string {
	switch {
	case found != r.lacks:
		return ""
	case r.lacks:
		return "it is there"
	default:
		return in(size)
	}
}

func (r jsonRule) judge(body []byte) string {
	value := gjson.GetBytes(body, r.path)
	switch {
	case !value.Exists():
		return "nothing is there"
	case r.pattern != nil:
		if value.Type == gjson.String && r.pattern.MatchString(value.Str) {
			return ""
		}
	default:
		var got any
		if json.Unmarshal([]byte(value.Raw), &got) == nil && reflect.DeepEqual(got, r.want) {
			return ""
		}
	}
	if value.Type == gjson.String {
		return received(value.Str)
	}
	return short(value.Raw)
}

func (r certificateRule) judge(leaf *x509.Certificate, now time.Time) string {
	if leaf == nil {
		return "there is none"
	}
	if now.Before(leaf.NotBefore) {
		return "it is not valid yet"
	}
	left := certificate.DaysLeft(leaf.NotAfter, now)
	if float64(left) >= r.days {
		return ""
	}
	return strconv.Itoa(left)
}
