package cache_test

import (
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// The tables of the files suite_*_test.go restate the public suite of tests for HTTP caches that the editor of RFC 9111
// keeps (github.com/http-tests/cache-tests), with its identifiers, for a clock that does not run by itself. What it asks
// only of shared caches is left out, except where a private cache must do the opposite.
type suiteCase struct {
	id    string // as the suite has it
	says  string // what this cache does
	steps []step
	// otherwise says where a browser decides otherwise (Chromium 143, Firefox 146, Safari 26 by the suite's published
	// results), or this cache otherwise than the suite would like.
	otherwise string
}

// step is a request of a page, and the answer of the server if the cache asks it.
type step struct {
	wait   time.Duration // before it
	method string        // GET if empty
	path   string
	send   string // lines of the request's header
	status int    // of the answer; 200 if 0
	answer string // lines of its header. A field "@-10" is the date ten seconds ago

	want  source
	from  int    // which step's body the page gets, if it is reused or validated; 1 if 0
	asks  string // lines that the validators must have
	has   string // lines that the header must have which the page gets
	lacks string // names that it must not have
}

// source is where a page's answer comes from.
type source int

const (
	asked     source = iota // the server, unconditionally
	reused                  // the cache
	validated               // the cache, after the server's 304
	changed                 // the server, although the cache had validators
	gateway                 // neither: a 504
)

func (s source) String() string {
	return [...]string{"asked", "reused", "validated", "changed", "gateway"}[s]
}

// Lines that many cases use.
const (
	maxAge0       = "Cache-Control: max-age=0"
	maxAge2       = "Cache-Control: max-age=2" // stale after a pause
	maxAge60      = "Cache-Control: max-age=60"
	noStore       = "Cache-Control: no-store"
	noCache       = "Cache-Control: no-cache"
	authorization = "Authorization: FOO"
	tagSent       = `If-None-Match: "abcdef"`
	bareTagSent   = "If-None-Match: abcdef"
)

// pause is that of the suite between two requests.
const pause = 3 * time.Second

// then is a page's answer, and whether the next request is answered with it.
func then(answer string, want source) []step {
	return []step{{answer: answer}, {wait: pause, want: want}}
}

func TestSuite(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, table := range [][]suiteCase{
		freshnessCases(), parsingCases(), ageCases(), expiresCases(), directiveCases(), staleCases(), heuristicCases(),
		statusCases(), requestCases(), conditionalCases(), varyCases(), fieldCases(), updateCases(), headCases(),
		invalidationCases(), partialCases(), otherCases(),
	} {
		for _, c := range table {
			require.False(t, seen[c.id], "%s is there twice", c.id)
			seen[c.id] = true
			t.Run(c.id, func(t *testing.T) {
				t.Parallel()
				t.Log(c.says)
				if c.otherwise != "" {
					t.Log("but:", c.otherwise)
				}
				newSuiteRun(t).play(c.steps)
			})
		}
	}
}

// suiteRun is one case under way: a cache, and a server behind it.
type suiteRun struct {
	*testing.T

	cache *cache.Cache
	now   time.Time
	step  int
}

func newSuiteRun(t *testing.T) *suiteRun {
	t.Helper()
	return &suiteRun{T: t, cache: cache.New(1 << 20), now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
}

func (s *suiteRun) play(steps []step) {
	for i := range steps {
		s.step = i + 1
		s.now = s.now.Add(steps[i].wait)
		s.one(&steps[i])
	}
}

func (s *suiteRun) one(st *step) {
	r := &cache.Request{Method: st.method, URL: "https://a.test/" + st.path, Header: s.header(st.send)}
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	found := s.cache.Look(r, s.now)
	got := sourceOf(found)
	if st.want == changed && got == validated {
		got = changed
	}
	require.Equal(s, st.want, got, "step %d", s.step)
	from := max(st.from, 1)
	var header http.Header
	switch st.want {
	case asked, changed:
		header = s.answer(st)
		s.fromServer(r, st, header)
	case reused:
		header = found.Header()
		require.NotEmpty(s, header["Age"])
	case validated:
		for name, lines := range s.header(st.asks) {
			require.Equal(s, lines, found.Validators[name], "step %d", s.step)
		}
		found.Entry = s.cache.Freshen(r, found.Entry, s.answer(st), s.now, s.now)
		header = found.Entry.Header
	case gateway:
		return
	}
	if st.want == reused || st.want == validated {
		require.Equal(s, strconv.Itoa(from), string(found.Entry.Body), "step %d", s.step)
	}
	for name, lines := range s.header(st.has) {
		require.Equal(s, lines, header[name], "step %d: %s", s.step, name)
	}
	for name := range strings.FieldsSeq(st.lacks) {
		require.NotContains(s, header, textproto.CanonicalMIMEHeaderKey(name), "step %d", s.step)
	}
}

func (s *suiteRun) fromServer(r *cache.Request, st *step, header http.Header) {
	resp := &cache.Response{Status: http.StatusOK, Header: header, Body: []byte(strconv.Itoa(s.step))}
	if st.status != 0 {
		resp.Status = st.status
	}
	s.cache.Store(r, resp, s.now, s.now)
	s.cache.Invalidate(r, resp)
}

func sourceOf(f cache.Found) source {
	switch {
	case f.GatewayTimeout:
		return gateway
	case f.Fresh:
		return reused
	case f.Entry != nil:
		return validated
	default:
		return asked
	}
}

// answer is the header of a server, which has a clock and says so.
func (s *suiteRun) answer(st *step) http.Header {
	h := s.header(st.answer)
	if h["Date"] == nil {
		h.Set("Date", s.date(0))
	}
	return h
}

// header reads lines, in which "; " would be too hard to tell from a line's end: they are separated by line feeds.
func (s *suiteRun) header(lines string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(lines) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		require.True(s, ok, line)
		value = strings.TrimPrefix(value, " ")
		if seconds, ok := strings.CutPrefix(value, "@"); ok {
			n, err := strconv.Atoi(seconds)
			require.NoError(s, err)
			value = s.date(n)
		}
		h.Add(name, value)
	}
	return h
}

func (s *suiteRun) date(seconds int) string {
	return s.now.Add(time.Duration(seconds) * time.Second).Format(http.TimeFormat)
}
