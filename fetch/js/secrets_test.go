package js_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// secret finds the credentials of these tests, also in base64, and what is around them.
var secret = regexp.MustCompile(`.{0,200}(hush|s3cr|aHVzaD|bWU6czNjci).{0,60}`)

// The credentials of a URL are in the request, and nowhere else: no tag, no log line, no report.
func TestCredentialsOfURLsAreNowhere(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--http-debug=full"}, {"--system-tags", "url,name,error,status"}} {
		t.Run(joined(args), func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			out := judge(t, srv, "secrets", args...)
			require.Contains(t, out.Stderr, "the end")
			require.Empty(t, secret.FindString(out.Stderr+out.Stdout))
			require.NotEmpty(t, out.Samples)
			for _, s := range out.Samples {
				require.Empty(t, secret.FindString(fmt.Sprint(s.Tags, s.Meta)))
			}
		})
	}
}
