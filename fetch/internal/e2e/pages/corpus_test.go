package pages

import (
	"embed"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//go:embed testdata
var testdata embed.FS

// page is one of the corpus: a document, and what of that which it needs is not made up by the server.
type page struct {
	name, title string
	document    string          // its URL
	files       map[string]file // by URL
	excepts     []except
}

// file is what the server answers at a URL.
type file struct {
	head []field
	body string
}

type field struct{ name, value string }

// except is a difference from Chromium, and why. One that comes sometimes need not come in any load.
type except struct {
	kind, what, reason string
	sometimes          bool
}

// difference is the name of the except among differences.
func (e except) difference() string { return e.kind + " " + e.what }

// corpus returns the pages of testdata/pages, each of which is a file of its own:
//
//	The title, in a sentence.
//	ours https://a.test/b: a reason  an except, in the form of differences; any number of lines, which may begin with
//	                                 "sometimes"
//	-- a.test/ --                    the document; https unless it has a scheme
//	Content-Type: text/html          a line of its head; Status and Encoding are of the server's own
//	<!doctype html>                  the body, from the first other line on
//	-- b.test/main.css --            another file, and so on
func corpus(t *testing.T) []*page {
	t.Helper()
	names, err := fs.Glob(testdata, "testdata/pages/*.txt")
	require.NoError(t, err)
	pages := make([]*page, 0, len(names))
	for _, name := range names {
		text, err := testdata.ReadFile(name)
		require.NoError(t, err)
		pages = append(pages, parsePage(t, strings.TrimSuffix(path.Base(name), ".txt"), string(text)))
	}
	return pages
}

// marker matches the line before a file.
var marker = regexp.MustCompile(`(?m)^-- (\S+) --\n`)

func parsePage(t *testing.T, name, text string) *page {
	t.Helper()
	p := &page{name: name, files: make(map[string]file)}
	at := marker.FindAllStringSubmatchIndex(text, -1)
	require.NotEmpty(t, at, "%s has no document", name)
	p.title = p.parseExcepts(t, text[:at[0][0]])
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		url := absolute(text[m[2]:m[3]])
		require.NotContains(t, p.files, url, name)
		p.files[url] = parseFile(text[m[1]:end])
		if i == 0 {
			p.document = url
		}
	}
	return p
}

// parseExcepts reads what is before the first file, and returns its title.
func (p *page) parseExcepts(t *testing.T, text string) (title string) {
	t.Helper()
	title, rest, _ := strings.Cut(text, "\n")
	for line := range strings.Lines(rest) {
		before, reason, ok := strings.Cut(strings.TrimSpace(line), ": ")
		before, sometimes := strings.CutPrefix(before, "sometimes ")
		kind, what, ok2 := strings.Cut(before, " ")
		require.True(t, ok && ok2, "%s: %q is no except", p.name, line)
		p.excepts = append(p.excepts, except{kind, what, reason, sometimes})
	}
	return title
}

var headLine = regexp.MustCompile(`^([A-Z][A-Za-z-]+): (.*)\n`)

func parseFile(text string) file {
	var f file
	for {
		m := headLine.FindStringSubmatch(text)
		if m == nil {
			f.body = text
			return f
		}
		f.head = append(f.head, field{m[1], m[2]})
		text = text[len(m[0]):]
	}
}

func absolute(url string) string {
	if strings.Contains(url, "://") {
		return url
	}
	return "https://" + url
}
