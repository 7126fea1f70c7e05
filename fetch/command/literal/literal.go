// Package literal has the values of options as a script would write them. The command reads its flags as such values,
// so that they are checked where those of scripts are, and so that it can print the script.
package literal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

// Value is nil, a bool, an int, a float64, a string, a List, an Object, a [Pattern], or [Code] in a script.
type Value any

// List is an array.
type List []Value

// Object is an object. Its members have an order.
type Object []Member

// Member is a property of an object.
type Member struct {
	Name  string
	Value Value
}

// Code is an expression of a script, as it is written there.
type Code string

// Number returns a text as the number that it is, or as it is: whoever reads the option says what is wrong with it.
func Number(text string) Value {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && strings.Trim(text, "0123456789.eE+-") == "" {
		return f
	}
	return text
}

// With returns the object with a member more, or with a new value of one that it has.
func (o Object) With(name string, v Value) Object {
	i := slices.IndexFunc(o, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return append(o, Member{name, v})
	}
	o[i].Value = v
	return o
}

// Get returns the value of a member, nil if there is none.
func (o Object) Get(name string) Value {
	for _, m := range o {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Of makes the value in a runtime.
func Of(rt *sobek.Runtime, v Value) sobek.Value {
	switch v := v.(type) {
	case nil:
		return sobek.Null()
	case List:
		items := make([]any, len(v))
		for i := range v {
			items[i] = Of(rt, v[i])
		}
		return rt.NewArray(items...)
	case Object:
		o := rt.NewObject()
		for _, m := range v {
			args.Define(rt, o, m.Name, Of(rt, m.Value))
		}
		return o
	case Pattern:
		return v.of(rt)
	default:
		return rt.ToValue(v)
	}
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// identifier is a name that needs no quotes.
var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// widest is how wide a list or an object may be to stand on one line.
const widest = 100

// Script returns the value as a script writes it. Lines after the first begin with the indent.
func Script(v Value, indent string) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Code:
		return string(v)
	case string:
		return Quoted(v)
	case Pattern:
		return v.script()
	case List:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = Script(v[i], indent+"  ")
		}
		return bracketed("[", parts, "]", indent)
	case Object:
		parts := make([]string, len(v))
		for i, m := range v {
			name := m.Name
			if name == "__proto__" {
				name = "['__proto__']" // which would set the prototype otherwise
			} else if !identifier.MatchString(name) {
				name = Quoted(name)
			}
			parts[i] = name + ": " + Script(m.Value, indent+"  ")
		}
		return bracketed("{ ", parts, " }", indent)
	default:
		return fmt.Sprint(v)
	}
}

// bracketed puts parts on a line, or each on its own.
func bracketed(open string, parts []string, closing, indent string) string {
	if len(parts) == 0 {
		return strings.TrimSpace(open) + strings.TrimSpace(closing)
	}
	line := open + strings.Join(parts, ", ") + closing
	if len(indent)+len(line) <= widest && !strings.Contains(line, "\n") {
		return line
	}
	var all strings.Builder
	all.WriteString(strings.TrimSpace(open) + "\n")
	for _, part := range parts {
		all.WriteString(indent + "  " + part + ",\n")
	}
	return all.String() + indent + strings.TrimSpace(closing)
}

// Quoted returns a text as a string of a script.
func Quoted(s string) string {
	var out strings.Builder
	out.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('\'')
	return out.String()
}
