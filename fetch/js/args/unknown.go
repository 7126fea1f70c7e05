package args

import (
	"slices"
	"strings"
)

// Unknown says that a field has a name that nobody knows: which one it may be a mistake for, and all that are allowed.
func Unknown(f Field, what string, names ...[]string) error {
	all := slices.Concat(names...)
	slices.Sort(all)
	all = slices.Compact(all)
	meant := ""
	if name := nearest(f.Path[strings.LastIndexByte(f.Path, '.')+1:], all); name != "" {
		meant = " (did you mean " + name + "?)"
	}
	return Misusef("%s is not %s%s; allowed: %s", f.Path, what, meant, strings.Join(all, ", "))
}

// nearest returns the name that a word is most likely a mistake for, empty if none is like it: one that differs in
// case, or in about a third of its letters at the most.
func nearest(word string, names []string) string {
	const (
		longest = 40 // of a word that is worth the effort
		share   = 3
	)
	if len(word) > longest {
		return ""
	}
	best, least := "", len(word)/share+1
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters are to be added, removed or replaced to make one word of the other (Levenshtein).
func distance(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			replaced := diagonal
			if from[i] != to[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
