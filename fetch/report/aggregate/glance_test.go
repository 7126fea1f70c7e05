package aggregate_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

func failed(name string, status int, text string) *fetch.Result {
	r := result(name, fetch.StateFailed, time.Millisecond)
	r.Status, r.ErrorCode, r.Error = status, 1000+status, text
	return r
}

// A glance says what a summary says, over all names, those without a place of their own included.
func TestAGlanceAgreesWithTheSummary(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.Limits{Names: 50})
	require.Zero(t, c.Glance())
	for i := range 2000 {
		name := fmt.Sprint(i % 100)
		switch {
		case i%10 == 9:
			c.Add(result(name, fetch.StateNotRun, 0))
		case i%10 == 8:
			c.Add(failed(name, 404, ""))
		case i%20 == 7:
			c.Add(failed(name, 0, "request timeout"))
		case i%20 == 6:
			c.Add(result(name, fetch.StateDone, 0))
		default:
			c.Add(result(name, fetch.StateDone, time.Duration(i)*time.Millisecond))
		}
	}
	s, g := c.Summary(), c.Glance()
	require.Equal(t, aggregate.Glance{
		Ran: s.Ok + s.Failed, Failed: s.Failed, P95: s.All.Times[aggregate.Elapsed].Percentile(95),
		Reason: s.Failures[0].Cause, Times: s.Failures[0].Count,
	}, g)
	require.Equal(t, 404, g.Reason.Status)
	require.Equal(t, 200, g.Times)

	c.Ended("concurrent", &fetch.Run{Count: 2000})
	require.Equal(t, 1, c.Glance().Runs)
}

// Of reasons that are equally frequent it is the same one whenever one looks, or lines would change from one to the next.
func TestAGlanceDoesNotWaver(t *testing.T) {
	t.Parallel()
	c := aggregate.New(aggregate.DefaultLimits())
	for status := range 8 {
		c.Add(failed("page", 400+status, ""))
	}
	first := c.Glance()
	for range 50 {
		require.Equal(t, first, c.Glance())
	}
	require.Equal(t, 400, first.Reason.Status)
}
