// Package page writes a report as an HTML page. The styles and scripts next to it are put together into that page.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// What the page holds at most before it is opened up by its script.
const (
	staticNames = 25
	maxReason   = 50
	maxChips    = 6
	maxExamples = 5
	maxSlowest  = 10
)

// page is what the template is filled with. It has many fields because the template has as many places.
type page struct {
	Policy, Title, Verdict, Mark, Class string
	Begun, BegunText, RunsText          string
	Style, Data, Script                 template.HTML
	Reasons                             []pageReason
	MoreReasons                         int
	Tiles                               []tile
	Thresholds, Checks                  *pageVerdicts
	Expected, Budgets                   *pageBudgets
	Visits                              *pageVisits
	Types                               []pageType
	Visit                               bool
	Time                                *pageTime
	Comparison                          *pageComparison
	Against                             *pageAgainst
	HasResults, Single                  bool
	Failures                            []pageFailure
	MoreFailures                        int
	Phases                              []pagePhase
	Names                               []pageName
	MoreNames                           string
	Modes                               []pageMode
	Slowest                             []pageSlow
}

type (
	pageFailure struct {
		Count, Reason, Filter string
		Code, Place           int
		Names                 []pageChip
		More                  int
		Samples               []pageExample
	}
	pageChip    struct{ Name, Count string }
	pageExample struct {
		Method, URL, Elapsed string
		Attempts             int
	}
	pagePhase struct{ Name, Label, Meaning, P50, P95, P99, Max string }
	pageName  struct {
		Name, Count, Failed, P50, P95, P99, Max, Bytes string
		Bad                                            bool
	}
	pageMode struct {
		Mode, Runs, Count, Failed, NotRun, Requests, Bytes, Elapsed, Speedup string
		Bad                                                                  bool
	}
	pageSlow struct {
		URL, Status, Why, Waiting, Bytes, Elapsed string
		Bad                                       bool
	}
)

// Write writes a page that stands alone: it has its style, its script and its data in itself, its policy lets
// nothing else in, and what it says is there without the script too.
func Write(s *phrase.Subject, title string) (string, error) {
	parsed, err := parsedPage()
	if err != nil {
		return "", err
	}
	p := pageOf(s, title)
	style, script := pageStyle(), pageScript()
	p.Style = template.HTML("<style>" + style + "</style>")     // #nosec G203 -- our own
	p.Script = template.HTML("<script>" + script + "</script>") // #nosec G203 -- our own
	p.Policy = "default-src 'none'; style-src " + hashOf(style) + "; script-src " + hashOf(script) +
		"; base-uri 'none'; form-action 'none'"
	data, err := phrase.Marshal(pageDataOf(s, title, p.Time))
	if err != nil {
		return "", err
	}
	// #nosec G203 -- < and > are escaped in JSON
	p.Data = template.HTML(`<script type="application/json" id="data">` + data + "</script>")
	var out strings.Builder
	if err := parsed.Execute(&out, p); err != nil {
		return "", err
	}
	return out.String(), nil
}

// hashOf is how a content security policy names a text that may be in the page.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func pageOf(s *phrase.Subject, title string) *page {
	p := &page{Title: phrase.Clean(title), Verdict: phrase.Verdict(s), Mark: "✓", Class: "passed"}
	if !s.Passed() {
		p.Mark, p.Class = "✕", "failed"
	}
	p.Begun = s.Begun.UTC().Format(time.RFC3339)
	p.BegunText = s.Begun.UTC().Format("2 January 2006, 15:04:05 UTC")
	p.RunsText = phrase.Plural(s.Totals.Runs, "run")
	p.Reasons, p.MoreReasons = reasonLine(s.Failures)
	p.Tiles = tilesOf(s)
	p.Thresholds, p.Checks = thresholdsOf(s.K6), checksOf(s.K6Checks())
	p.Expected = pageBudgetsOf(s.Expected, "check", "not met", "met")
	p.Budgets = pageBudgetsOf(s.Budgets, "budget", "broken", "kept")
	p.Visits, p.Types, p.Visit = pageVisitsOf(s), pageTypesOf(s), visitOf(s) != nil
	p.Time = pageTimeOf(s)
	p.Comparison = pageComparisonOf(s)
	p.Against = pageAgainstOf(s)
	lines, compared, single := linesOf(s)
	p.Single = s.Totals.Runs == 1
	p.HasResults = len(single) > 0 || len(lines) == len(compared) && kept(s)
	p.addFailures(s)
	p.addNames(s)
	for i := range s.Modes {
		m := &s.Modes[i]
		p.Modes = append(p.Modes, pageMode{
			phrase.Clean(m.Mode), phrase.Number(m.Runs), phrase.Number(m.Count), phrase.Number(m.Failed),
			phrase.Number(m.NotRun), phrase.Number(m.Requests), phrase.Size(m.Bytes), phrase.Short(m.Elapsed),
			phrase.Times(m.Speedup()), m.Failed > 0,
		})
	}
	if s.All.Times[aggregate.Elapsed].Count() > 0 {
		p.Phases = phasesOf(s.All)
	}
	p.addSlowest(s)
	return p
}

// kept reports whether there are single results besides those of the comparison.
func kept(s *phrase.Subject) bool {
	return s.Comparison == nil && len(s.SlowestResults)+len(s.FailedResults) > 0
}

func (p *page) addSlowest(s *phrase.Subject) {
	for i := range s.SlowestResults[:min(len(s.SlowestResults), maxSlowest)] {
		r := &s.SlowestResults[i]
		slow := pageSlow{
			URL: phrase.Clean(r.URL), Status: strconv.Itoa(r.Status), Waiting: phrase.Short(r.Timings.Waiting),
			Bytes: phrase.Size(r.Bytes), Elapsed: phrase.Short(r.Elapsed), Bad: r.State == fetch.StateFailed,
		}
		if r.Status == 0 {
			slow.Status = "none"
		}
		if slow.Bad && r.Error != "" {
			slow.Why = phrase.Clean(r.Error)
		}
		p.Slowest = append(p.Slowest, slow)
	}
}

// filterText is a text as the page's filter takes it.
func filterText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func (p *page) addFailures(s *phrase.Subject) {
	for i := range s.Failures[:min(len(s.Failures), maxReason)] {
		f := &s.Failures[i]
		item := pageFailure{
			Count: phrase.Number(f.Count), Reason: phrase.Reason(f.Cause), Code: f.Code, Place: i,
			Filter: "reason:" + filterText(phrase.Reason(f.Cause)),
		}
		for _, n := range f.Names[:min(len(f.Names), maxChips)] {
			item.Names = append(item.Names, pageChip{phrase.Shown(n.Name), phrase.Number(n.Count)})
		}
		item.More = max(0, len(f.Names)-maxChips)
		for j := range s.FailedResults {
			r := &s.FailedResults[j]
			if r.Cause() != f.Cause || len(item.Samples) == maxExamples {
				continue
			}
			example := pageExample{Method: phrase.Clean(r.Method), URL: phrase.Clean(r.URL), Elapsed: phrase.Short(r.Elapsed)}
			if r.Attempts > 1 {
				example.Attempts = r.Attempts
			}
			item.Samples = append(item.Samples, example)
		}
		p.Failures = append(p.Failures, item)
	}
	p.MoreFailures = max(0, len(s.Failures)-maxReason)
}

func (p *page) addNames(s *phrase.Subject) {
	names := phrase.ByFailure(s.Names)
	for _, n := range names[:min(len(names), staticNames)] {
		elapsed := &n.Times[aggregate.Elapsed]
		p.Names = append(p.Names, pageName{
			phrase.Shown(n.Name), phrase.Number(n.Count), phrase.Number(n.Failed),
			phrase.Short(elapsed.Percentile(phrase.Median)), phrase.Short(phrase.P95(n)),
			phrase.Short(elapsed.Percentile(phrase.Outliers)), phrase.Short(elapsed.Max()), phrase.Size(n.Bytes), n.Failed > 0,
		})
	}
	if more := len(names) - staticNames; more > 0 {
		p.MoreNames = phrase.Number(more)
	}
}

// shownPhases are those that have a row, with what they are called and what they mean.
//
//nolint:gochecknoglobals // a constant table
var shownPhases = []struct {
	phase          aggregate.Phase
	label, meaning string
}{
	{aggregate.Elapsed, "time", "from leaving the queue to the end of the body"},
	{aggregate.Queued, "queued", "until it might start"},
	{aggregate.Blocked, "blocked", "for a connection, its making included"},
	{aggregate.LookingUp, "looking up", "DNS"},
	{aggregate.Connecting, "connecting", "TCP, or QUIC with TLS"},
	{aggregate.TLSHandshaking, "TLS handshake", "after TCP, within QUIC"},
	{aggregate.Sending, "sending", "the request"},
	{aggregate.Waiting, "waiting", "until the first byte"},
	{aggregate.Receiving, "receiving", "the rest"},
}

func phasesOf(n *aggregate.Name) []pagePhase {
	var phases []pagePhase
	for _, s := range shownPhases {
		h := &n.Times[s.phase]
		if h.Max() == 0 {
			continue // nobody needed it
		}
		phases = append(phases, pagePhase{
			s.phase.String(), s.label, s.meaning, phrase.Short(h.Percentile(phrase.Median)),
			phrase.Short(h.Percentile(phrase.NearlyAll)),
			phrase.Short(h.Percentile(phrase.Outliers)), phrase.Short(h.Max()),
		})
	}
	return phases
}

// linesOf are the runs that are shown URL by URL: those of the comparison, and the other ones, by their places.
func linesOf(s *phrase.Subject) (lines []*aggregate.Timeline, compared, single []int) {
	if c := s.Comparison; c != nil {
		for i, way := range c.Ways {
			lines, compared = append(lines, way), append(compared, i)
		}
	}
	for _, t := range s.Timelines {
		shown := false
		for _, other := range lines {
			same := other.Number == 0 || other.Number == t.Number // those of the comparison have none
			shown = shown || same && other.Started.Equal(t.Started) && other.Mode == t.Mode
		}
		if !shown {
			single = append(single, len(lines))
			lines = append(lines, t)
		}
	}
	return lines, compared, single
}
