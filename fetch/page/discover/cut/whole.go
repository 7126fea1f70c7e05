package cut

import "bytes"

// whole passes on the tag that p begins with, without a copy, and returns its length. It is 0 if p does not have all of
// it, or begins with anything else. Most tags have come in one piece.
func (c *Tags) whole(p []byte) int {
	start := len("<")
	if len(p) > start && p[start] == '/' {
		start++
	}
	if len(p) == start || !isLetter(p[start]) {
		return 0
	}
	end := nameEnd(p, start)
	n := length(p, end)
	if n == 0 || n > maxTag {
		return 0
	}
	c.end, c.tooLong = p[1] == '/', false
	c.pass(lowerBytes(p[start:end]), p[:n])
	return n
}

// Attribute is where an attribute stands in a tag: its name and its value, without quotes. The value is empty if there
// is none.
type Attribute struct{ NameStart, NameEnd, ValueStart, ValueEnd int }

// Next reads the attribute at an offset of a tag, or behind the spaces and slashes there. It returns the offset behind
// it. At the end of the tag, the name is empty and the offset is that of its ">". The offset is negative if the tag is
// not complete.
//
// It does what the states of Tags do, in one go (HTML, sections 13.2.5.32 to 13.2.5.40). Nothing is decoded.
func Next(tag []byte, at int) (a Attribute, next int) {
	i := at
	for i < len(tag) && (tag[i] == '/' || isSpace(tag[i])) {
		i++
	}
	if i == len(tag) {
		return a, -1
	}
	if tag[i] == '>' {
		return a, i
	}
	a.NameStart = i
	i++ // an equals sign here begins the name
	for i < len(tag) && !endsName(tag[i]) {
		i++
	}
	a.NameEnd = i
	i = skipSpaces(tag, i)
	if i == len(tag) || tag[i] != '=' {
		return a, i
	}
	return a.value(tag, skipSpaces(tag, i+1))
}

// value reads the value that begins at an offset of a tag.
func (a Attribute) value(tag []byte, at int) (Attribute, int) {
	if at == len(tag) {
		return a, -1
	}
	switch quote := tag[at]; quote {
	case '"', '\'':
		length := bytes.IndexByte(tag[at+1:], quote)
		if length < 0 {
			return a, -1
		}
		a.ValueStart, a.ValueEnd = at+1, at+1+length
		return a, a.ValueEnd + 1
	default:
		end := at
		for end < len(tag) && !endsValue(tag[end]) {
			end++
		}
		a.ValueStart, a.ValueEnd = at, end
		return a, end
	}
}

// length returns the length of the tag that a text begins with, or 0 if the text ends before it. Its name ends at an
// offset.
func length(text []byte, nameEnd int) int {
	for at := nameEnd; at >= 0; {
		var a Attribute
		if a, at = Next(text, at); at >= 0 && a.NameStart == 0 {
			return at + 1
		}
	}
	return 0
}

// nameEnd returns where the name of a tag ends that begins at an offset.
func nameEnd(tag []byte, start int) int {
	end := start
	for end < len(tag) && (tag[end] > '>' || !isSpace(tag[end]) && tag[end] != '/' && tag[end] != '>') {
		end++
	}
	return end
}

func skipSpaces(tag []byte, at int) int {
	for at < len(tag) && isSpace(tag[at]) {
		at++
	}
	return at
}

// Letters are above all that ends a name or a value.

func endsName(b byte) bool { return b <= '>' && (isSpace(b) || b == '/' || b == '=' || b == '>') }

func endsValue(b byte) bool { return b <= '>' && (isSpace(b) || b == '>') }
