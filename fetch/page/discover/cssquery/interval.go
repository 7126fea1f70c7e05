package cssquery

import "github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"

// interval evaluates the range syntax: name < value, value < name, or value < name < value (Media Queries 4, section
// 2.4.3). It is invalid for any other form.
func (e Environment) interval(inner []csstoken.Token) verdict {
	parts, relations := splitRelations(inner)
	switch len(relations) {
	case 1:
		if name, ok := nameOf(parts[0]); ok && e.isNumber(name) {
			return e.compare(name, relations[0], parts[1])
		}
		if name, ok := nameOf(parts[1]); ok {
			return e.compare(name, turned(relations[0]), parts[0])
		}
	case 2:
		name, ok := nameOf(parts[1])
		if !ok || relations[0][0] != relations[1][0] || relations[0] == "=" {
			return invalid
		}
		return min(e.compare(name, turned(relations[0]), parts[0]), e.compare(name, relations[1], parts[2]))
	}
	return invalid
}

func (e Environment) isNumber(name string) bool {
	_, _, ok := e.number(name)
	return ok
}

// splitRelations splits tokens at <, <=, >, >= and =.
func splitRelations(tokens []csstoken.Token) (parts [][]csstoken.Token, relations []string) {
	start := 0
	for i := 0; i < len(tokens); {
		var relation string
		switch {
		case tokens[i].IsDelim('<'):
			relation = "<"
		case tokens[i].IsDelim('>'):
			relation = ">"
		case tokens[i].IsDelim('='):
			relation = "="
		default:
			i += max(1, componentLength(tokens[i:]))
			continue
		}
		parts = append(parts, trim(tokens[start:i]))
		if i++; relation != "=" && i < len(tokens) && tokens[i].IsDelim('=') {
			relation += "="
			i++
		}
		relations = append(relations, relation)
		start = i
	}
	return append(parts, trim(tokens[start:])), relations
}

func nameOf(tokens []csstoken.Token) (string, bool) {
	if len(tokens) != 1 || tokens[0].Kind != csstoken.Ident {
		return "", false
	}
	return tokens[0].Name(), true
}

// turned returns the relation with its sides exchanged.
func turned(relation string) string {
	switch relation {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	default:
		return relation
	}
}
