package phrase

import "strings"

// Clean keeps out of a line of text what is not part of one: control characters, and with them escape sequences, line
// breaks of any kind, and what changes the direction of the text around it.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unclean) && strings.ToValidUTF8(s, "") == s {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unclean(r) {
			return '\ufffd'
		}
		return r
	}, s)
}

func unclean(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0: // controls
	case r >= '\u2028' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f': // lines, directions
	case r == '\ufeff', r >= '\ufff9' && r <= '\ufffb', r == '\ufffe', r == '\uffff':
	default:
		return false
	}
	return true
}

// Shown is a name that can be seen.
func Shown(name string) string {
	if name = Clean(name); strings.TrimSpace(name) == "" {
		return "(no name)"
	}
	return name
}
