package collect_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

func TestAGlanceIsOfAllNames(t *testing.T) {
	t.Parallel()
	limits := collect.DefaultLimits()
	limits.Names = 2
	c := collect.New(limits)
	require.Equal(t, collect.Glance{}, c.Glance())
	add := func(name string, took time.Duration, status int) {
		r := &fetch.Result{Target: fetch.Target{URL: "http://host/" + name}, State: fetch.StateDone, Status: status, Elapsed: took}
		if status != 200 {
			r.State, r.ErrorCode = fetch.StateFailed, 1000+status
		}
		c.Add(r)
	}
	for i := range 100 {
		add("a", time.Duration(i+1)*time.Millisecond, 200)
	}
	add("b", time.Millisecond, 404)
	add("c", time.Millisecond, 500) // of other names
	add("d", time.Millisecond, 500)
	c.Add(&fetch.Result{Target: fetch.Target{URL: "http://host/a"}})
	g := c.Glance()
	require.InDelta(t, 95, float64(g.P95)/float64(time.Millisecond), 2)
	require.Equal(t, []int{3, 2}, []int{g.Failed, g.Count})
	require.Equal(t, collect.Cause{Code: 1500, Status: 500}, g.Cause)
}
