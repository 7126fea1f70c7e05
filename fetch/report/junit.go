package report

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	title := clean(opts.Title)
	suite := junitSuite{
		Name: title, Package: "k6.x.fetch", Hostname: "localhost",
		Timestamp: s.Begun.UTC().Format("2006-01-02T15:04:05"), Tests: len(s.Names),
		Time: fmt.Sprintf("%.3f", s.spent().Seconds()),
		Out:  verdict(s),
	}
	for _, n := range s.Names {
		test := junitCase{
			Name: clean(n.Name), Class: title, Time: fmt.Sprintf("%.3f", n.Times[aggregate.Elapsed].Mean().Seconds()),
		}
		if all := s.complaintsAbout(n); len(all) > 0 {
			suite.Failures++
			test.Failure = failed(all)
		} else if n.Ok == 0 {
			suite.Skipped++
			test.Skipped = &struct{}{}
		}
		suite.Cases = append(suite.Cases, test)
	}
	suite.addBudgets(caseBudgets(s.Budgets))
	suite.addK6(s)
	suite.addNothing(s)
	out, err := xml.MarshalIndent(junitSuites{Suite: suite}, "", "  ")
	if err != nil {
		return "", err
	}
	return xml.Header + string(out) + "\n", nil
}

// causeCount is a reason of failure and how often it was one.
type causeCount struct {
	aggregate.Cause

	count int
}

// kind names the sort of failure: k6's code of the error.
func (c *causeCount) kind() string { return fmt.Sprintf("error_code %d", c.Code) }

// causes are the reasons of a name's failures, the most frequent first.
func causes(n *aggregate.Name) []causeCount {
	list := make([]causeCount, 0, len(n.Causes))
	for _, cause := range slices.SortedFunc(maps.Keys(n.Causes), func(a, b aggregate.Cause) int {
		if n.Causes[a] != n.Causes[b] {
			return n.Causes[b] - n.Causes[a]
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}) {
		list = append(list, causeCount{cause, n.Causes[cause]})
	}
	return list
}

// causeLines say what failed of a name: how many in the first line, and then why, if there is more than one reason.
func causeLines(n *aggregate.Name) []string {
	all := causes(n)
	first := fmt.Sprintf("%s of %s failed", number(n.Failed), number(n.Count))
	if len(all) == 1 {
		return []string{first + ": " + reason(all[0].Cause)}
	}
	lines := []string{first}
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", number(c.count), reason(c.Cause), c.kind()))
	}
	return lines
}
