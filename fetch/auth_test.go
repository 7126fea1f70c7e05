package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// authorization is the header with that value.
func authorization(value string) http.Header {
	header := make(http.Header)
	header.Set("Authorization", value)
	return header
}

func TestBasicAuthComesFromTheURL(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		_, _ = fmt.Fprintf(w, "%s %s %t %s", user, password, ok, r.Header.Get("Authorization"))
	})
	for _, test := range []struct{ info, header, want string }{
		{"", "", "  false "},
		{"me:s3cret@", "", "me s3cret true Basic bWU6czNjcmV0"},
		{"me@", "", "me  true Basic bWU6"},
		{"m%40e:s%2F%3A3@", "", "m@e s/:3 true Basic bUBlOnMvOjM="},
		{"me:s3cret@", "Bearer x", "  false Bearer x"},
	} {
		r, exchanges := get(t, spec(func(s *fetch.Spec) {
			if test.header != "" {
				s.Header = authorization(test.header)
			}
		}), strings.Replace(base, "//", "//"+test.info, 1)+"/")
		require.Equal(t, test.want, body(r), test.info)
		if test.header == "" {
			require.Empty(t, r.Response.SentHeader.Get("Authorization"), "what is shown of a request holds no secret")
		}
		require.NotContains(t, exchanges[0].URL, "s3")
		require.NotContains(t, r.URL(), "s3")
		require.NotContains(t, r.Name(), "s3")
	}
}
