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
	// maxToken bounds a tag with its attributes, a text or a comment in bytes, because encoding/xml keeps one at a time.
	maxToken = 256 << 10
	// maxDepth bounds the nesting of elements.
	maxDepth = 100
)

// entryOf gives the element of an entry, by the root element.
//
//nolint:gochecknoglobals // a constant table
var entryOf = map[string]string{"urlset": "url", "sitemapindex": "sitemap"}

// sitemap is the format of sitemaps.
type sitemap struct{}

func (sitemap) decode(name string, r io.Reader, at place) decoder {
	return newSitemapDecoder(name, r, at)
}

// sitemapDecoder reads the entries of a sitemap or an index: the elements directly in the root, in the sitemap's
// namespace. An element elsewhere with the name of an entry or a root is malformed. Elements of other namespaces are
// ignored.
type sitemapDecoder struct {
	name string
	text *scanner
	xml  *xml.Decoder
	at   place
	// base is the URL of the sitemap, if known. Relative URLs are resolved against it.
	base  *url.URL
	begun bool
	ended bool
	// inside are the open elements, the root first.
	inside []element
	spaces namespaces
	// before is what a decoder that begins between two entries must assume: the encoding and the root.
	before string
}

type element struct {
	raw      string // name as written in the file
	local    string // name, without a prefix
	space    string // its namespace
	declared int    // number of declared prefixes
}

// inOther declares the encoding of a file that claims another one than UTF-8.
const inOther = `<?xml version="1.0" encoding="other"?>`

func newSitemapDecoder(name string, r io.Reader, at place) *sitemapDecoder {
	d := &sitemapDecoder{name: name, at: at}
	d.text = newScanner(io.MultiReader(strings.NewReader(at.before), r))
	d.xml = xml.NewDecoder(d.text)
	d.xml.Strict = false // allows an & in a URL; the end of elements is checked here
	d.xml.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		// In another encoding, URLs need only the bytes that are ASCII in all of them. So offsets stay valid.
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

// token reads the next token. The error is io.EOF after the end of the root, or in an empty file.
func (d *sitemapDecoder) token() (xml.Token, error) {
	d.text.left = maxToken
	token, err := d.xml.RawToken()
	if err != nil {
		return nil, d.failed(err)
	}
	switch token := token.(type) {
	case xml.StartElement:
		if len(d.inside) == maxDepth {
			return nil, d.broken("more than %d elements are nested", maxDepth)
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

// failed converts an error of the XML decoder.
func (d *sitemapDecoder) failed(err error) error {
	d.ended = true
	syntax := &xml.SyntaxError{}
	switch {
	case errors.As(err, &syntax):
		return broken(d.name, d.at.line+syntax.Line, "the file is not XML: "+syntax.Msg)
	case errors.Is(err, errTooMuch):
		return d.broken("a tag, text or comment has more than %d KiB", maxToken>>10)
	case errors.Is(err, io.EOF) && len(d.inside) > 0:
		return d.broken("the file is incomplete")
	}
	return err
}

// leave notes the end of an element. If it does not match the last open element, nobody can know where all that follows
// belongs.
func (d *sitemapDecoder) leave(name string) error {
	last := len(d.inside) - 1
	if last < 0 {
		return d.broken("the file is not XML: </%s> has no start tag", name)
	}
	if begun := d.inside[last].raw; begun != name {
		return d.broken("the file is not XML: <%s> ends with </%s>", begun, name)
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
			return "", d.broken("the file is not a sitemap: it has no element")
		}
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			d.begun = true
			name := start.Name.Local
			if entryOf[name] == "" {
				return "", d.broken("the file is not a sitemap: its root is <%s>", name)
			}
			d.before = d.beginning(start)
			if len(d.before) > maxToken { // escaped, it is longer than in the file
				return "", d.broken("the namespaces of the <%s> have more than %d KiB", name, maxToken>>10)
			}
			return name, nil
		}
	}
}

// beginning is what a decoder must read before it can begin between two entries. It has no line ends.
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

// end reads what follows the end of the root.
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

// resolve returns the absolute URL. Only a URL that is clearly relative is resolved.
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
