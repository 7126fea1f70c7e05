package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

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

// page is what the template is filled with.
type page struct {
	Policy, Title, Verdict, Mark, Class string
	Begun, BegunText, RunsText          string
	Style, Data, Script                 template.HTML
	Reasons                             []pageReason
	MoreReasons                         int
	Tiles                               []tile
	Thresholds, Checks                  *pageVerdicts
	Budgets                             *pageBudgets
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
	pageComparison struct {
		Speedup, Sequential, Concurrent, Note string
		Concurrency                           int
		SequentialShare, ConcurrentShare      string
	}
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

// writeHTML writes a page that stands alone: it has its style, its script and its data in itself, its policy lets
// nothing else in, and what it says is there without the script too.
func writeHTML(s *Subject, opts Options) (string, error) {
	parsed, err := parsedPage()
	if err != nil {
		return "", err
	}
	p := pageOf(s, opts)
	style, script := pageStyle(), pageScript()
	p.Style = template.HTML("<style>" + style + "</style>")     // #nosec G203 -- our own
	p.Script = template.HTML("<script>" + script + "</script>") // #nosec G203 -- our own
	p.Policy = "default-src 'none'; style-src " + hashOf(style) + "; script-src " + hashOf(script) +
		"; base-uri 'none'; form-action 'none'"
	data, err := marshal(pageDataOf(s, opts, p.Time))
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

func pageOf(s *Subject, opts Options) *page {
	p := &page{Title: clean(opts.Title), Verdict: verdict(s), Mark: "✓", Class: "passed"}
	if !s.passed() {
		p.Mark, p.Class = "✕", "failed"
	}
	p.Begun = s.Begun.UTC().Format(time.RFC3339)
	p.BegunText = s.Begun.UTC().Format("2 January 2006, 15:04:05 UTC")
	p.RunsText = plural(s.Totals.Runs, "run")
	p.Reasons, p.MoreReasons = reasonLine(s.Failures)
	p.Tiles = tilesOf(s)
	p.Thresholds, p.Checks = thresholdsOf(s.k6), checksOf(s.k6)
	p.Budgets = pageBudgetsOf(s)
	p.Time = pageTimeOf(s)
	p.Comparison = pageComparisonOf(s)
	p.Against = pageAgainstOf(s)
	lines, compared, single := linesOf(s)
	p.Single = s.Totals.Runs == 1
	p.HasResults = len(single) > 0 || len(lines) == len(compared) && s.kept()
	p.addFailures(s)
	p.addNames(s)
	for i := range s.Modes {
		m := &s.Modes[i]
		p.Modes = append(p.Modes, pageMode{
			m.Mode, number(m.Runs), number(m.Count), number(m.Failed), number(m.NotRun), number(m.Requests),
			size(m.Bytes), short(m.Elapsed), times(m.Speedup()), m.Failed > 0,
		})
	}
	if s.All.Times[aggregate.Elapsed].Count() > 0 {
		p.Phases = phasesOf(s.All)
	}
	p.addSlowest(s)
	return p
}

// kept reports whether there are single results besides those of the comparison.
func (s *Subject) kept() bool {
	return s.Comparison == nil && len(s.SlowestResults)+len(s.FailedResults) > 0
}

func (p *page) addSlowest(s *Subject) {
	for i := range s.SlowestResults[:min(len(s.SlowestResults), maxSlowest)] {
		r := &s.SlowestResults[i]
		slow := pageSlow{
			URL: clean(r.URL), Status: strconv.Itoa(r.Status), Waiting: short(r.Timings.Waiting), Bytes: size(r.Bytes),
			Elapsed: short(r.Elapsed), Bad: r.State == fetch.StateFailed,
		}
		if r.Status == 0 {
			slow.Status = "none"
		}
		if slow.Bad && r.Error != "" {
			slow.Why = clean(r.Error)
		}
		p.Slowest = append(p.Slowest, slow)
	}
}

// filterText is a text as the page's filter takes it.
func filterText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func pageComparisonOf(s *Subject) *pageComparison {
	c := s.Comparison
	if c == nil {
		return nil
	}
	longest := float64(max(c.Sequential.Elapsed, c.Concurrent.Elapsed, 1))
	share := func(d time.Duration) string {
		const percent, digits = 100, 2
		return strconv.FormatFloat(float64(d)/longest*percent, 'f', digits, 64)
	}
	p := &pageComparison{
		Speedup: times(c.Speedup()), Sequential: short(c.Sequential.Elapsed), Concurrent: short(c.Concurrent.Elapsed),
		Concurrency: min(c.Concurrent.Concurrency, c.Concurrent.Count), SequentialShare: share(c.Sequential.Elapsed),
		ConcurrentShare: share(c.Concurrent.Elapsed),
	}
	if c.Count > 1 {
		p.Note = fmt.Sprintf("the last of %s comparisons", number(c.Count))
	}
	return p
}

func (p *page) addFailures(s *Subject) {
	for i := range s.Failures[:min(len(s.Failures), maxReason)] {
		f := &s.Failures[i]
		item := pageFailure{
			Count: number(f.Count), Reason: reason(f.Cause), Code: f.Code, Place: i,
			Filter: "reason:" + filterText(reason(f.Cause)),
		}
		for _, n := range f.Names[:min(len(f.Names), maxChips)] {
			item.Names = append(item.Names, pageChip{shown(n.Name), number(n.Count)})
		}
		item.More = max(0, len(f.Names)-maxChips)
		for j := range s.FailedResults {
			r := &s.FailedResults[j]
			if r.Cause() != f.Cause || len(item.Samples) == maxExamples {
				continue
			}
			example := pageExample{Method: clean(r.Method), URL: clean(r.URL), Elapsed: short(r.Elapsed)}
			if r.Attempts > 1 {
				example.Attempts = r.Attempts
			}
			item.Samples = append(item.Samples, example)
		}
		p.Failures = append(p.Failures, item)
	}
	p.MoreFailures = max(0, len(s.Failures)-maxReason)
}

func (p *page) addNames(s *Subject) {
	names := byFailure(s.Names)
	for _, n := range names[:min(len(names), staticNames)] {
		elapsed := &n.Times[aggregate.Elapsed]
		p.Names = append(p.Names, pageName{
			shown(n.Name), number(n.Count), number(n.Failed), short(elapsed.Percentile(median)), short(p95(n)),
			short(elapsed.Percentile(outliers)), short(elapsed.Max()), size(n.Bytes), n.Failed > 0,
		})
	}
	if more := len(names) - staticNames; more > 0 {
		p.MoreNames = number(more)
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
	{aggregate.Connecting, "connecting", "TCP"},
	{aggregate.TLSHandshaking, "TLS handshake", "once connected"},
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
			s.phase.String(), s.label, s.meaning, short(h.Percentile(median)), short(h.Percentile(nearlyAll)),
			short(h.Percentile(outliers)), short(h.Max()),
		})
	}
	return phases
}

// linesOf are the runs that are shown URL by URL: those of the comparison, and the other ones, by their places.
func linesOf(s *Subject) (lines []*aggregate.Timeline, compared, single []int) {
	if c := s.Comparison; c != nil {
		lines, compared = append(lines, c.Sequential, c.Concurrent), []int{0, 1}
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
