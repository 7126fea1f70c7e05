package cut

import "bytes"

// maxStatement bounds how much of a statement of CSS is kept.
const maxStatement = 64 << 10

// Statements cuts CSS at its semicolons and braces, however it was split: those that are not in strings, comments, URLs
// or parentheses. Each statement then has complete tokens.
//
// Of comments nothing is kept but that there was one, and of strings and URLs only as much as a URL may have: an image
// in base64 passes by.
type Statements struct {
	statement func(text []byte, terminator byte)
	longest   int // what is kept of a string or URL
	kept      []byte
	state     cssState
	quote     byte
	depth     int // of parentheses
	length    int // kept of a string or URL
	escaped   bool
}

type cssState uint8

const (
	cssPlain cssState = iota
	cssSlash          // behind "/", which may begin a comment
	cssComment
	cssStar // behind "*" in a comment
	cssString
	cssURLStart // behind "url("
	cssURL
)

// NewStatements returns a Statements. Statement is called with the text of each, valid until it returns, and the
// terminator behind it: a semicolon, a brace, or 0 for the last. Of a string or URL, longest bytes are kept.
func NewStatements(longest int, statement func(text []byte, terminator byte)) *Statements {
	return &Statements{statement: statement, longest: longest}
}

// Write takes the next bytes, in UTF-8.
func (s *Statements) Write(p []byte) {
	for len(p) > 0 {
		switch s.state {
		case cssComment:
			i := bytes.IndexByte(p, '*')
			if i < 0 {
				return
			}
			s.state = cssStar
			p = p[i+1:]
		case cssPlain:
			p = s.plain(p)
		case cssString, cssURL:
			p = s.long(p)
		default:
			if s.step(p[0]) {
				p = p[1:]
			}
		}
	}
}

// Close ends the last statement with the input.
func (s *Statements) Close() {
	if s.state == cssSlash {
		s.keep('/')
	}
	s.end(0)
}

// The bytes that count outside of strings, comments and URLs, and in strings and URLs.
//
//nolint:gochecknoglobals // constant tables
var (
	countPlain = tableOf(`"'/();{}\`)
	countLong  = tableOf("\"')\\\n\r\f")
)

func tableOf(bytes string) (table [256]bool) {
	for _, b := range []byte(bytes) {
		table[b] = true
	}
	return table
}

// plain reads on outside of strings, comments and URLs, up to the byte that changes that.
func (s *Statements) plain(p []byte) []byte {
	for i, b := range p {
		switch {
		case s.escaped:
			s.escaped = false
		case countPlain[b]:
			s.keep(p[:i]...)
			s.special(b)
			return p[i+1:]
		}
	}
	s.keep(p...)
	return nil
}

func (s *Statements) special(b byte) {
	switch b {
	case '/':
		s.state = cssSlash
		return
	case '\\':
		s.escaped = true
	case '"', '\'':
		s.state, s.quote, s.length = cssString, b, 0
	case '(':
		s.depth++
		if isURL(s.kept) {
			s.state, s.length = cssURLStart, 0
		}
	case ')':
		s.depth = max(0, s.depth-1)
	default:
		if s.depth == 0 {
			s.end(b)
			return
		}
	}
	s.keep(b)
}

// isURL reports whether a text ends with the name url.
func isURL(text []byte) bool {
	const name = "url"
	at := len(text) - len(name)
	if at < 0 || !bytes.EqualFold(text[at:], []byte(name)) {
		return false
	}
	if at == 0 {
		return true
	}
	b := text[at-1]
	return !isLetter(b) && (b < '0' || b > '9') && b != '-' && b != '_' && b != '\\' && b < 0x80
}

// step goes on by one byte where a comment or URL begins, or a comment may end. It reports whether the byte is used up.
func (s *Statements) step(b byte) (used bool) {
	switch s.state {
	case cssSlash:
		if s.state = cssPlain; b == '*' {
			s.keep([]byte("/**/")...)
			s.state = cssComment
			return true
		}
		s.keep('/')
		return false
	case cssStar:
		switch b {
		case '/':
			s.state = cssPlain
		case '*':
		default:
			s.state = cssComment
		}
		return true
	default: // cssURLStart
		switch {
		case isSpace(b):
			s.keep(b)
			return true
		case b == '"' || b == '\'':
			s.state = cssPlain // the function of a string
			return false
		}
		s.state = cssURL
		return false
	}
}

// long reads on in a string or URL, up to the byte that may end it.
func (s *Statements) long(p []byte) []byte {
	i := 0
	for i < len(p) && !s.escaped && !countLong[p[i]] {
		i++
	}
	if i == 0 {
		s.longByte(p[0])
		return p[1:]
	}
	if left := s.longest - s.length; left > 0 {
		s.keep(p[:min(i, left)]...)
	}
	s.length += i
	return p[i:]
}

// longByte goes on by one byte in a string or URL.
func (s *Statements) longByte(b byte) {
	over := s.state == cssString && b == s.quote || s.state == cssURL && b == ')'
	newline := s.state == cssString && (b == '\n' || b == '\r' || b == '\f')
	switch {
	case s.escaped:
		s.escaped = false
	case b == '\\':
		s.escaped = true
	case over, newline: // a newline ends what is no string then
		if s.state == cssURL {
			s.depth--
		}
		s.state = cssPlain
		s.keep(b)
		return
	}
	if s.length++; s.length <= s.longest {
		s.keep(b)
	}
}

func (s *Statements) keep(text ...byte) {
	if left := maxStatement - len(s.kept); len(text) > left {
		text = text[:left]
	}
	s.kept = append(s.kept, text...)
}

// end passes a statement on. The terminator is 0 at the end of the input.
func (s *Statements) end(terminator byte) {
	s.depth, s.escaped = 0, false
	s.statement(s.kept, terminator)
	s.kept = s.kept[:0]
}
