package report

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// The archive is HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/. Fields of our own begin with an underscore.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Pages   []harPage  `json:"pages"`
		Entries []harEntry `json:"entries"`
		K6      *k6Record  `json:"_k6,omitempty"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harPage struct {
		Started string         `json:"startedDateTime"`
		ID      string         `json:"id"`
		Title   string         `json:"title"`
		Timings map[string]any `json:"pageTimings"`
	}
	// harEntry has many fields because HAR has, and because of those of ours.
	harEntry struct {
		Page     string          `json:"pageref"`
		Started  string          `json:"startedDateTime"`
		Time     float64         `json:"time"`
		Request  harRequest      `json:"request"`
		Response harResponse     `json:"response"`
		Cache    harCache        `json:"cache"`
		Timings  harTimings      `json:"timings"`
		ServerIP string          `json:"serverIPAddress,omitempty"`
		Name     string          `json:"_name"`
		Queued   float64         `json:"_queued"`
		Error    string          `json:"_error,omitempty"`
		Code     int             `json:"_error_code,omitempty"`
		Budget   []budget.Record `json:"_budget,omitempty"`
		Unmet    []expect.Record `json:"_unmet,omitempty"`
		// Certificate is that of the server, if details are kept of the result.
		Certificate *certificate.Record `json:"_certificate,omitempty"`
		TraceID     string              `json:"_trace_id,omitempty"`
		EarlyData   bool                `json:"_early_data,omitempty"`
		Fallback    string              `json:"_fallback,omitempty"`
		*harResource
	}
	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		Proto       string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		Query       []harPair `json:"queryString"`
		HeadersSize int       `json:"headersSize"`
		BodySize    int       `json:"bodySize"`
	}
	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		Proto       string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int64      `json:"bodySize"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harContent struct {
		Size     int64  `json:"size"`
		MimeType string `json:"mimeType"`
	}
	// Times that do not apply are -1. The time of the handshake is part of that of connecting.
	harTimings struct {
		Blocked float64 `json:"blocked"`
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
		SSL     float64 `json:"ssl"`
	}
)

const (
	harTime = "2006-01-02T15:04:05.000Z07:00"
	unknown = -1 // what the format has for it
)

// writeHAR writes what browsers' tools open: the results of a run, or the single runs and results that were kept of a
// test. What was not run is not in it. Of a run it has the headers of first requests and last
// responses. It has no bodies. A visit is a page with its times.
func writeHAR(s *Subject, _ Options) (string, error) {
	log := &harLog{
		Version: "1.2", Creator: harCreator{"xk6-fetch", version()},
		Pages: []harPage{}, Entries: []harEntry{}, K6: k6RecordOf(s),
	}
	if len(s.Runs) > 0 {
		for _, run := range s.Runs {
			line, first := aggregate.TimelineOf(run.Mode, run.Run, 0), len(log.Entries)
			page := log.pageOf(line)
			for _, r := range run.Results.All() {
				if entry := log.add(page, run.Started, r); entry != nil {
					daysLeft, _ := r.DaysLeft()
					entry.Certificate = certificateRecordOf(r.Certificate(), daysLeft)
				}
			}
			log.sortVisit(line, first)
		}
		return phrase.Marshal(harFile{*log})
	}
	lines := slices.Clone(s.Timelines)
	if c := s.Comparison; c != nil {
		lines = append(lines, c.Ways...)
	}
	for _, line := range lines {
		first := len(log.Entries)
		log.addSamples(log.pageOf(line), line.Started, line.Rows)
		log.sortVisit(line, first)
	}
	for _, kept := range []struct {
		title   string
		samples []aggregate.Sample
	}{{"slowest", s.SlowestResults}, {"failed", s.FailedResults}} {
		if len(kept.samples) > 0 {
			log.addSamples(log.page(kept.title, s.Begun), s.Begun, kept.samples)
		}
	}
	return phrase.Marshal(harFile{*log})
}

// pageOf adds the page of a run, and returns its id.
func (l *harLog) pageOf(line *aggregate.Timeline) string {
	title := fmt.Sprintf("%s, up to %d at once", line.Mode, line.Concurrency)
	if line.Visit != nil {
		title = phrase.Clean(line.Visit.Name)
	}
	if len(line.Why) > 0 {
		title += ": " + strings.Join(line.Why, ", ")
	}
	if line.Visit != nil {
		return l.visitPage(line, title)
	}
	return l.page(title, line.Started)
}

func (l *harLog) page(title string, started time.Time) string {
	id := "page_" + strconv.Itoa(len(l.Pages)+1)
	l.Pages = append(l.Pages, harPage{started.UTC().Format(harTime), id, title, map[string]any{}})
	return id
}

func (l *harLog) addSamples(page string, started time.Time, samples []aggregate.Sample) {
	for i := range samples {
		s := &samples[i]
		entry := l.add(page, started, s.Result())
		if entry == nil {
			continue
		}
		if s.Sent.Method != "" {
			entry.Request.setSent(s.Sent)
		}
		entry.TraceID = s.TraceID
		if s.Detail != nil {
			entry.Certificate = certificateRecordOf(s.Detail.Certificate, s.DaysLeft)
		}
	}
}

// add adds a result: the hops on its way, and the last response, which it returns. It adds nothing and returns nil for
// what was not run.
func (l *harLog) add(page string, runStarted time.Time, r *fetch.Result) *harEntry {
	if r.State == fetch.StateNotRun {
		return nil
	}
	resp := r.Response
	if resp == nil {
		resp = &fetch.Response{Conn: &transport.ConnInfo{}}
	}
	if resp.Conn == nil {
		resp.Conn = &transport.ConnInfo{}
	}
	start, first, sent := r.Started(), len(l.Entries), r.FirstSent()
	// The last request ended with the result; what came before it were redirects and retries. None of them starts after
	// it, though their times may add up to more: k6 counts sending from the end of the connecting, and blocked up to the
	// moment the connection is handed over.
	last := max(start, r.Ended()-r.Timings.Blocked-r.Timings.Duration())
	address := phrase.Clean(urltext.Mask(r.Target.URL))
	for i := range resp.Redirects {
		hop := &resp.Redirects[i]
		entry := l.entry(page, runStarted.Add(min(start, last)), r, &hop.Timings)
		entry.Request.setURL(phrase.Clean(hop.URL))
		entry.Request.setSent(sent)
		sent = sent.Redirected(hop.Status)
		entry.Response.Status, entry.Response.StatusText = hop.Status, http.StatusText(hop.Status)
		address = phrase.Clean(resp.URL)
		if i+1 < len(resp.Redirects) {
			address = phrase.Clean(resp.Redirects[i+1].URL)
		}
		entry.Response.RedirectURL = address
		start += hop.Timings.Blocked + hop.Timings.Duration()
		l.Entries = append(l.Entries, *entry)
	}
	entry := l.entry(page, runStarted.Add(last), r, &r.Timings)
	entry.Request.setURL(address)
	entry.Request.setSent(sent)
	header := resp.Header()
	entry.Request.Proto, entry.Response.Proto = phrase.Clean(resp.Proto), phrase.Clean(resp.Proto)
	entry.Response.Status, entry.Response.StatusText = r.Status, statusText(resp.StatusText, r.Status)
	entry.Response.Headers = harHeaders(header)
	entry.Response.Cookies = harCookies((&http.Response{Header: header}).Cookies())
	entry.Response.Content = harContent{r.Bytes, mimeOf(header)}
	entry.Response.BodySize = r.Bytes
	entry.Response.RedirectURL = phrase.Clean(urltext.Mask(header.Get("Location")))
	entry.ServerIP = phrase.Clean(resp.Conn.RemoteIP)
	entry.EarlyData, entry.Fallback = r.EarlyData, phrase.Clean(r.Fallback)
	entry.Error, entry.Code = phrase.Clean(r.Error), r.ErrorCode
	entry.Budget, entry.Unmet = budget.Records(r.Verdicts()), expect.Records(r.Unmet)
	entry.setHit(r, header, runStarted.Add(last))
	l.Entries = append(l.Entries, *entry)
	request := &l.Entries[first].Request
	request.Headers = harHeaders(tracing.Added(resp.SentHeader, resp.Trace))
	request.Cookies = harCookies((&http.Request{Header: resp.SentHeader}).Cookies())
	return &l.Entries[len(l.Entries)-1]
}

// entry is one request, without what only its caller knows.
func (l *harLog) entry(page string, started time.Time, r *fetch.Result, t *transport.Timings) *harEntry {
	e := &harEntry{
		Page: page, Started: started.UTC().Format(harTime), Name: phrase.Clean(r.Name()), Queued: phrase.Millis(r.Queued),
		TraceID: r.TraceID(), harResource: harResourceOf(r),
		Request: harRequest{Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: unknown},
		Response: harResponse{
			Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: unknown, BodySize: unknown,
			Content: harContent{MimeType: mimeOf(nil)},
		},
	}
	applies := func(d time.Duration) float64 {
		if d == 0 {
			return unknown
		}
		return phrase.Millis(d)
	}
	connect := fetch.Dialing(t) + t.TLSHandshaking
	e.Timings = harTimings{
		Blocked: phrase.Millis(max(0, t.Blocked-t.LookingUp-connect)), DNS: applies(t.LookingUp),
		Connect: applies(connect), SSL: applies(t.TLSHandshaking),
		Send: phrase.Millis(t.Sending), Wait: phrase.Millis(t.Waiting), Receive: phrase.Millis(t.Receiving),
	}
	for _, part := range []float64{
		e.Timings.Blocked, e.Timings.DNS, e.Timings.Connect, e.Timings.Send, e.Timings.Wait, e.Timings.Receive,
	} {
		e.Time += max(0, part)
	}
	return e
}

func (q *harRequest) setSent(sent transport.Sent) {
	q.Method, q.BodySize = phrase.Clean(sent.Method), sent.Body
}

func (q *harRequest) setURL(address string) {
	q.URL, q.Query = validURI(address), []harPair{}
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		q.Query = append(q.Query, harPair{unescaped(name), unescaped(value)})
	}
}

// validURI encodes what may not be in a URI: what could not be fetched may have been anything.
func validURI(s string) string {
	if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" {
		return "about:invalid#" + url.PathEscape(s)
	}
	var out strings.Builder
	_, rest, _ := strings.Cut(s, "://")
	host := len(s) - len(rest) + strings.IndexAny(rest+"/", "/?#") // where it ends; brackets may be in it alone
	for i := range len(s) {
		c := s[i]
		switch {
		case (c == '[' || c == ']') && i > host,
			c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])),
			c == '#' && strings.Contains(s[:i], "#"):
			fmt.Fprintf(&out, "%%%02X", c)
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0:
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return phrase.Clean(plain)
	}
	return phrase.Clean(s)
}

// harHeaders are headers in the order of their names, without what is secret in them.
func harHeaders(h http.Header) []harPair {
	pairs := []harPair{}
	for f := range aggregate.Masked(h) {
		pairs = append(pairs, harPair{phrase.Clean(f.Name), phrase.Clean(f.Value)})
	}
	return pairs
}

// harCookies are the names of cookies, without their values.
func harCookies(cookies []*http.Cookie) []harPair {
	pairs := make([]harPair, len(cookies))
	for i, c := range cookies {
		pairs[i] = harPair{phrase.Clean(c.Name), aggregate.Mask}
	}
	return pairs
}

func mimeOf(h http.Header) string {
	if kind, _, err := mime.ParseMediaType(h.Get("Content-Type")); err == nil {
		return phrase.Clean(kind)
	}
	return "x-unknown"
}

// statusText is what stands behind the number in a status line.
func statusText(line string, status int) string {
	if text, ok := strings.CutPrefix(line, strconv.Itoa(status)); ok {
		return phrase.Clean(strings.TrimSpace(text))
	}
	return http.StatusText(status)
}
