package discover

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cut"
)

// HTML is a scanner of one document.
type HTML struct {
	decoder *decoder
	scanner *scanner
}

// NewHTML returns a scanner of a document at base, its URL. The content type is that of the response. Found is called
// for each resource, once per URL and use, in the order of the document. An icon is found at the end, because only one
// of those that a document has is fetched.
func NewHTML(base *url.URL, contentType string, options Options, found func(Resource)) *HTML {
	const expected = 64
	standard := western
	scanner := newScanner(base, base, newFinder(options, expected, found), 0)
	if scanner.xml = isXML(contentType); scanner.xml {
		standard = "utf-8"
	}
	return &HTML{decoder: newDecoder(contentType, declaredInHTML, options.Charset, standard), scanner: scanner}
}

// isXML reports whether a document of a content type is XML.
func isXML(contentType string) bool {
	kind := Essence(contentType)
	return kind == "text/xml" || kind == "application/xml" || strings.HasSuffix(kind, "+xml")
}

// Write takes bytes of the document, as they come, however they are split. It never fails.
func (h *HTML) Write(p []byte) (int, error) {
	h.scanner.tags.Write(h.decoder.write(p))
	return len(p), nil
}

// Close ends the document.
func (h *HTML) Close() {
	h.scanner.tags.Write(h.decoder.close())
	h.scanner.close()
}

// Base returns what references of the document are resolved against so far: its URL, or what a base element says.
func (h *HTML) Base() *url.URL { return h.scanner.base }

// Charset returns the name of the document's encoding, as far as it is known yet.
func (h *HTML) Charset() string { return h.decoder.charset() }

// ReferrerPolicy returns the policy of the document, as far as it is known yet, or nothing.
func (h *HTML) ReferrerPolicy() string { return h.scanner.finder.policy }

// scanner finds resources in the tags of a document.
type scanner struct {
	tags     *cut.Tags
	reader   tagReader
	finder   *finder
	document *url.URL // its URL
	base     *url.URL
	based    bool // by a base element, of which the first counts
	nested   int  // in how many frames by srcdoc
	xml      bool // a tag may end its element
	inBody   bool
	context  context
	icons    icons
	sheet    *sheet // of the style element that is open

	manifested bool // a link to a manifest was found
}

func newScanner(document, base *url.URL, f *finder, nested int) *scanner {
	s := &scanner{finder: f, document: document, base: base, nested: nested}
	s.tags = cut.NewTags(s, func() bool { return s.xml || s.context.inSVG() })
	return s
}

func (s *scanner) close() {
	s.closeSheet()
	if !s.finder.options.Frame && s.nested == 0 {
		s.icons.find(s.finder)
	}
}

// Tag implements cut.Sink.
func (s *scanner) Tag(nameBytes, raw []byte) (rawText string) {
	name := atom.String(nameBytes)
	content := cut.RawText(nameBytes)
	selfClosing := bytes.HasSuffix(raw, []byte("/>"))
	if s.xml && selfClosing {
		content = ""
		defer s.context.leave(name)
	}
	if s.context.enterSVG(name, selfClosing) && !fetchedInSVG(name) {
		name = otherElement
		if content != "title" {
			content = "" // it is no text there
		}
	}
	live := !s.context.inert()
	s.context.nest(name, true)
	if !s.relevant(name, raw) {
		s.noteBody(name, live)
		return content
	}
	attributes, selfClosing, ok := s.reader.read(raw, len("<")+len(nameBytes))
	if !ok {
		return content
	}
	if selfClosing && s.context.inSVG() {
		content = "" // <script href="…"/> has no end tag
	}
	s.context.enter(name, attributes)
	if live {
		s.element(name, attributes)
		s.styleAttribute(attributes)
		if name == "style" && content != "" {
			s.openSheet(attributes)
		}
	}
	s.noteBody(name, live)
	return content
}

// otherElement is the name of those that are of no interest but for their styles.
const otherElement = ""

// noteBody notes that the body began: with the first element that is none of the head's.
func (s *scanner) noteBody(name string, live bool) {
	switch name {
	case "html", "head", "base", "link", "meta", "title", "script", "style", "noscript", "template":
	default:
		s.inBody = s.inBody || live
	}
}

// EndTag implements cut.Sink.
func (s *scanner) EndTag(name []byte) {
	s.context.leaveSVG(string(name))
	s.context.leave(string(name))
	if s.sheet != nil && string(name) == "style" {
		s.closeSheet()
	}
}

// Text implements cut.Sink.
func (s *scanner) Text(part []byte) {
	if s.sheet != nil {
		s.sheet.write(part)
	}
}
