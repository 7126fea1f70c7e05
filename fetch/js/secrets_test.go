package js_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// secret finds the credentials of these tests, also in base64.
var secret = regexp.MustCompile(`hush|s3cr|aHVzaD|bWU6czNjci`)

// leaked returns the first credentials in a text with what is around them, nothing if there are none.
func leaked(text string) string {
	found := secret.FindStringIndex(text)
	if found == nil {
		return ""
	}
	return text[max(0, found[0]-200):min(len(text), found[1]+60)]
}

// The credentials of a URL are in the request, and nowhere else: no tag, no log line, no report.
func TestCredentialsOfURLsAreNowhere(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--http-debug=full"}, {"--system-tags", "url,name,error,status"}} {
		t.Run(joined(args), func(t *testing.T) {
			t.Parallel()
			srv := web.New(t)
			out := judge(t, srv, "secrets", args...)
			require.Contains(t, out.Stderr, "all was printed")
			require.Empty(t, leaked(out.Stderr+out.Stdout))
			require.NotEmpty(t, out.Samples)
			for _, s := range out.Samples {
				require.Empty(t, leaked(fmt.Sprint(s.Tags, s.Meta)))
			}
		})
	}
}
