// Package cut finds where the tags of HTML and the statements of CSS begin and end, while these come in pieces. It
// keeps nothing else, so that memory is bounded whatever comes.
package cut

import "bytes"

// maxTag bounds a tag. A longer one is skipped; most of those have an image in base64.
const maxTag = 256 << 10

// Sink receives what Tags finds.
type Sink interface {
	// Tag receives a complete start tag and the name in it, both valid until it returns. It returns the name if what
	// follows is text up to the end tag.
	Tag(name, raw []byte) (rawText string)
	// EndTag receives the name of an end tag.
	EndTag(name []byte)
	// Text receives a part of such text.
	Text(part []byte)
}

// Tags finds the tags in HTML, however it was split. Everything else passes by without being kept.
//
// Its states are those of the tokenizer of golang.org/x/net/html, so that both agree on where a tag ends; a fuzz test
// compares them.
type Tags struct {
	to      Sink
	foreign func() bool // whether CDATA sections are possible here
	state   state
	kept    []byte // of the tag, from earlier writes
	tooLong bool
	end     bool // an end tag
	quote   byte
	first   bool // of an attribute's name
	dashes  int  // in a comment, or an escaped script
	raw     rawText
}

type state uint8

const (
	inData state = iota
	inTagOpen
	inEndTagOpen
	inTagName
	inBeforeAttribute
	inAttribute
	inAfterAttribute
	inBeforeValue
	inQuoted
	inUnquoted
	inBogus // up to the next ">"
	inMarkup
	inComment
	inCommentStart
	inCommentBang
	inCDATA
	inRaw
	inPlaintext
)

// NewTags returns a Tags. Foreign reports whether CDATA sections are possible at the moment, which is so in SVG.
func NewTags(to Sink, foreign func() bool) *Tags {
	return &Tags{to: to, foreign: foreign}
}

// Write takes the next bytes, in UTF-8.
func (c *Tags) Write(p []byte) {
	for len(p) > 0 {
		switch c.state {
		case inData:
			p = c.data(p)
		case inTagOpen, inEndTagOpen, inMarkup:
			p = c.open(p)
		case inBogus:
			p = c.until(p, '>')
		case inComment, inCommentStart, inCommentBang, inCDATA:
			p = c.comment(p)
		case inRaw:
			p = c.rawText(p)
		case inPlaintext:
			return
		default:
			p = c.tagged(p)
		}
	}
}

func (c *Tags) data(p []byte) []byte {
	start := bytes.IndexByte(p, '<')
	if start < 0 {
		return nil
	}
	p = p[start:]
	if n := c.whole(p); n > 0 {
		return p[n:]
	}
	c.begin('<')
	c.state = inTagOpen
	return p[1:]
}

// begin begins to keep a tag.
func (c *Tags) begin(text ...byte) {
	c.kept, c.tooLong, c.end = append(c.kept[:0], text...), false, false
}

// open decides what a "<" opens, and returns what follows.
func (c *Tags) open(p []byte) []byte {
	b := p[0]
	switch {
	case c.state == inMarkup:
		return c.markup(p)
	case isLetter(b):
		c.end = c.state == inEndTagOpen
		c.state = inTagName
		return p
	case c.state == inTagOpen && b == '/':
		c.keep(p[:1])
		c.state = inEndTagOpen
		return p[1:]
	case c.state == inTagOpen && b == '!':
		c.begin()
		c.state = inMarkup
		return p[1:]
	case c.state == inTagOpen && b == '?', c.state == inEndTagOpen:
		c.state = inBogus
		return p
	default:
		c.state = inData
		return p
	}
}

// markup distinguishes comments and CDATA sections from declarations.
func (c *Tags) markup(p []byte) []byte {
	const comment, cdata = "--", "[CDATA["
	c.kept = append(c.kept, p[0])
	switch kept := string(c.kept); {
	case kept == comment:
		c.state, c.dashes = inCommentStart, 0
	case kept == cdata && c.foreign():
		c.state, c.dashes = inCDATA, 0
	case len(kept) < len(comment) && kept == comment[:len(kept)]:
	case len(kept) < len(cdata) && kept == cdata[:len(kept)] && c.foreign():
	default:
		c.state = inBogus // none of these has a ">"
		if p[0] == '>' {
			c.state = inData
		}
	}
	return p[1:]
}

func (c *Tags) until(p []byte, b byte) []byte {
	i := bytes.IndexByte(p, b)
	if i < 0 {
		return nil
	}
	c.state = inData
	return p[i+1:]
}

// comment reads on in a comment or a CDATA section.
func (c *Tags) comment(p []byte) []byte {
	if c.state == inComment && c.dashes == 0 {
		if i := bytes.IndexByte(p, '-'); i < 0 {
			return nil
		} else if i > 0 {
			return p[i:]
		}
	}
	b := p[0]
	switch {
	case c.state == inCDATA:
		switch {
		case b == ']':
			c.dashes++
		case b == '>' && c.dashes >= 2:
			c.state = inData
		default:
			c.dashes = 0
		}
	case c.state == inCommentBang:
		c.state = inComment
		switch b {
		case '>':
			c.state = inData
		case '-':
			c.dashes = 1
		default:
			c.dashes = 0
		}
	case b == '-':
		c.dashes++
	case b == '>' && (c.dashes >= 2 || c.state == inCommentStart):
		c.state = inData
	case b == '!' && c.dashes >= 2:
		c.state = inCommentBang
	default:
		c.state, c.dashes = inComment, 0
	}
	return p[1:]
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

func isSpace(b byte) bool {
	return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == '\f'
}
