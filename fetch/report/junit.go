package report

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// The elements are those that all readers of JUnit's format agree on, and none is left out that one of them requires.
type (
	junitSuites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suite   junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string      `xml:"name,attr"`
		Package    string      `xml:"package,attr"`
		ID         int         `xml:"id,attr"`
		Timestamp  string      `xml:"timestamp,attr"`
		Hostname   string      `xml:"hostname,attr"`
		Tests      int         `xml:"tests,attr"`
		Failures   int         `xml:"failures,attr"`
		Errors     int         `xml:"errors,attr"`
		Skipped    int         `xml:"skipped,attr"`
		Time       string      `xml:"time,attr"`
		Properties struct{}    `xml:"properties"`
		Cases      []junitCase `xml:"testcase"`
		Out        string      `xml:"system-out"`
		Err        string      `xml:"system-err"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    string        `xml:"time,attr"`
		Skipped *struct{}     `xml:"skipped"`
		Error   *junitFailure `xml:"error"`
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a test case for each name, and for each check of the budgets of runs, and one if nothing was
// fetched. The time of a name is the mean of its results.
func writeJUnit(s *Subject, opts Options) (string, error) {
	title := phrase.Clean(opts.Title)
	suite := junitSuite{
		Name: title, Package: "k6.x.fetch", Hostname: "localhost",
		Timestamp: s.Begun.UTC().Format("2006-01-02T15:04:05"), Tests: len(s.Names),
		Time: fmt.Sprintf("%.3f", s.Spent().Seconds()),
		Out:  phrase.Verdict(s),
	}
	for _, p := range s.Pages {
		suite.Out += "\n" + phrase.PageTimes(p)
	}
	for _, n := range s.Names {
		test := junitCase{
			Name: phrase.Clean(n.Name), Class: title, Time: fmt.Sprintf("%.3f", n.Times[aggregate.Elapsed].Mean().Seconds()),
		}
		if all := s.ComplaintsAbout(n); len(all) > 0 {
			suite.Failures++
			test.Failure = failed(all)
		} else if n.Ok == 0 {
			suite.Skipped++
			test.Skipped = &struct{}{}
		}
		suite.Cases = append(suite.Cases, test)
	}
	suite.addPages(s)
	suite.addBudgets(phrase.CaseBudgets(s.Budgets))
	suite.addK6(s)
	suite.addNothing(s)
	out, err := xml.MarshalIndent(junitSuites{Suite: suite}, "", "  ")
	if err != nil {
		return "", err
	}
	return xml.Header + string(out) + "\n", nil
}

// failed is the failure of a test case, with all reasons in the message too: many readers show nothing else.
func failed(all []phrase.Complaint) *junitFailure {
	gists := make([]string, 0, len(all))
	var lines []string
	for _, c := range all {
		gists = append(gists, c.Lines[0])
		lines = append(lines, c.Lines...)
	}
	return &junitFailure{Type: all[0].Kind, Message: strings.Join(gists, "; "), Text: strings.Join(lines, "\n")}
}

// addPages adds a test case for each time of a page that was compared with a baseline.
func (s *junitSuite) addPages(about *Subject) {
	for _, j := range about.PageJudgements() {
		outcome := ""
		if phrase.IsWorse(j) {
			outcome = phrase.WorseText(j)
		}
		s.addCase("pages", j.Name, string(j.Verdict), !phrase.IsWorse(j), outcome)
	}
}

// addBudgets adds a test case for each of some checks of budgets.
func (s *junitSuite) addBudgets(budgets []aggregate.Budget) {
	for i := range budgets {
		b := &budgets[i]
		test := junitCase{Name: b.Check.Name, Class: s.Name + " budgets", Time: "0.000"}
		if b.Broken > 0 {
			s.Failures++
			lines := []string{phrase.BrokenBudget(b)}
			for _, n := range b.Names {
				lines = append(lines, fmt.Sprintf("%s: %s", phrase.Number(n.Count), phrase.Shown(n.Name)))
			}
			if b.More > 0 {
				lines = append(lines, fmt.Sprintf("%s: others", phrase.Number(b.More)))
			}
			test.Failure = &junitFailure{Type: "budget", Message: lines[0], Text: strings.Join(lines, "\n")}
		}
		s.Tests++
		s.Cases = append(s.Cases, test)
	}
}

// addK6 adds a test case for each threshold and each check.
func (s *junitSuite) addK6(about *Subject) {
	for _, t := range about.K6Thresholds() {
		s.addCase("thresholds", phrase.ThresholdText(t), "threshold", t.Ok, phrase.ThresholdOutcome(t))
	}
	for _, c := range about.K6Checks() {
		s.addCase("checks", phrase.Clean(c.Path()), "check", c.Ok(), phrase.CheckOutcome(c))
	}
}

// addCase adds a test case of one kind, which takes no time.
func (s *junitSuite) addCase(class, name, kind string, ok bool, outcome string) {
	test := junitCase{Name: phrase.Shown(name), Class: s.Name + " " + class, Time: "0.000"}
	if !ok {
		s.Failures++
		test.Failure = &junitFailure{Type: kind, Message: outcome, Text: outcome}
	}
	s.Tests++
	s.Cases = append(s.Cases, test)
}

// addNothing adds the test case that fails where nothing was fetched.
func (s *junitSuite) addNothing(about *Subject) {
	if !about.Nothing() {
		return
	}
	s.Tests++
	s.Errors++
	s.Cases = append(s.Cases, junitCase{
		Name: "something is fetched", Class: s.Name, Time: "0.000",
		Error: &junitFailure{Type: "nothing", Message: phrase.NothingFetched, Text: phrase.Outcome(about)},
	})
}
