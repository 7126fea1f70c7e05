package discover

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/html"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cut"
)

// attributes are those of a tag, by name. Their texts may be parts of one string, so that who keeps a text for long
// clones it.
type attributes []attribute

type attribute struct{ name, value string }

// get returns the value of an attribute, empty if it is missing.
func (a attributes) get(name string) string {
	value, _ := a.lookup(name)
	return value
}

func (a attributes) has(name string) bool {
	_, ok := a.lookup(name)
	return ok
}

func (a attributes) lookup(name string) (string, bool) {
	for _, attribute := range a {
		if attribute.name == name {
			return attribute.value, true
		}
	}
	return "", false
}

// tagReader reads complete tags: those with little to decode itself, as the tokenizer of golang.org/x/net/html would,
// and others with that. The tokenizer is kept from tag to tag: it never reads beyond the end of the one that it has.
type tagReader struct {
	tokenizer *html.Tokenizer // nil until there is a tag for it
	left      []byte
	found     attributes
}

// read returns the attributes of a tag, whose name ends at an offset. They are valid until the next call.
func (r *tagReader) read(raw []byte, nameEnd int) (found attributes, selfClosing, ok bool) {
	if found, selfClosing, ok = r.plain(raw, nameEnd); ok {
		return found, selfClosing, ok
	}
	return r.tokenize(raw)
}

// maxPlain bounds the attributes of tags that need no tokenizer, and so how often their names are compared.
const maxPlain = 64

// plain reads a tag as the tokenizer would. It leaves to it what is rare.
func (r *tagReader) plain(raw []byte, nameEnd int) (found attributes, selfClosing, ok bool) {
	if bytes.IndexByte(raw, 0) >= 0 || bytes.IndexByte(raw, '\r') >= 0 {
		return nil, false, false
	}
	tag := string(raw)
	last := len(tag) - len(">")
	valueEnd := 0 // of the last attribute
	r.forget()
	for at := nameEnd; ; {
		var position cut.Attribute
		if position, at = cut.Next(raw, at); position.NameStart == 0 {
			return r.found, tag[last-1] == '/' && valueEnd != last, at == last
		}
		name := tag[position.NameStart:position.NameEnd]
		value, unescaped := unescape(tag[position.ValueStart:position.ValueEnd])
		if at < 0 || !unescaped || !isASCII(raw[position.NameStart:position.NameEnd]) || len(r.found) == maxPlain {
			return nil, false, false
		}
		if name = strings.ToLower(name); !r.found.has(name) {
			r.found = append(r.found, attribute{name, value})
			valueEnd = position.ValueEnd
		}
	}
}

// forget drops the attributes of the last tag, whose texts may be long.
func (r *tagReader) forget() {
	clear(r.found)
	r.found = r.found[:0]
}

// unescape resolves the character references in a value, if all are those of an ampersand.
func unescape(value string) (unescaped string, ok bool) {
	references := strings.Count(value, "&")
	if references == 0 {
		return value, true
	}
	const ampersand = "&amp;"
	return strings.ReplaceAll(value, ampersand, "&"), strings.Count(value, ampersand) == references
}

// tokenize reads a tag with the tokenizer.
func (r *tagReader) tokenize(raw []byte) (found attributes, selfClosing, ok bool) {
	if r.tokenizer == nil {
		r.tokenizer = html.NewTokenizer(r)
	}
	r.left = raw
	kind := r.tokenizer.Next()
	if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
		r.tokenizer, r.left = nil, nil
		return nil, false, false
	}
	r.forget()
	_, more := r.tokenizer.TagName()
	for more {
		var name, value []byte
		name, value, more = r.tokenizer.TagAttr()
		r.found = append(r.found, attribute{string(name), string(value)})
	}
	r.tokenizer.NextIsNotRawText() // cut.Tags reads that
	return r.found, kind == html.SelfClosingTagToken, true
}

// Read gives a tag to the tokenizer.
func (r *tagReader) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.left)
	if r.left = r.left[n:]; len(r.left) == 0 {
		r.left = nil // somebody else's
	}
	return n, nil
}
