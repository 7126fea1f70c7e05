package discover_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// TestALongTagIsForgotten reads tags of which each has fewer attributes than the one before.
//
//nolint:paralleltest // other tests allocate
func TestALongTagIsForgotten(t *testing.T) {
	scanner := discover.NewHTML(parse(t, page), "", discover.Options{}, func(discover.Resource) {})
	before := allocated()
	for i := range 30 {
		var names strings.Builder
		for j := range 30 - i {
			fmt.Fprintf(&names, "a%d ", j)
		}
		_, _ = fmt.Fprintf(scanner, `<meta %s alt="%s">`, names.String(), strings.Repeat("a", 100<<10))
	}
	assert.Less(t, allocated()-before, int64(1<<20))
	runtime.KeepAlive(scanner)
}

// TestWhatIsFoundDoesNotKeepItsTag finds resources in tags that are much longer than what is found.
//
//nolint:paralleltest // other tests allocate
func TestWhatIsFoundDoesNotKeepItsTag(t *testing.T) {
	long := strings.Repeat("a", 100<<10)
	for _, test := range []struct{ title, tag string }{
		{"a path", `<img src=/%d.png alt="%s">`},
		{"a URL", `<img src=https://cdn.example/%d.png alt="%s">`},
		{"a hash", `<script src=/%d.js integrity=sha256-AA alt="%s"></script>`},
		{"a referrer policy", `<img src=/%d.png referrerpolicy=origin alt="%s">`},
	} {
		var found []discover.Resource
		scanner := discover.NewHTML(parse(t, page), "", discover.Options{}, func(r discover.Resource) { found = append(found, r) })
		before := allocated()
		for i := range 30 {
			_, _ = fmt.Fprintf(scanner, test.tag, i, long)
		}
		assert.GreaterOrEqual(t, len(found), 30, test.title)
		assert.Less(t, allocated()-before, int64(1<<20), test.title)
		runtime.KeepAlive(scanner)
		runtime.KeepAlive(found)
	}
}
