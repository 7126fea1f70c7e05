package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Sitemap opens a sitemap, or all sitemaps that an index leads to, indexes in it included. child returns the file of a
// URL in an index. With Skip, a sitemap that cannot be had or read on counts as one malformed entry, but not the first.
func Sitemap(first File, child func(loc string) (File, error), onError OnError) (*List, error) {
	var leaves []File
	names := map[string]bool{}
	walk := sitemapWalk{child: child, onError: onError, leaf: func(f File, _ bool) error {
		if names[f.Name] {
			return broken(f.Name, 1, "more than one URL of the index leads to this file")
		}
		names[f.Name] = true
		leaves = append(leaves, f)
		return nil
	}}
	if err := walk.all(first); err != nil {
		return nil, err
	}
	list, err := open(&contents{format: sitemap{}, onError: onError, skipFiles: walk.hasIndex}, leaves...)
	if err != nil {
		return nil, err
	}
	list.contents.skipped += walk.skipped
	return list, nil
}

// SitemapURLs is like Sitemap, for files that are not there for long: each is read before the next is asked for, and
// the list has their URLs in memory. absolute makes a URL of one that begins with a slash.
func SitemapURLs(
	first File, child func(loc string) (File, error), absolute func(loc string) string, onError OnError,
) (*List, error) {
	var all bytes.Buffer
	skipped := 0
	walk := sitemapWalk{
		onError: onError,
		child:   func(loc string) (File, error) { return child(absolute(loc)) },
		leaf: func(f File, isFirst bool) error {
			list, err := open(&contents{format: sitemap{}, onError: onError, skipFiles: !isFirst}, f)
			if err != nil {
				return err
			}
			skipped += list.Skipped()
			for _, e := range list.All(func(failure error) { err = failure }) {
				all.WriteString(absolute(e.URL))
				all.WriteByte('\n')
			}
			return err
		},
	}
	if err := walk.all(first); err != nil {
		return nil, err
	}
	list, err := Lines(Bytes(first.Name, all.Bytes()), onError)
	if err != nil {
		return nil, err
	}
	list.contents.skipped += skipped + walk.skipped
	return list, nil
}

type sitemap struct{}

func (sitemap) decode(name string, r io.Reader, at place) decoder {
	return newSitemapDecoder(name, r, at)
}

type sitemapDecoder struct {
	name  string
	xml   *xml.Decoder
	at    place
	begun bool
	ended bool
	// inside are the names of the elements that have begun, the root first.
	inside []string
	// isOther tells that the file says that it is in another encoding than UTF-8.
	isOther bool
}

// inOther is what a decoder that begins between two entries of such a file is told.
const inOther = `<?xml version="1.0" encoding="other"?>`

// anyName stands for the root where a decoder has not seen it.
const anyName = ""

func newSitemapDecoder(name string, r io.Reader, at place) *sitemapDecoder {
	d := &sitemapDecoder{name: name, at: at}
	if at.offset > 0 {
		d.begun, d.inside = true, []string{anyName}
	}
	d.xml = xml.NewDecoder(io.MultiReader(strings.NewReader(at.before), r))
	d.xml.Strict = false // as to an & in a URL; whether elements end is looked after here
	d.xml.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) {
		d.isOther = true
		return asciiReader{r}, nil
	}
	return d
}

func (d *sitemapDecoder) line() int {
	line, _ := d.xml.InputPos()
	return d.at.line + line
}

func (d *sitemapDecoder) place() place {
	p := place{offset: d.at.offset + max(0, d.xml.InputOffset()-int64(len(d.at.before))), line: d.line() - 1}
	if d.isOther {
		p.before = inOther
	}
	return p
}

func (d *sitemapDecoder) malformed(reason string) error { return malformed(d.name, d.line(), reason) }

func (d *sitemapDecoder) broken(format string, args ...any) error {
	d.ended = true
	return broken(d.name, d.line(), fmt.Sprintf(format, args...))
}

// token reads on. Its error is io.EOF after the end of the root, and where there is none.
func (d *sitemapDecoder) token() (xml.Token, error) {
	token, err := d.xml.RawToken()
	if err != nil {
		d.ended = true
		syntax := &xml.SyntaxError{}
		switch {
		case errors.As(err, &syntax):
			return nil, broken(d.name, d.at.line+syntax.Line, "the file is no XML: "+syntax.Msg)
		case errors.Is(err, io.EOF) && len(d.inside) > 0:
			return nil, d.broken("the file ends in the middle")
		}
		return nil, err
	}
	switch token := token.(type) {
	case xml.StartElement:
		d.inside = append(d.inside, rawName(token.Name))
	case xml.EndElement:
		return token, d.leave(rawName(token.Name))
	}
	return token, nil
}

// leave notes the end of an element. Where it is not that of the last one that has begun, all the rest may be somewhere
// else than it was meant to be.
func (d *sitemapDecoder) leave(name string) error {
	last := len(d.inside) - 1
	if last < 0 {
		return d.broken("the file is no XML: there is an end of <%s>, but no beginning", name)
	}
	if begun := d.inside[last]; begun != name && begun != anyName {
		return d.broken("the file is no XML: <%s> ends with </%s>", begun, name)
	}
	d.inside = d.inside[:last]
	return nil
}

// rawName is a name as it is in the file.
func rawName(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
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
			if name != "urlset" && name != "sitemapindex" {
				return "", d.broken("the file is no sitemap: its root is <%s>", name)
			}
			return name, nil
		}
	}
}

// loc reads the loc of the next element of a kind.
func (d *sitemapDecoder) loc(of string) (string, error) {
	var text strings.Builder
	inside, inLoc, locs := false, false, 0
	depth := 0
	for {
		token, err := d.token()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch {
			case depth == 0:
				inside = token.Name.Local == of
			case inside && token.Name.Local == of:
				return "", d.broken("the <%s> before has no end", of)
			case depth == 1 && inside && token.Name.Local == "loc":
				inLoc = true
				locs++
			}
			depth++
		case xml.CharData:
			if inLoc {
				text.Write(token)
			}
		case xml.EndElement:
			depth--
			inLoc = false
			switch {
			case depth < 0:
				return "", d.end()
			case depth > 0 || !inside:
			case locs == 0:
				return "", d.malformed("there is no <loc> in the <" + of + ">")
			case locs > 1:
				return "", d.malformed("there is more than one <loc> in the <" + of + ">")
			default:
				return strings.TrimSpace(text.String()), nil
			}
		}
	}
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
	loc, err := d.loc("url")
	if err != nil {
		return err
	}
	if wrong := checkURL(loc); wrong != "" {
		return d.malformed(wrong)
	}
	to.URL = loc
	return nil
}

// asciiReader reads what is in another encoding than UTF-8, of which URLs need no more than what is ASCII in all of
// them. Offsets stay, and what is no ASCII cannot be in a URL.
type asciiReader struct{ io.Reader }

func (a asciiReader) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	for i, b := range p[:n] {
		if b >= 0x80 {
			p[i] = 0x7f
		}
	}
	return n, err
}
