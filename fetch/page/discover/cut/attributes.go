package cut

import "bytes"

// tagged reads on in a tag, up to its end or that of the input.
func (c *Tags) tagged(p []byte) []byte {
	for i := 0; i < len(p); {
		if c.state == inQuoted {
			end := bytes.IndexByte(p[i:], c.quote)
			if end < 0 {
				break
			}
			i += end + 1
			c.state = inBeforeAttribute
			continue
		}
		if c.step(p[i]) {
			i++
		}
		if c.state == inData {
			c.finish(p[:i])
			return p[i:]
		}
	}
	c.keep(p)
	return nil
}

// step goes on by one byte. It reports whether the byte is used up, rather than to be looked at in the next state.
func (c *Tags) step(b byte) (used bool) {
	space := isSpace(b)
	switch c.state {
	case inTagName:
		if space || b == '/' || b == '>' {
			c.state = inBeforeAttribute
			return space
		}
	case inBeforeAttribute:
		switch {
		case space:
		case b == '>':
			c.state = inData
		default:
			c.state, c.first = inAttribute, true
			return false
		}
	case inAttribute:
		if space || b == '/' || b == '>' || b == '=' && !c.first {
			c.state = inAfterAttribute
			return space
		}
		c.first = false
	default:
		return c.stepValue(b, space)
	}
	return true
}

// stepValue is step behind the name of an attribute.
func (c *Tags) stepValue(b byte, space bool) (used bool) {
	switch c.state {
	case inAfterAttribute:
		switch {
		case space:
		case b == '/':
			c.state = inBeforeAttribute
		case b == '=':
			c.state = inBeforeValue
		default:
			c.state = inBeforeAttribute
			return false
		}
	case inBeforeValue:
		switch {
		case space:
		case b == '>':
			c.state = inBeforeAttribute
			return false
		case b == '"', b == '\'':
			c.state, c.quote = inQuoted, b
		default:
			c.state = inUnquoted
		}
	default: // inUnquoted
		if space || b == '>' {
			c.state = inBeforeAttribute
			return space
		}
	}
	return true
}

// keep keeps a part of a tag that is not complete.
func (c *Tags) keep(part []byte) {
	if left := maxTag - len(c.kept); len(part) > left {
		part, c.tooLong = part[:left], true
	}
	c.kept = append(c.kept, part...)
}

// finish passes on a tag that ends with a part.
func (c *Tags) finish(part []byte) {
	c.keep(part)
	c.pass(nameOf(c.kept), c.kept)
}

// pass passes on a complete tag.
func (c *Tags) pass(name, raw []byte) {
	switch {
	case c.end:
		c.to.EndTag(name)
	case c.tooLong:
		// Its attributes do not count. But what follows may be text all the same.
		c.enterRaw(RawText(name))
	default:
		c.enterRaw(c.to.Tag(name, raw))
	}
}

// nameOf returns the name in a tag, in lower case.
func nameOf(raw []byte) []byte {
	start := 1
	if len(raw) > 1 && raw[1] == '/' {
		start = 2
	}
	return lowerBytes(raw[start:nameEnd(raw, start)])
}

// lowerBytes returns a name in lower case, in place of a copy if it is so already.
func lowerBytes(name []byte) []byte {
	for i, b := range name {
		if 'A' <= b && b <= 'Z' {
			name = bytes.Clone(name)
			for ; i < len(name); i++ {
				name[i] = lowerByte(name[i])
			}
			break
		}
	}
	return name
}

// RawText returns the name of an element whose content is text up to its end tag, or nothing for others.
func RawText(name []byte) string {
	switch string(name) {
	case "script", "style", "title", "textarea", "iframe", "noscript", "noembed", "noframes", "xmp", "plaintext":
		return string(name)
	default:
		return ""
	}
}
