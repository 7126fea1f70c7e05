package literal

import (
	"strings"
	"unicode/utf8"

	"github.com/grafana/sobek"
)

// Pattern is a regular expression.
type Pattern struct{ Source, Flags string }

// PatternOf returns the regular expression that a text is: /source/flags. It returns false for any other text, and for
// one that JavaScript would not take.
func PatternOf(text string) (Pattern, bool) {
	end := strings.LastIndexByte(text, '/')
	if end < len("/x") || text[0] != '/' || !utf8.ValidString(text) {
		return Pattern{}, false
	}
	p := Pattern{text[1:end], text[end+1:]}
	_, err := p.make(sobek.New())
	return p, err == nil
}

func (p Pattern) make(rt *sobek.Runtime) (*sobek.Object, error) {
	return rt.New(rt.Get("RegExp"), rt.ToValue(p.Source), rt.ToValue(p.Flags))
}

func (p Pattern) of(rt *sobek.Runtime) sobek.Value {
	o, err := p.make(rt)
	if err != nil { // PatternOf has made it once
		return rt.ToValue(p.script())
	}
	return o
}

// script is the literal. A slash ends it, as does a new line.
func (p Pattern) script() string {
	var out strings.Builder
	out.WriteByte('/')
	for i := 0; i < len(p.Source); i++ {
		switch c := p.Source[i]; {
		case c == '\\' && i+1 < len(p.Source) && p.Source[i+1] != '\n' && p.Source[i+1] != '\r':
			out.WriteString(p.Source[i : i+2])
			i++
		case c == '\\':
			// A backslash before a new line stands for nothing else.
		case c == '/':
			out.WriteString(`\/`)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\r':
			out.WriteString(`\r`)
		default:
			out.WriteByte(c)
		}
	}
	return strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(out.String()) + "/" + p.Flags
}
