package request_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/request"
)

const table = "testdata/chromium.txt"

// sent is what Chromium sent with one request: those of its fields that belong to this package, one a line. Cookies are
// "Cookie: sent". The request that it did not send is empty.
type sent string

// fromChromium reads the table: URLs, each followed by its fields, which are indented.
func fromChromium(t *testing.T) map[string]sent {
	t.Helper()
	text, err := os.ReadFile(table)
	require.NoError(t, err)
	all := make(map[string]sent)
	url := ""
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "\t"):
			all[url] += sent(line[1:])
		default:
			url = strings.TrimSuffix(line, "\n")
			require.NotContains(t, all, url)
			all[url] = ""
		}
	}
	return all
}

// fields writes a header as the table has it.
func fields(header http.Header, cookies bool) sent {
	var lines []string
	for name, values := range header {
		lines = append(lines, name+": "+strings.Join(values, ", ")+"\n")
	}
	if cookies {
		lines = append(lines, "Cookie: sent\n")
	}
	slices.Sort(lines)
	return sent(strings.Join(lines, ""))
}

func TestWhatChromiumSends(t *testing.T) {
	t.Parallel()
	want, count := fromChromium(t), 0
	for _, p := range pages() {
		t.Run(p.name+": "+p.says, func(t *testing.T) {
			t.Parallel()
			for _, r := range p.resources(t) {
				expected, known := want[r.url]
				require.True(t, known, "%s is not in the table", r.url)
				if r.unsent {
					assert.Empty(t, expected, r.url)
					require.Error(t, r.request.Check(http.Header{}), r.url)
					continue
				}
				assert.Equal(t, expected, fields(r.request.Header(), cookies(&r.request)), r.url)
			}
		})
		count += len(p.resources(t))
	}
	require.Len(t, want, count)
}

// cookies reports whether the browser that wrote the table sent cookies: it has some for trustworthy URLs only.
func cookies(r *request.Request) bool {
	trustworthy := len(r.Header()["Sec-Fetch-Mode"]) > 0
	return trustworthy && r.Credentials()
}
