package lists

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// The elements of a sitemap, by their depth.
const (
	atRoot  = 1
	atEntry = 2
	atLoc   = 3
)

// sitemapEntry is what has been read of an entry.
type sitemapEntry struct {
	begun   bool
	inLoc   bool
	locs    int
	text    strings.Builder
	wrong   string // with the loc
	element string
}

// loc reads the loc of the next entry.
func (d *sitemapDecoder) loc() (string, error) {
	e := sitemapEntry{element: entryOf[d.inside[0].local]}
	for {
		token, err := d.token()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = d.start(&e)
		case xml.CharData:
			err = d.chars(&e, token)
		case xml.EndElement:
			e.inLoc = e.inLoc && len(d.inside) >= atLoc
			switch {
			case len(d.inside) == 0:
				return "", d.end()
			case len(d.inside) == atRoot && e.begun:
				return d.entry(&e)
			}
		}
		if err != nil {
			return "", err
		}
	}
}

// start handles the start of an element.
func (d *sitemapDecoder) start(e *sitemapEntry) error {
	depth := len(d.inside)
	begins, root := d.inside[depth-1], d.inside[0]
	if e.inLoc {
		e.wrong = "the <loc> contains an element"
	}
	if begins.space != root.space && !isSitemaps(begins.space) {
		if depth == atEntry && begins.space == "" && begins.local == e.element {
			return d.malformed("the <%s> is not in the namespace of the <%s>", begins.local, root.raw)
		}
		return nil
	}
	switch name := strings.ToLower(begins.local); {
	case e.begun && begins.local == e.element:
		return d.broken("the previous <%s> is not closed", e.element)
	case depth == atEntry && begins.local == e.element:
		e.begun = true
	case depth == atEntry:
		return d.malformed("there is a <%s> in the <%s>, which is for <%s>", begins.local, root.local, e.element)
	case name == "url", name == "sitemap", name == "urlset", name == "sitemapindex":
		return d.malformed("there is a <%s> in a <%s>", begins.local, d.inside[depth-2].local)
	case depth == atLoc && e.begun && begins.local == "loc":
		e.inLoc = true
		e.locs++
	}
	return nil
}

// chars handles text.
func (d *sitemapDecoder) chars(e *sitemapEntry, text xml.CharData) error {
	switch {
	case e.inLoc && e.text.Len() > maxToken:
		e.wrong = "the URL is too long"
	case e.inLoc:
		e.text.Write(text)
	case len(d.inside) == atRoot && len(bytes.TrimSpace(text)) > 0:
		return d.malformed("there is text between the elements of the <%s>", d.inside[0].local)
	}
	return nil
}

// entry returns the loc of a complete entry.
func (d *sitemapDecoder) entry(e *sitemapEntry) (string, error) {
	switch {
	case e.locs == 0:
		return "", d.malformed("the <%s> has no <loc>", e.element)
	case e.locs > 1:
		return "", d.malformed("the <%s> has more than one <loc>", e.element)
	case e.wrong != "":
		return "", d.malformed("%s", e.wrong)
	default:
		return strings.TrimSpace(e.text.String()), nil
	}
}
