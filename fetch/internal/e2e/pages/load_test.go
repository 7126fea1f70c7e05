package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"
)

// load is a page while a browser or we load it, and what was requested.
type load struct {
	page   *page
	suffix string // of its hosts
	start  time.Time

	mu       sync.Mutex
	requests []request
	inFlight int
	last     time.Time // something came or went
}

// request is one that the server has seen. Its URL is as in the corpus.
type request struct {
	method, url string
	header      http.Header
	came        time.Duration // since the load began
	answered    time.Duration // before the first byte of the answer
	priority    string        // what the client says, as package discover names it; empty if unknown
	frame       string        // whose document refers to it, if the client says that
}

func newLoad(p *page, suffix string) *load {
	return &load{page: p, suffix: suffix, start: time.Now(), last: time.Now()}
}

// hostOfCorpus matches hosts as the corpus has them.
var hostOfCorpus = regexp.MustCompile(`([\pL\d]+)\.test\b`)

// hosts returns a text of the corpus with the hosts of this load.
func (l *load) hosts(text string) string {
	return hostOfCorpus.ReplaceAllString(text, "${1}"+l.suffix+".test")
}

// corpusURL returns a URL as the corpus has it, given one with the hosts of this load.
func (l *load) corpusURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	before, after, _ := strings.Cut(text, u.Host)
	host, err := idna.ToUnicode(u.Host)
	if err != nil {
		return text
	}
	return before + strings.Replace(host, l.suffix+".test", ".test", 1) + after
}

// document is the URL to load.
func (l *load) document() string { return l.hosts(l.page.document) }

// serve records a request and answers it.
func (l *load) serve(w http.ResponseWriter, r *http.Request) {
	scheme := "https://"
	if r.TLS == nil {
		scheme = "http://"
	}
	url := l.corpusURL(scheme + r.Host + r.RequestURI)
	answered := l.note(r, url)
	defer l.ended()
	time.Sleep(delay)
	answered()
	l.answer(w, r, url)
}

// note records a request. It returns what records that its answer begins.
func (l *load) note(r *http.Request, url string) (answered func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := len(l.requests)
	l.inFlight++
	l.last = time.Now()
	header := r.Header.Clone()
	for _, name := range []string{"Origin", "Referer"} {
		if value := header.Get(name); value != "" {
			header.Set(name, l.corpusURL(value))
		}
	}
	l.requests = append(l.requests, request{method: r.Method, url: url, header: header, came: time.Since(l.start)})
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.requests[i].answered = time.Since(l.start)
	}
}

func (l *load) ended() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight--
	l.last = time.Now()
}

// seen returns what was requested so far, in the order in which it came.
func (l *load) seen() []request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.requests)
}

// quiet reports whether nothing has come or gone for so long, after the document.
func (l *load) quiet(since time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.requests) > 0 && l.inFlight == 0 && time.Since(l.last) >= since
}
