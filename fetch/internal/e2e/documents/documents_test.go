package documents_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// documents returns the paths of the pages that users read, from the root. tools/types reads the same.
func documents(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob(root("*.md"))
	require.NoError(t, err)
	for _, folder := range []string{"docs", "examples"} {
		require.NoError(t, filepath.WalkDir(root(folder), func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".md") {
				pages = append(pages, path)
			}
			return err
		}))
	}
	for i, path := range pages {
		pages[i], err = filepath.Rel(root(), path)
		require.NoError(t, err)
		pages[i] = filepath.ToSlash(pages[i])
	}
	require.Contains(t, pages, "README.md")
	require.Contains(t, pages, "docs/api.md")
	return pages
}

// block is a block of code in a document.
type block struct {
	document string
	line     int
	// mark is the comment on the line above, info the text after the fence.
	mark, info, code string
}

// blocks returns the blocks of all documents.
func blocks(t *testing.T) []block {
	t.Helper()
	fence := regexp.MustCompile("(?ms)(?:^<!-- ([^\n]*) -->\n)?^```([^\n]*)\n(.*?)^```$")
	var found []block
	for _, document := range documents(t) {
		text := read(t, root(document))
		for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
			part := func(i int) string {
				if m[2*i] < 0 {
					return ""
				}
				return text[m[2*i]:m[2*i+1]]
			}
			line := 1 + strings.Count(text[:m[4]], "\n")
			found = append(found, block{document, line, part(1), part(2), part(3)})
		}
	}
	require.NotEmpty(t, found)
	return found
}

// table is a table of a document, by the comment on the line above.
type table struct {
	mark string
	rows [][]string // the cells, without the titles
}

// tables returns the tables of all documents that have a comment above. Two have different ones.
func tables(t *testing.T) map[string]table {
	t.Helper()
	marked := regexp.MustCompile(`(?m)^<!-- ([^\n]*) -->\n((?:\|.*\n)+)`)
	found := map[string]table{}
	for _, document := range documents(t) {
		for _, m := range marked.FindAllStringSubmatch(read(t, root(document)), -1) {
			require.NotContains(t, found, m[1])
			one := table{mark: m[1]}
			for _, row := range strings.Split(strings.TrimSpace(m[2]), "\n")[2:] {
				cells := strings.Split(strings.Trim(row, "|"), " | ")
				for i := range cells {
					cells[i] = strings.TrimSpace(cells[i])
				}
				one.rows = append(one.rows, cells)
			}
			found[m[1]] = one
		}
	}
	return found
}

// names are the names of code in the first column, sorted.
func (table table) names() []string {
	name := regexp.MustCompile("`(?:new )?(\\w+)[^`]*`")
	var found []string
	for _, cells := range table.rows {
		for _, n := range name.FindAllStringSubmatch(cells[0], -1) {
			found = append(found, n[1])
		}
	}
	slices.Sort(found)
	return found
}
