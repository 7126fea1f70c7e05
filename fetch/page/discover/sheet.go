package discover

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cut"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/reference"
)

// CSS is a scanner of one stylesheet.
type CSS struct {
	decoder *decoder
	sheet   *sheet
}

// NewCSS returns a scanner of a stylesheet at base. The content type is that of the response. Found is called for each
// resource, in the order of the stylesheet.
func NewCSS(base *url.URL, contentType string, options Options, found func(Resource)) *CSS {
	return &CSS{
		decoder: newDecoder(contentType, declaredInCSS, options.Charset, "utf-8"),
		sheet:   newSheet(base, newFinder(options, 0, found)),
	}
}

// Write takes bytes of the stylesheet. It never fails.
func (c *CSS) Write(p []byte) (int, error) {
	c.sheet.write(c.decoder.write(p))
	return len(p), nil
}

// Close ends the stylesheet. An unfinished rule at its end counts, as in browsers.
func (c *CSS) Close() {
	c.sheet.write(c.decoder.close())
	c.sheet.close()
}

// Charset returns the name of the stylesheet's encoding, as far as it is known yet.
func (c *CSS) Charset() string { return c.decoder.charset() }

// ReferrerPolicy returns the policy of what it imports.
func (c *CSS) ReferrerPolicy() string { return c.sheet.finder.policy }

// sheet finds resources in the rules of a stylesheet.
type sheet struct {
	statements *cut.Statements

	base   *url.URL
	finder *finder
	blocks []block
	deeper int  // open blocks beyond maxBlocks
	rules  bool // there was a rule, so that imports are invalid
	// imports is whether there was an import, behind which a layer is such a rule.
	imports bool
	junk    bool // the rule began with what makes it invalid

	inactive bool // the media of the whole sheet do not match
	// inDocument is whether it is in a style element, whose imports the preload scanner of a browser knows.
	inDocument bool
}

// maxBlocks bounds how deep blocks are told apart. What is deeper does not count.
const maxBlocks = 64

// block is an open block of rules or declarations.
type block struct {
	active bool // its conditions are true
	font   *fontFace
}

func newSheet(base *url.URL, f *finder) *sheet {
	s := &sheet{base: base, finder: f}
	s.statements = cut.NewStatements(reference.MaxLength+1, s.statement)
	return s
}

// newDeclarations returns a scanner of a style attribute.
func newDeclarations(base *url.URL, f *finder) *sheet {
	s := newSheet(base, f)
	s.rules = true
	s.blocks = append(s.blocks, block{active: true})
	return s
}

func (s *sheet) write(p []byte) { s.statements.Write(p) }

func (s *sheet) close() { s.statements.Close() }

// active reports whether the conditions of all open blocks are true.
func (s *sheet) active() bool {
	return !s.inactive && s.deeper == 0 && (len(s.blocks) == 0 || s.blocks[len(s.blocks)-1].active)
}

func (s *sheet) statement(text []byte, terminator byte) {
	if bytes.IndexByte(text, 0) >= 0 {
		text = bytes.ReplaceAll(text, []byte{0}, []byte("\ufffd"))
	}
	text = trimCSS(text, len(s.blocks) == 0)
	switch terminator {
	case '{':
		s.open(text)
	case '}':
		s.declaration(text)
		s.shut()
	case ';':
		switch {
		case len(text) > 0 && text[0] == '@':
			s.atStatement(text)
		case len(s.blocks) > 0:
			s.declaration(text)
		default: // no rule has a semicolon before its block
			s.junk, s.rules = true, true
		}
	default: // the end of the input closes what is open
		if len(text) > 0 && text[0] == '@' {
			s.atStatement(text)
		} else {
			s.declaration(text)
		}
		for len(s.blocks) > 0 {
			s.shut()
		}
	}
}

// trimCSS removes spaces and comments before a statement; between rules, also what hides a style element from
// ancient browsers, and the CDATA sections of XML.
func trimCSS(text []byte, top bool) []byte {
	for {
		for len(text) > 0 && strings.IndexByte(" \t\r\n\f", text[0]) >= 0 {
			text = text[1:]
		}
		if len(text) == 0 || text[0] != '/' && text[0] != '<' && text[0] != '-' {
			return text
		}
		before := len(text)
		text = bytes.TrimPrefix(text, []byte("/**/"))
		if top {
			text = bytes.TrimPrefix(text, []byte("<!--"))
			text = bytes.TrimPrefix(text, []byte("-->"))
			text = bytes.TrimPrefix(text, []byte("<![CDATA["))
		}
		if len(text) == before {
			return text
		}
	}
}

// open begins a block.
func (s *sheet) open(prelude []byte) {
	if len(s.blocks) == maxBlocks {
		s.deeper++
		return
	}
	next := block{active: s.active() && !s.junk}
	valid := true
	s.junk = false
	if len(prelude) > 0 && prelude[0] == '@' {
		name, rest := atRule(prelude)
		valid = hasBlock(name)
		next.active = next.active && valid
		if next.active {
			s.begin(&next, name, rest)
		}
	}
	s.rules = s.rules || valid
	s.blocks = append(s.blocks, next)
}

// begin applies the rule that a block is of.
func (s *sheet) begin(b *block, name string, prelude []byte) {
	switch name {
	case "media":
		b.active = s.matches(prelude)
	case "supports":
		tokens, all := csstoken.All(prelude, maxPrelude)
		b.active = all && cssquery.Supports(tokens)
	case "font-face":
		b.font = new(fontFace)
	}
}

// hasBlock reports whether an at-rule is one with a block. Others with a block are invalid: browsers read on behind
// them as if they were not there.
func hasBlock(name string) bool {
	switch name {
	case "media", "supports", "container", "layer", "scope", "starting-style", "font-face", "page", "keyframes",
		"-webkit-keyframes", "counter-style", "property", "font-feature-values", "font-palette-values",
		"view-transition", "position-try", "function":
		return true
	default:
		return false
	}
}

// shut ends a block. One too many does nothing.
func (s *sheet) shut() {
	switch {
	case s.deeper > 0:
		s.deeper--
	case len(s.blocks) > 0:
		last := s.blocks[len(s.blocks)-1]
		s.blocks = s.blocks[:len(s.blocks)-1]
		if last.font != nil && last.active {
			s.useFont(last.font)
		}
	}
}

// maxPrelude bounds the tokens of a prelude. Longer ones are not fulfilled.
const maxPrelude = 1024

func (s *sheet) matches(media []byte) bool {
	tokens, all := csstoken.All(media, maxPrelude)
	return all && s.finder.environment.MatchesTokens(tokens)
}

// atRule returns the name of an at-rule, and what is behind it.
func atRule(text []byte) (name string, rest []byte) {
	lexer := csstoken.New(text)
	token := lexer.Next()
	return token.Name(), text[min(len(text), token.Length()):]
}

// atStatement handles an at-rule without a block.
func (s *sheet) atStatement(text []byte) {
	name, rest := atRule(text)
	switch name {
	case "import":
		if !s.rules && len(s.blocks) == 0 {
			s.imports = true
			s.importRule(rest)
		}
	case "layer":
		s.rules = s.rules || s.imports
	case "namespace":
		s.rules = true
	}
}
