package command_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// reported is a report of a page that took so long, forty times.
func reported(t *testing.T, title string, took time.Duration) string {
	t.Helper()
	n := &aggregate.Name{}
	n.Count, n.Ok = 40, 40
	for range n.Count {
		n.Times[aggregate.Elapsed].Add(took)
		n.Sizes.Add(0)
	}
	text, err := baseline.Write(title, []baseline.Name{baseline.Of(n, "page")})
	require.NoError(t, err)
	return text
}

func TestCompare(t *testing.T) {
	t.Parallel()
	dir := files(t, map[string]string{
		"fast": reported(t, "fast", time.Millisecond), "slow": reported(t, "slow", 20*time.Millisecond), "none": `{"baseline":1,"title":"none"}`,
	})
	for _, c := range []struct {
		sentence, args string
		exit           int
		want           []string
	}{
		{"slower", "fast slow", 99, []string{"1 name got slower\n\nagainst fast\n  1 slower\n", "20.0 ms", "slower"}},
		{"faster", "slow fast", 0, []string{"Nothing got slower or fails more often\n\nagainst slow\n  1 faster\n"}},
		{"the same", "slow ./slow", 0, []string{"Nothing got slower or fails more often\n\nagainst slow\n  1 same\n"}},
		{"it does not matter", "--tolerance 1e6 fast slow", 0, []string{"1 same"}},
		{"it may be chance", "--significance 1e-300 fast slow", 0, []string{"1 too few"}},
		{"nothing to compare with", "none slow", 0, []string{"The only name could not be compared with the baseline\n", "1 new"}},
		{fromPipe, "- slow", 99, []string{"1 name got slower"}},
		{"JSON", "--json fast slow", 99, []string{`{"type":"difference","version":1,"passed":false,"baseline":{"title":"fast",`}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			in := k6test.Command{Dir: dir, Args: append([]string{"compare"}, strings.Fields(c.args)...)}
			in.Stdin = strings.NewReader(reported(t, "fast", time.Millisecond))
			out := in.Run(t)
			require.Equal(t, c.exit, out.ExitCode, "%s%s", out.Stdout, out.Stderr)
			for _, want := range c.want {
				require.Contains(t, out.Stdout, want)
			}
			require.Equal(t, c.exit != 0, out.Stderr != "")
		})
	}
}

// What compare says of two reports is what a run says of its own next to the older one.
func TestCompareSaysWhatABaselineSays(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	dir := files(t, map[string]string{"old": reported(t, "old", 10*time.Millisecond)})
	args := strings.Fields("--name page --baseline old --report json=new.json" + strings.Repeat(" "+w.URL+"/delay/30", 40))
	first := k6test.Command{Dir: dir, Args: args}.Run(t)
	require.Equal(t, 99, first.ExitCode, first.Stderr)
	second := k6test.Command{Dir: dir, Args: []string{"compare", "old", "new.json"}}.Run(t)
	require.Equal(t, 99, second.ExitCode, second.Stderr)
	_, want, found := strings.Cut(first.Stdout, "\nagainst old")
	require.True(t, found, first.Stdout)
	_, got, found := strings.Cut(second.Stdout, "\nagainst old")
	require.True(t, found, second.Stdout)
	change := regexp.MustCompile(`\+[\d,.]+ %`) // a report has times to the microsecond
	require.Equal(t, change.ReplaceAllString(want, "+ %"), change.ReplaceAllString(got, "+ %"))
}
