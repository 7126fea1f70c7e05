package page

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

func TestReasonsInOneLine(t *testing.T) {
	t.Parallel()

	failure := func(count, code, status int, text string) aggregate.Failure {
		return aggregate.Failure{Cause: aggregate.Cause{Code: code, Status: status, Error: text}, Count: count}
	}
	texts := func(line []pageReason) (out []string) {
		for _, r := range line {
			out = append(out, r.Count+" × "+r.Text+" | "+r.Filter)
		}
		return out
	}
	line, more := reasonLine([]aggregate.Failure{
		failure(36, 1404, 404, ""), failure(20, 1101, 0, "lookup a.example: no such host"), failure(15, 1500, 500, ""),
		failure(12, 1101, 0, "lookup b.example: no such host"), failure(7, 1000, 0, strings.Repeat("é", 60)),
	})
	require.Equal(t, []string{
		"36 × 404 | state:failed status:404", "32 × no such host | code:1101", "15 × 500 | state:failed status:500",
		"7 × " + strings.Repeat("é", 40) + "… | code:1000",
	}, texts(line), "what has one code is one reason")
	require.Zero(t, more)
	require.Equal(t, 1, line[1].Place, "it leads to its most frequent text")

	many := make([]aggregate.Failure, 10)
	for i := range many {
		many[i] = failure(10-i, 1400+i, 400+i, "")
	}
	line, more = reasonLine(many)
	require.Len(t, line, maxLine)
	require.Equal(t, 4, more)
}

func TestSharesAreZeroOnlyOfNothing(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		n, all int
		want   string
	}{
		{0, 0, "0 %"},
		{0, 10, "0 %"},
		{10, 10, "100 %"},
		{1, 1_000_000, "<0.01 %"},
		{1, 1000, "0.10 %"},
		{3, 100, "3.0 %"},
		{1, 3, "33 %"},
		{999, 1000, "99 %"},
	} {
		require.Equal(t, c.want, share(c.n, c.all))
	}
}

func TestVerdictsThatFailedComeFirst(t *testing.T) {
	t.Parallel()

	require.Nil(t, thresholdsOf(nil))
	require.Nil(t, checksOf(nil))
	k6 := &k6summary.Summary{}
	for i := range 12 {
		k6.Checks = append(k6.Checks, k6summary.Check{Group: "a::b", Name: string(rune('a' + i)), Passes: 5, Fails: i % 2})
	}
	v := checksOf(k6.Checks)
	require.Len(t, v.Open, maxVerdict)
	for _, row := range v.Open {
		require.True(t, row.Bad)
	}
	require.Equal(t, "7 more (1 failed, 6 passed)", v.MoreText)
	require.Equal(t, "b", v.Open[0].What, "in their order")
	require.Equal(t, "a › b", v.Open[0].Group)

	for i := range k6.Checks {
		k6.Checks[i].Fails = 0
	}
	v = checksOf(k6.Checks)
	require.Empty(t, v.Open)
	require.Equal(t, "12 checks, all passed", v.MoreText)
}

func TestChecksOfBudgetsAreInThePageOnce(t *testing.T) {
	t.Parallel()

	budgets := []aggregate.Budget{{Check: budget.Check{Name: "elapsed <= 1 ms"}, Broken: 1}}
	s := &phrase.Subject{
		Summary: &aggregate.Summary{All: &aggregate.Name{}, Budgets: budgets},
		K6: &k6summary.Summary{Checks: []k6summary.Check{
			{Name: budgets[0].Check.Name, Fails: 1}, {Name: "the script's own", Passes: 1},
		}},
	}
	require.Equal(t, "the script's own", pageOf(s, "").Checks.Open[0].What)
}

// seriesOf makes a series of 100 results a step: how many of them failed, and their p95 in ms.
func seriesOf(failed, p95 []int) *aggregate.Series {
	s := &aggregate.Series{Width: time.Second, Reasons: []aggregate.Cause{{Code: failure.CodeTimeout, Error: "request timeout"}}}
	for i := range failed {
		d := time.Duration(p95[i]) * time.Millisecond
		if failed[i] < 0 { // nothing ended
			s.Steps = append(s.Steps, aggregate.Step{Failures: []int{0}})
			continue
		}
		s.Steps = append(s.Steps, aggregate.Step{
			Count: 100, Failed: failed[i], Failures: []int{failed[i]}, P50: d / 2, P95: d, P99: 2 * d, InFlight: 10, VUs: 5,
		})
	}
	return s
}

func repeated(n, value int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = value
	}
	return all
}

func join(parts ...[]int) (all []int) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestThePageSaysSinceWhen(t *testing.T) {
	t.Parallel()

	const atMost, steady = "At most 100 URLs per second.", "p95 was about 100 ms all the time."

	for what, c := range map[string]struct {
		failed, p95 []int
		want        []string
	}{
		"all was well": {
			repeated(50, 0), repeated(50, 100),
			[]string{steady, atMost},
		},
		"broken from a moment on": {
			join(repeated(30, 1), repeated(20, 40)), join(repeated(30, 100), repeated(20, 900)),
			[]string{
				"40 % failed from 30 s on; 1.0 % at other times.", "p95 was about 900 ms from 30 s on; 100 ms at other times.",
				atMost,
			},
		},
		"two spells": {
			join(repeated(10, 0), repeated(5, 50), repeated(20, 0), repeated(5, 30), repeated(10, 0)), repeated(50, 100),
			[]string{
				"50 % failed from 10 s to 15 s, 30 % failed from 35 s to 40 s; 0 % at other times.",
				steady, atMost,
			},
		},
		"one bad step": {
			join(repeated(20, 0), repeated(1, 70), repeated(29, 0)), repeated(50, 100),
			[]string{
				"70 % failed at 20 s; 0 % at other times.", steady, atMost,
			},
		},
		"slow at both ends, with no results at other times": {
			join(repeated(1, -1), repeated(6, 0), repeated(42, -1), repeated(1, 0)),
			join(repeated(1, 0), repeated(2, 40), repeated(4, 6), repeated(42, 0), repeated(1, 900)),
			[]string{"p95 was about 6.00 ms all the time.", atMost},
		},
		"the same share all the time": {
			repeated(50, 14), repeated(50, 100),
			[]string{
				"14 % failed, from the beginning on.", steady, atMost,
			},
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			p := pageTimeOf(&phrase.Subject{Summary: &aggregate.Summary{Series: seriesOf(c.failed, c.p95)}})
			said := make([]string, len(p.Said))
			for i, s := range p.Said {
				said[i] = strings.ReplaceAll(s, "\u00a0", " ")
			}
			require.Equal(t, c.want, said)
		})
	}
}

func TestChartsNeedSomethingToShow(t *testing.T) {
	t.Parallel()

	of := func(s *aggregate.Series) *pageTime {
		return pageTimeOf(&phrase.Subject{Summary: &aggregate.Summary{Series: s}})
	}
	require.Nil(t, of(nil))
	require.Nil(t, of(&aggregate.Series{Width: time.Second}))
	require.Nil(t, of(seriesOf(repeated(3, 0), repeated(3, 1))), "too few steps")
	idle := seriesOf(repeated(9, 0), repeated(9, 0))
	for i := range idle.Steps {
		idle.Steps[i] = aggregate.Step{}
	}
	require.Nil(t, of(idle), "nothing ended")

	p := of(seriesOf(repeated(9, 0), repeated(9, 10)))
	ids := make([]string, len(p.Charts))
	for i := range p.Charts {
		ids[i] = p.Charts[i].ID
	}
	require.Equal(t, []string{"rate", "latency", "flight"}, ids, "no failures, no chart of them")
	require.Nil(t, p.Scatter, "without points")
}

func TestStepsOfChartsHaveEnoughResults(t *testing.T) {
	t.Parallel()

	s := seriesOf(repeated(600, 0), repeated(600, 0))
	for i := range s.Steps {
		s.Steps[i] = aggregate.Step{
			Count: i % 2, Failed: i % 2, Failures: []int{i % 2}, InFlight: 2, VUs: 1 + i%3,
			P50: time.Duration(i%2) * time.Duration(i), P95: time.Duration(i%2) * time.Duration(i),
			P99: time.Duration(i%2) * time.Duration(i),
		}
	}
	wide := coarse(s)
	require.Equal(t, 16*time.Second, wide.Width)
	count := 0
	for i := range wide.Steps {
		step := &wide.Steps[i]
		count += step.Count
		require.Equal(t, step.Count, step.Failed)
		require.Equal(t, []int{step.Count}, step.Failures)
		require.LessOrEqual(t, step.P50, step.P95)
	}
	require.Equal(t, 300, count)
	first := wide.Steps[0]
	require.Equal(t, aggregate.Step{
		Count: 8, Failed: 8, Failures: []int{8}, P50: 7, P95: 15, P99: 15, InFlight: 2, VUs: 3,
	}, first, "percentiles of 1, 3, … 15")

	busy := seriesOf(repeated(9, 0), repeated(9, 10))
	require.Same(t, busy, coarse(busy))
}

func TestURLsBreakWhereTheyMay(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"":                              "",
		"home":                          "home",
		"see /a b/c":                    "see /|a b/|c",
		"a/b":                           "a/|b",
		"https://a.example/x?y=1&z=2":   "https://|a.example/|x?|y=|1&|z=|2",
		"short.words-stay_whole":        "short.words-stay_whole",
		"hero-banner-of-the-month.avif": "hero-|banner-|of-|the-|month.|avif",
		strings.Repeat("x", 50):         strings.Repeat("x", 24) + "|" + strings.Repeat("x", 24) + "|xx",
		"words of a sentence are left alone, however long": "words of a sentence are left alone, however long",
	} {
		require.Equal(t, want, strings.Join(pieces(text), "|"))
		require.Equal(t, text, strings.Join(pieces(text), ""))
	}
	require.EqualValues(t, "&lt;b&gt;/<wbr>x", breakable("<b>/x"))
}

func TestEachResultIsInThePageOnce(t *testing.T) {
	t.Parallel()

	row := aggregate.Sample{URL: "https://a.example/", Name: "a", Elapsed: 5, State: fetch.StateFailed, Error: "no"}
	asItEnded := row // a run keeps phases less precisely than they were when the result ended
	asItEnded.Timings.Waiting = 1
	other := row
	other.Elapsed = 6
	certificate := func() *certificate.Info {
		return &certificate.Info{Subject: "CN=a", DNSNames: []string{"a"}, More: 3}
	}
	row.Detail = &aggregate.Detail{Proto: "HTTP/1.1", Certificate: certificate(), Sent: []aggregate.Field{{Name: "A", Value: "b"}}}
	other.Detail = &aggregate.Detail{Certificate: certificate()}
	d := pageDataOf(&phrase.Subject{Summary: &aggregate.Summary{
		All:           &aggregate.Name{},
		Timelines:     []*aggregate.Timeline{{Mode: "concurrent", Rows: []aggregate.Sample{row}}},
		FailedResults: []aggregate.Sample{asItEnded, other}, SlowestResults: []aggregate.Sample{other},
	}}, "", nil)
	require.Len(t, d.Rows, 2)
	require.Equal(t, 1, d.Lines[0].Rows)
	require.Len(t, d.Details, 2)
	require.Len(t, d.Certs, 1, "certificates that are alike are there once")
	require.Equal(t, []string{"a", "3 more"}, d.Certs[0].Names)
	require.Equal(t, "less than a day left", d.Certs[0].Left)
	require.Equal(t, "b", d.Texts[d.Details[0].Sent[1]])
}

func TestThePageIsSmallWithoutItsData(t *testing.T) {
	t.Parallel()

	const most = 150_000
	require.Less(t, len(pageStyle())+len(pageScript())+len(pageFile("page.html")), most)
	require.NotContains(t, pageScript(), "innerHTML", "texts are never markup")
	require.NotContains(t, pageFile("page.html"), "style=", "the policy does not let it in")
}
