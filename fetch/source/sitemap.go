package source

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxSitemaps bounds how many files a sitemap index leads to; a sitemap may have 50,000 URLs, and so may an index.
const maxSitemaps = 50_000

// Sitemap opens a sitemap, or all sitemaps that an index leads to, indexes in it included. child returns the file of a
// URL in an index.
func Sitemap(f File, child func(loc string) (File, error), onError OnError) (*List, error) {
	var leaves []File
	seen := map[string]bool{f.Name: true}
	skipped := 0
	for pending := []File{f}; len(pending) > 0; pending = pending[1:] {
		locs, isIndex, err := readIndex(pending[0])
		if err != nil {
			if skipped++; onError == Skip && len(leaves)+len(pending) > 1 {
				continue
			}
			return nil, err
		}
		if !isIndex {
			leaves = append(leaves, pending[0])
			continue
		}
		for _, loc := range locs {
			next, err := child(loc)
			if err != nil {
				if onError == Skip {
					skipped++
					continue
				}
				return nil, fmt.Errorf("%s: %w", pending[0].Name, err)
			}
			if !seen[next.Name] && len(seen) < maxSitemaps {
				seen[next.Name] = true
				pending = append(pending, next)
			}
		}
	}
	list, err := open(sitemap{}, onError, leaves...)
	if err != nil {
		return nil, err
	}
	list.contents.skipped += skipped
	return list, nil
}

// readIndex returns the URLs of the sitemaps in an index.
func readIndex(f File) (locs []string, isIndex bool, err error) {
	opened, err := newFile(f)
	if err != nil {
		return nil, false, err
	}
	r, err := opened.from(0)
	if err != nil {
		return nil, false, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	d := newSitemapDecoder(f.Name, r, place{})
	switch root, err := d.root(); {
	case err != nil:
		return nil, false, err
	case root != "sitemapindex":
		return nil, false, nil
	}
	for {
		loc, err := d.loc("sitemap")
		if errors.Is(err, io.EOF) {
			return locs, true, nil
		}
		if err != nil {
			return nil, true, err
		}
		if wrong := checkURL(loc); wrong != "" {
			return nil, true, d.malformed(wrong)
		}
		locs = append(locs, loc)
	}
}

type sitemap struct{}

func (sitemap) decode(name string, r io.Reader, at place) decoder {
	return newSitemapDecoder(name, r, at)
}

// middle is what a decoder that begins between two entries is told came before.
const middle = "<urlset>"

type sitemapDecoder struct {
	name   string
	xml    *xml.Decoder
	at     place
	before int64 // bytes that the decoder got and the file has not
	begun  bool
	ended  bool
}

func newSitemapDecoder(name string, r io.Reader, at place) *sitemapDecoder {
	d := &sitemapDecoder{name: name, at: at}
	if at.offset > 0 {
		d.before = int64(len(middle))
		r = io.MultiReader(strings.NewReader(middle), r)
	}
	d.xml = xml.NewDecoder(r)
	d.xml.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // URLs are of ASCII
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
	return place{d.at.offset + d.xml.InputOffset() - d.before, d.line() - 1}
}

func (d *sitemapDecoder) malformed(reason string) error {
	return &MalformedError{d.name, d.line(), reason}
}

func (d *sitemapDecoder) token() (xml.Token, error) {
	token, err := d.xml.Token()
	if err != nil {
		d.ended = true
		syntax := &xml.SyntaxError{}
		if errors.As(err, &syntax) {
			return nil, &MalformedError{d.name, d.at.line + syntax.Line, "the file is no XML: " + syntax.Msg}
		}
	}
	return token, err
}

// root reads up to the root element.
func (d *sitemapDecoder) root() (string, error) {
	for {
		token, err := d.token()
		if errors.Is(err, io.EOF) {
			return "", d.malformed("the file is empty")
		}
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			d.begun = true
			name := start.Name.Local
			if name != "urlset" && name != "sitemapindex" {
				d.ended = true
				return "", d.malformed("the file is no sitemap: its root is <" + name + ">")
			}
			return name, nil
		}
	}
}

// loc reads the loc of the next element of a kind.
func (d *sitemapDecoder) loc(of string) (string, error) {
	var text strings.Builder
	inside, inLoc, found := false, false, false
	depth := 0
	for {
		token, err := d.token()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch {
			case depth == 0 && token.Name.Local == of:
				inside = true
			case depth == 1 && inside && token.Name.Local == "loc":
				inLoc, found = true, true
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
				d.ended = true
				return "", io.EOF
			case depth == 0 && inside && !found:
				return "", d.malformed("there is no <loc> in the <" + of + ">")
			case depth == 0 && inside:
				return strings.TrimSpace(text.String()), nil
			}
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
