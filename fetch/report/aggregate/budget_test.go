package aggregate_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func atMost(t *testing.T, key budget.Key, bound float64) budget.Checks {
	t.Helper()
	check, err := key.Limit(bound)
	require.NoError(t, err)
	return budget.Checks{}.With(key, check)
}

func budgeted(name string, state fetch.State, elapsed time.Duration, checks budget.Checks) *fetch.Result {
	r := result(name, state, elapsed)
	r.Target.Spec.Budget = checks
	return r
}

func TestCollectorCountsBudgets(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	checks := atMost(t, budget.Elapsed, 10)
	c.Add(budgeted("a", fetch.StateDone, 5*time.Millisecond, checks))
	c.Add(budgeted("a", fetch.StateDone, 15*time.Millisecond, checks))
	c.Add(budgeted("b", fetch.StateDone, 25*time.Millisecond, checks))
	c.Add(budgeted("b", fetch.StateDone, 12*time.Millisecond, checks))
	c.Add(budgeted("c", fetch.StateFailed, time.Millisecond, checks))
	c.Add(budgeted("d", fetch.StateNotRun, 0, checks))
	c.Add(result("e", fetch.StateDone, time.Second))
	run := &fetch.Run{Count: 7, OverBudget: 4, Budget: atMost(t, budget.Requests, 9).JudgeRun(&budget.Run{Requests: 5})}
	c.Ended("concurrent", run)
	s := c.Summary()

	require.Len(t, s.Budgets, 2)
	b := s.Budgets[0]
	require.Equal(t, "elapsed <= 10 ms", b.Check.Name)
	require.Equal(t, []int{1, 4, 1}, []int{b.Passed, b.Broken, b.Unanswered}, "what was not run is not judged")
	require.InDelta(t, 25, b.Worst, 0)
	require.Equal(t, []aggregate.NameCount{{Name: "b", Count: 2}, {Name: "a", Count: 1}, {Name: "c", Count: 1}}, b.Names)
	b = s.Budgets[1]
	require.Equal(t, "requests <= 9", b.Check.Name)
	require.Equal(t, []int{1, 0}, []int{b.Passed, b.Broken})
	require.InDelta(t, 5, b.Worst, 0)
	require.Equal(t, 4, s.OverBudget)
	names := make(map[string]aggregate.Breaks)
	for _, n := range s.Names {
		names[n.Name] = n.Breaks
	}
	broken := func(worst float64, count, unanswered int) aggregate.Breaks {
		return aggregate.Breaks{{
			Check: *checks[0], Count: count, Unanswered: unanswered, Worst: worst, HasWorst: count > unanswered,
		}}
	}
	require.Equal(t, map[string]aggregate.Breaks{
		"a": broken(15, 1, 0), "b": broken(25, 2, 0), "c": broken(0, 1, 1), "d": nil, "e": nil,
	}, names)
	require.Equal(t, broken(25, 4, 1), s.All.Breaks)
	require.Equal(t, []int{1, 2, 1, 0, 0}, []int{
		s.Names[0].OverBudget, s.Names[1].OverBudget, s.Names[2].OverBudget, s.Names[3].OverBudget, s.Names[4].OverBudget,
	})
}

// Whatever scripts come up with, what is kept of budgets is bounded, and every verdict is counted.
func TestBudgetsAreBounded(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	var workers sync.WaitGroup
	const count = 1000
	for worker := range 4 {
		workers.Go(func() {
			for i := range count {
				check, err := budget.Elapsed.Limit(float64(i) / 1e6)
				if err != nil {
					panic(err)
				}
				c.Add(budgeted(fmt.Sprintf("name %d of %d", i, worker), fetch.StateDone, time.Second, budget.Checks{check}))
				c.Add(budgeted(fmt.Sprintf("name %d of %d", i, worker), fetch.StateDone, time.Second, atMostZero()))
			}
		})
	}
	workers.Wait()
	s := c.Summary()
	require.LessOrEqual(t, len(s.Budgets), 201)
	last := s.Budgets[len(s.Budgets)-1]
	require.True(t, last.Rest)
	require.Equal(t, aggregate.OtherBudgets, last.Check.Name)
	require.False(t, last.HasWorst, "they have different units")
	sum := 0
	for _, b := range s.Budgets {
		require.LessOrEqual(t, len(b.Names), 20)
		named := b.More
		for _, n := range b.Names {
			named += n.Count
		}
		require.Equal(t, b.Broken, named)
		sum += b.Broken + b.Passed
	}
	require.Equal(t, 2*4*count, sum)
	require.LessOrEqual(t, len(s.All.Breaks), 21)
	all := 0
	for _, b := range s.All.Breaks {
		all += b.Count
	}
	require.Equal(t, 2*4*count, all, "all are broken, and each is a break of some name")
	other := s.Names[len(s.Names)-1]
	require.True(t, other.Rest)
	require.NotEmpty(t, other.Breaks)
}

func atMostZero() budget.Checks {
	check, _ := budget.Bytes.Limit(0)
	return budget.Checks{check}
}

// Of a stream that has ended nothing is left but how many results broke their budgets.
func TestBudgetsOfRunsWithoutResults(t *testing.T) {
	t.Parallel()
	s := aggregate.OfRun("stream", &fetch.Run{Count: 5, Ok: 5, OverBudget: 3}, aggregate.DefaultLimits())
	require.Len(t, s.Budgets, 1)
	require.True(t, s.Budgets[0].Rest)
	require.Equal(t, []int{0, 3, 3}, []int{s.Budgets[0].Passed, s.Budgets[0].Broken, s.Budgets[0].More})
	require.Equal(t, 3, s.Budgets[0].OfRuns, "no name has them")
}
