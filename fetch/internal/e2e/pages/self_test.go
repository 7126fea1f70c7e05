package pages

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/idna"
)

// seen is a request of the document's frame, which is answered when the time has come twice.
func seen(url, priority string, came time.Duration) request {
	return request{url: url, priority: priority, frame: "main", came: came, answered: 2 * came, header: http.Header{}}
}

func TestDifferencesAreFound(t *testing.T) {
	t.Parallel()
	css, png, js := seen("https://a.test/1.css", "highest", 1), seen("https://a.test/2.png", "low", 4), seen("https://a.test/3.js", "highest", 16)
	with := func(r request, change func(*request)) request {
		change(&r)
		return r
	}
	at := func(r request, came time.Duration) request {
		return with(r, func(r *request) { r.came, r.answered = came, 2*came })
	}
	for _, test := range []struct {
		title        string
		ours, theirs []request
		want         string
	}{
		{"equal requests have none", []request{css, png, js}, []request{css, png, js}, ""},
		{"what we lack", []request{css}, []request{css, png}, "theirs https://a.test/2.png"},
		{"what we have too much", []request{css, png}, []request{css}, "ours https://a.test/2.png"},
		{"the icon of the host is requested by no document", []request{css}, []request{css, seen("https://a.test/favicon.ico", "high", 9)}, ""},
		{"another priority", []request{with(css, func(r *request) { r.priority = "high" })}, []request{css}, "priority https://a.test/1.css: high instead of highest"},
		{"no priority is none", []request{with(css, func(r *request) { r.priority = "" })}, []request{css}, ""},
		{"another header", []request{css}, []request{with(css, func(r *request) { r.header = http.Header{"Origin": {"https://a.test"}} })}, `header https://a.test/1.css Origin: "" instead of "https://a.test"`},
		{"a header that says nothing of what a request is for", []request{css}, []request{with(css, func(r *request) { r.header = http.Header{"User-Agent": {"a"}} })}, ""},
		{"the opposite order", []request{at(png, 1), at(css, 4)}, []request{css, png}, "order https://a.test/1.css https://a.test/2.png"},
		{"both at once", []request{at(png, 3), at(css, 4)}, []request{css, png}, ""},
		{"both at once in Chromium", []request{at(png, 1), at(css, 4)}, []request{css, at(png, 2)}, ""},
		{"of equals, the one that Chromium has first", []request{at(js, 1), at(css, 4)}, []request{css, js}, "order https://a.test/1.css https://a.test/3.js"},
		{"of equals that are not urgent, any", []request{at(png, 4), seen("https://a.test/4.png", "low", 1)}, []request{at(png, 1), seen("https://a.test/4.png", "low", 4)}, ""},
		{"something less urgent may be earlier", []request{css, at(png, 4)}, []request{at(png, 1), at(css, 4)}, ""},
		{"another host", []request{at(png, 1), seen("https://b.test/1.css", "highest", 4)}, []request{seen("https://b.test/1.css", "highest", 1), at(png, 4)}, ""},
		{"another document", []request{at(png, 1), at(css, 4)}, []request{with(css, func(r *request) { r.frame = "inner" }), png}, ""},
		{"the first request of a URL counts", []request{css, png, at(css, 99)}, []request{css, png}, ""},
	} {
		assert.Equal(t, test.want, differ(test.ours, test.theirs).lines(), test.title)
	}
}

func TestOnlyWhatEachLoadHasCounts(t *testing.T) {
	t.Parallel()
	p := parsePage(t, "a", "A page.\nours https://a.test/1.png: a reason\nours https://a.test/2.png: a reason\n"+
		"sometimes ours https://a.test/6.png: a reason\n-- a.test/ --\n<p>\n-- a.test/3.png --\n")
	in := judgement{page: p}
	in.take(differences{"ours https://a.test/1.png": "", "theirs https://a.test/4.png": "", "theirs https://a.test/5.png": ""},
		[]request{{url: "https://a.test/"}})
	assert.Equal(t, "theirs https://a.test/4.png\ntheirs https://a.test/5.png", in.unexpected().lines())
	assert.Equal(t, []except{{kind: "ours", what: "https://a.test/2.png", reason: "a reason"}}, in.needless())
	assert.Equal(t, []string{"https://a.test/3.png"}, in.unused())
	in.take(differences{"ours https://a.test/2.png": "", "theirs https://a.test/5.png": ""}, []request{{url: "https://a.test/3.png"}})
	assert.Equal(t, "theirs https://a.test/5.png", in.unexpected().lines())
	assert.Empty(t, in.needless(), "each except is needed by some load")
	assert.Empty(t, in.unused())
	assert.False(t, in.settled())
	in.take(differences{}, nil)
	assert.True(t, in.settled())
}

func TestTheCorpusIsLargeEnough(t *testing.T) {
	t.Parallel()
	whole, small := 0, 0
	for _, p := range corpus(t) {
		if strings.HasPrefix(p.name, "whole-") {
			whole++
		} else {
			small++
		}
		assert.Regexp(t, `^[A-Z].*\.$`, p.title, "%s has a sentence for a title", p.name)
		for _, e := range p.excepts {
			assert.Regexp(t, `^((ours|theirs|priority) \S+|(order|header) \S+ \S+)$`, e.difference(), p.name)
			assert.NotEmpty(t, e.reason, p.name)
		}
	}
	assert.GreaterOrEqual(t, whole, 8)
	assert.GreaterOrEqual(t, small, 35)
}

func TestPagesAreParsed(t *testing.T) {
	t.Parallel()
	p := parsePage(t, "name", "A title.\nours https://a.test/x: why: so\nsometimes order a b: so\n-- a.test/ --\nStatus: 404\nContent-Type: text/html\n<p>\n"+
		"-- http://b.test/?a=b --\n-- c --\nno: head\n")
	assert.Equal(t, &page{
		name: "name", title: "A title.", document: "https://a.test/", excepts: []except{{"ours", "https://a.test/x", "why: so", false}, {"order", "a b", "so", true}},
		files: map[string]file{
			"https://a.test/":    {head: []field{{"Status", "404"}, {"Content-Type", "text/html"}}, body: "<p>\n"},
			"http://b.test/?a=b": {},
			"https://c":          {body: "no: head\n"},
		},
	}, p)
}

func TestEachLoadHasHostsOfItsOwn(t *testing.T) {
	t.Parallel()
	l := newLoad(&page{document: "https://a.test/d"}, "-7")
	assert.Equal(t, "https://a-7.test/d", l.document())
	const text = `<img src=//cdn.a.test/b.test> bücher.test:443 a.tests latest`
	own := l.hosts(text)
	assert.Equal(t, `<img src=//cdn.a-7.test/b-7.test> bücher-7.test:443 a.tests latest`, own)
	encoded, err := idna.ToASCII("bücher-7.test:1")
	require.NoError(t, err)
	assert.Equal(t, "https://bücher.test:1/a-7.test?b", l.corpusURL("https://"+encoded+"/a-7.test?b"))
	assert.Equal(t, "https://cdn.a.test/", l.corpusURL("https://cdn.a-7.test/"))
}

func TestEachMadeUpAnswerIsThere(t *testing.T) {
	t.Parallel()
	used := make(map[string]bool)
	for ext, made := range madeUp {
		_, err := fs.Stat(answers, path.Join("testdata/answers", made.file))
		require.NoError(t, err, ext)
		used[made.file] = true
	}
	files, err := fs.ReadDir(answers, "testdata/answers")
	require.NoError(t, err)
	for _, file := range files {
		assert.True(t, used[file.Name()], file.Name())
	}
}
