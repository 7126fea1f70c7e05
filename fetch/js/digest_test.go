package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// Row 60 of the table of faults. Each of these challenges ends the process of k6 v2.2.0 when its own HTTP meets it.
func TestK6SurvivesDigestChallenges(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	out := judge(t, srv, "digest-challenges")
	require.Zero(t, out.ExitCode, out.Stderr)
	require.Contains(t, out.Stderr, "statuses: 200 200 200 401 401 401 401 of 10")
	require.Empty(t, leaked(out.Stderr+out.Stdout))
	require.InDelta(t, 4, out.Sum("http_req_failed"), 0, "those that nothing came of")
}
