package lists

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

const (
	// maxToken bounds a tag with all its attributes, a text and a comment: encoding/xml keeps one at a time.
	maxToken = 256 << 10
	// maxDepth bounds how many elements may be inside each other.
	maxDepth = 100
)

// entryOf is the element of an entry, by roots.
//
//nolint:gochecknoglobals // a constant table
var entryOf = map[string]string{"urlset": "url", "sitemapindex": "sitemap"}

// sitemap is the format of sitemaps.
type sitemap struct{}

func (sitemap) decode(name string, r io.Reader, at place) decoder {
	return newSitemapDecoder(name, r, at)
}

// sitemapDecoder reads the entries of a sitemap or an index: those elements, directly in the root, that are in the
// sitemap's namespace. Where else it has an element with the name of an entry or a root, the element is malformed;
// elements of other namespaces do not count.
type sitemapDecoder struct {
	name string
	text *scanner
	xml  *xml.Decoder
	at   place
	// base is the URL of the sitemap, if it has one: what relative URLs in it go by.
	base  *url.URL
	begun bool
	ended bool
	// inside are the elements that have begun, the root first.
	inside []element
	spaces namespaces
	// before is what a decoder that begins between two entries is told: the encoding and the root.
	before string
}

type element struct {
	raw      string // name, as it is in the file
	local    string // name, without a prefix
	space    string // its namespace
	declared int    // how many prefixes
}

// inOther declares the encoding of a file that says that it is in another than UTF-8.
const inOther = `<?xml version="1.0" encoding="other"?>`

func newSitemapDecoder(name string, r io.Reader, at place) *sitemapDecoder {
	d := &sitemapDecoder{name: name, at: at}
	d.text = newScanner(io.MultiReader(strings.NewReader(at.before), r))
	d.xml = xml.NewDecoder(d.text)
	d.xml.Strict = false // as to an & in a URL; whether elements end is looked after here
	d.xml.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		// Of another encoding, URLs need no more than what is ASCII in all of them. So offsets stay.
		d.text.ascii = true
		return d.text, nil
	}
	return d
}

func (d *sitemapDecoder) line() int {
	line, _ := d.xml.InputPos()
	return d.at.line + line
}

func (d *sitemapDecoder) place() place {
	if !d.begun {
		return d.at
	}
	return place{
		offset: d.at.offset + d.xml.InputOffset() - int64(len(d.at.before)), line: d.line() - 1, before: d.before,
	}
}

func (d *sitemapDecoder) malformed(format string, args ...any) error {
	return malformed(d.name, d.line(), fmt.Sprintf(format, args...))
}

func (d *sitemapDecoder) broken(format string, args ...any) error {
	d.ended = true
	return broken(d.name, d.line(), fmt.Sprintf(format, args...))
}

// token reads on. Its error is io.EOF after the end of the root, and where there is none.
func (d *sitemapDecoder) token() (xml.Token, error) {
	d.text.left = maxToken
	token, err := d.xml.RawToken()
	if err != nil {
		return nil, d.failed(err)
	}
	switch token := token.(type) {
	case xml.StartElement:
		if len(d.inside) == maxDepth {
			return nil, d.broken("more than %d elements are inside each other", maxDepth)
		}
		declared := d.spaces.declare(token.Attr)
		if len(d.spaces.replaced) > maxNamespaces {
			return nil, d.broken("there are more than %d namespaces", maxNamespaces)
		}
		d.inside = append(d.inside, element{rawName(token.Name), token.Name.Local, d.spaces.of(token.Name), declared})
	case xml.EndElement:
		return token, d.leave(rawName(token.Name))
	}
	return token, nil
}

// failed makes an error of the XML decoder our own.
func (d *sitemapDecoder) failed(err error) error {
	d.ended = true
	syntax := &xml.SyntaxError{}
	switch {
	case errors.As(err, &syntax):
		return broken(d.name, d.at.line+syntax.Line, "the file is no XML: "+syntax.Msg)
	case errors.Is(err, errTooMuch):
		return d.broken("a tag, text or comment has more than %d KiB", maxToken>>10)
	case errors.Is(err, io.EOF) && len(d.inside) > 0:
		return d.broken("the file ends in the middle")
	}
	return err
}

// leave notes the end of an element. Where it is not that of the last one that has begun, all the rest may be somewhere
// else than it was meant to be.
func (d *sitemapDecoder) leave(name string) error {
	last := len(d.inside) - 1
	if last < 0 {
		return d.broken("the file is no XML: there is an end of <%s>, but no beginning", name)
	}
	if begun := d.inside[last].raw; begun != name {
		return d.broken("the file is no XML: <%s> ends with </%s>", begun, name)
	}
	d.spaces.leave(d.inside[last].declared)
	d.inside = d.inside[:last]
	return nil
}

// root reads up to the root element.
func (d *sitemapDecoder) root() (string, error) {
	for {
		token, err := d.token()
		if errors.Is(err, io.EOF) {
			return "", d.broken("the file is no sitemap: there is no element in it")
		}
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			d.begun = true
			name := start.Name.Local
			if entryOf[name] == "" {
				return "", d.broken("the file is no sitemap: its root is <%s>", name)
			}
			d.before = d.beginning(start)
			if len(d.before) > maxToken { // escaped, it is longer than in the file
				return "", d.broken("the namespaces of the <%s> have more than %d KiB", name, maxToken>>10)
			}
			return name, nil
		}
	}
}

// beginning is what a decoder has to read before it may begin between two entries. It has no line ends.
func (d *sitemapDecoder) beginning(root xml.StartElement) string {
	var b strings.Builder
	if d.text.ascii {
		b.WriteString(inOther)
	}
	b.WriteString("<" + rawName(root.Name))
	for _, attribute := range root.Attr {
		if _, ok := declares(attribute.Name); ok {
			b.WriteString(" " + rawName(attribute.Name) + `="`)
			_ = xml.EscapeText(&b, []byte(attribute.Value)) // a Builder does not fail
			b.WriteString(`"`)
		}
	}
	b.WriteString(">")
	return b.String()
}

// end reads what is after the end of the root.
func (d *sitemapDecoder) end() error {
	d.ended = true
	for {
		token, err := d.token()
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			return d.broken("there is a <%s> after the end", start.Name.Local)
		}
	}
}

func (d *sitemapDecoder) next(to *Entry) error {
	if d.ended {
		return io.EOF
	}
	if !d.begun {
		if _, err := d.root(); err != nil {
			return err
		}
	}
	loc, err := d.loc()
	if err != nil {
		return err
	}
	to.URL = d.resolve(loc)
	if wrong := checkURL(to.URL); wrong != "" {
		return d.malformed("%s", wrong)
	}
	return nil
}

// resolve is the URL that one stands for which says that it is relative.
func (d *sitemapDecoder) resolve(loc string) string {
	isRelative := strings.HasPrefix(loc, "/") || strings.HasPrefix(loc, "./") || strings.HasPrefix(loc, "../")
	if d.base == nil || !isRelative {
		return loc
	}
	to, err := d.base.Parse(loc)
	if err != nil {
		return loc
	}
	return to.String()
}
