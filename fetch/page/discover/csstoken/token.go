// Package csstoken reads the tokens of CSS: those of tdewolff's lexer, with escapes resolved and comments left out.
//
// A token refers to the text that it was read from. Its value is only computed when asked for, because most of a
// stylesheet is skipped.
package csstoken

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// Kind is what a token is, as CSS Syntax names it.
type Kind uint8

// The kinds of tokens. Other stands for all that no reader here distinguishes, such as hashes.
const (
	End Kind = iota
	Ident
	Function
	AtKeyword
	String
	URL
	Bad // a string or URL that is cut off by a newline or holds what it must not
	Delim
	Number
	Percentage
	Dimension
	Space
	Colon
	Semicolon
	Comma
	OpenParen
	OpenSquare
	OpenBrace
	CloseParen
	CloseSquare
	CloseBrace
	Other
)

// Token is one token.
type Token struct {
	Kind Kind
	raw  []byte
}

// Lexer reads the tokens of a text.
type Lexer struct{ lexer *css.Lexer }

// New returns a lexer of a text, which must not change while its tokens are used.
func New(text []byte) Lexer {
	if bytes.IndexByte(text, 0) >= 0 { // the end of the input to the lexer; U+FFFD to CSS
		text = bytes.ReplaceAll(text, []byte{0}, []byte("\ufffd"))
	}
	// The lexer writes behind the text if there is capacity, which may be somebody else's.
	return Lexer{css.NewLexer(parse.NewInputBytes(slices.Clip(text)))}
}

// Next returns the next token. The kind of the last is End.
func (l Lexer) Next() Token {
	for {
		kind, raw := l.lexer.Next()
		if kind == css.CommentToken {
			continue
		}
		return Token{Kind: kindOf(kind), raw: raw}
	}
}

// All returns the tokens of a text, at most limit of them. It reports whether those are all.
func All(text []byte, limit int) ([]Token, bool) {
	const usual = 4 // bytes of a token
	lexer := New(text)
	tokens := make([]Token, 0, min(limit, len(text)/usual+1))
	for {
		token := lexer.Next()
		if token.Kind == End {
			return tokens, true
		}
		if len(tokens) == limit {
			return tokens, false
		}
		tokens = append(tokens, token)
	}
}

func kindOf(kind css.TokenType) Kind {
	switch kind {
	case css.ErrorToken:
		return End
	case css.IdentToken, css.CustomPropertyNameToken:
		return Ident
	case css.FunctionToken:
		return Function
	case css.AtKeywordToken:
		return AtKeyword
	case css.StringToken:
		return String
	case css.URLToken:
		return URL
	case css.BadStringToken, css.BadURLToken:
		return Bad
	case css.DelimToken:
		return Delim
	case css.NumberToken:
		return Number
	case css.PercentageToken:
		return Percentage
	case css.DimensionToken:
		return Dimension
	case css.WhitespaceToken:
		return Space
	case css.ColonToken:
		return Colon
	case css.SemicolonToken:
		return Semicolon
	case css.CommaToken:
		return Comma
	default:
		return bracketOf(kind)
	}
}

func bracketOf(kind css.TokenType) Kind {
	switch kind {
	case css.LeftParenthesisToken:
		return OpenParen
	case css.LeftBracketToken:
		return OpenSquare
	case css.LeftBraceToken:
		return OpenBrace
	case css.RightParenthesisToken:
		return CloseParen
	case css.RightBracketToken:
		return CloseSquare
	case css.RightBraceToken:
		return CloseBrace
	default:
		return Other
	}
}

// Name returns the name of an identifier, function or at-keyword in lower case.
func (t Token) Name() string {
	raw := t.raw
	switch t.Kind {
	case Function:
		raw = bytes.TrimSuffix(raw, []byte("("))
	case AtKeyword:
		raw = bytes.TrimPrefix(raw, []byte("@"))
	case Ident:
	default:
		return ""
	}
	return strings.ToLower(unescape(raw))
}

// Is reports whether the token is the identifier with that name, which is in lower case.
func (t Token) Is(name string) bool {
	return t.Kind == Ident && t.Name() == name
}

// IsDelim reports whether the token is that character.
func (t Token) IsDelim(c byte) bool {
	return t.Kind == Delim && len(t.raw) == 1 && t.raw[0] == c
}

// Text returns the text of a string, or the reference of a URL.
func (t Token) Text() string {
	switch t.Kind {
	case String:
		return unquote(t.raw)
	case URL:
		open := bytes.IndexByte(t.raw, '(')
		inner := trimSpace(bytes.TrimSuffix(t.raw[open+1:], []byte(")")))
		if len(inner) > 0 && (inner[0] == '"' || inner[0] == '\'') {
			return unquote(inner)
		}
		return unescape(inner)
	default:
		return ""
	}
}

// Number returns the value of a number, percentage or dimension, and the unit in lower case.
func (t Token) Number() (value float64, unit string) {
	switch t.Kind {
	case Number, Percentage, Dimension:
	default:
		return 0, ""
	}
	end := numberEnd(t.raw)
	value, _ = strconv.ParseFloat(string(t.raw[:end]), 64) // out of range is infinite
	return value, strings.ToLower(unescape(t.raw[end:]))
}

// numberEnd returns where the number ends that a text begins with.
func numberEnd(s []byte) int {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	i += digits(s[i:])
	if i+1 < len(s) && s[i] == '.' && digits(s[i+1:]) > 0 {
		i += 1 + digits(s[i+1:])
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		exponent := i + 1
		if exponent < len(s) && (s[exponent] == '+' || s[exponent] == '-') {
			exponent++
		}
		if n := digits(s[exponent:]); n > 0 {
			i = exponent + n
		}
	}
	return i
}

func digits(s []byte) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// Length returns how long the token is in the text that it was read from.
func (t Token) Length() int { return len(t.raw) }
