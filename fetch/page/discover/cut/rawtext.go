package cut

import "bytes"

// rawText is where a cutter is in the text of an element such as script.
type rawText struct {
	name   string // of the element
	held   []byte // what may become its end tag, from "<"
	script scriptState
}

// scriptState is whether the end tag of a script counts (HTML, section 13.2.5.15 and following): not between
// "<!-- <script>" and "</script>" or "-->".
type scriptState uint8

const (
	plainScript scriptState = iota
	escapedScript
	doublyEscapedScript
)

func (c *Tags) enterRaw(name string) {
	if name == "" {
		return
	}
	c.raw.name, c.raw.held, c.raw.script, c.dashes = name, c.raw.held[:0], plainScript, 0
	c.state = inRaw
	if name == "plaintext" {
		c.state = inPlaintext
	}
}

// rawText reads on in text, up to the end tag or the end of the input.
func (c *Tags) rawText(p []byte) []byte {
	if len(c.raw.held) == 0 && (c.raw.name != "script" || c.raw.script == plainScript) {
		text, rest, ok := bytes.Cut(p, []byte("<"))
		c.to.Text(text)
		if ok {
			c.raw.held = append(c.raw.held, '<')
		}
		return rest
	}
	return c.held(p)
}

// held goes on by one byte in what may be an end tag, or opens or closes an escape in a script.
func (c *Tags) held(p []byte) []byte {
	b := p[0]
	if len(c.raw.held) == 0 { // in an escaped script
		c.escaped(b)
		return p[1:]
	}
	n := len(c.raw.held)
	escape := c.raw.name == "script" && c.raw.script == plainScript
	doubly := c.raw.script == escapedScript && (n == 1 && isLetter(b) || n > 1 && c.raw.held[1] != '/')
	wanted := "</" + c.raw.name
	if doubly {
		wanted = "<script"
	}
	switch {
	case escape && string(c.raw.held) == "<" && b == '!', escape && n > 1 && c.raw.held[1] == '!' && b == '-':
		c.raw.held = append(c.raw.held, b)
		if n+1 == len("<!--") {
			c.release()
			c.raw.script, c.dashes = escapedScript, 2
		}
		return p[1:]
	case n < len(wanted) && lowerByte(b) == wanted[n]:
		c.raw.held = append(c.raw.held, b)
		return p[1:]
	case n == len(wanted) && (isSpace(b) || b == '/' || b == '>'):
		return c.matched(p, doubly)
	default:
		c.release()
		c.dashes = 0
		return p
	}
}

// matched handles a complete "</name" or, in an escaped script, "<script".
func (c *Tags) matched(p []byte, doubly bool) []byte {
	switch {
	case doubly:
		c.raw.script = doublyEscapedScript
	case c.raw.script == doublyEscapedScript:
		c.raw.script = escapedScript
	default:
		c.begin(c.raw.held...)
		c.end, c.state = true, inTagName
		c.raw.held = c.raw.held[:0]
		return p
	}
	c.release()
	c.to.Text(p[:1])
	c.dashes = 0
	return p[1:]
}

// release passes on as text what did not become an end tag.
func (c *Tags) release() {
	c.to.Text(c.raw.held)
	c.raw.held = c.raw.held[:0]
}

// escaped goes on by one byte in an escaped script.
func (c *Tags) escaped(b byte) {
	switch {
	case b == '<':
		c.raw.held = append(c.raw.held, b)
		return
	case b == '-':
		c.dashes++
	case b == '>' && c.dashes >= 2:
		c.raw.script = plainScript
	default:
		c.dashes = 0
	}
	c.to.Text([]byte{b})
}

func lowerByte(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
