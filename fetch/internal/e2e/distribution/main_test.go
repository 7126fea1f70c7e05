package distribution_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// count is the length of the lists. It is small by default, to be quick.
//
//nolint:gochecknoglobals // a flag
var count = flag.Int("urls", 1003, "how many URLs the lists of the tests have")

func TestMain(m *testing.M) {
	k6test.Main(m, func(m *testing.M) { goleak.VerifyTestMain(m) })
}

// server counts how often each URL /<number> is requested, and by which instance, from the header X-Instance.
type server struct {
	*httptest.Server

	mu    sync.Mutex
	hits  map[int][]string
	onHit func(total int)
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{hits: map[int][]string{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		s.mu.Lock()
		s.hits[i] = append(s.hits[i], r.Header.Get("X-Instance"))
		total, onHit := len(s.hits), s.onHit
		s.mu.Unlock()
		if onHit != nil {
			onHit(total)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// watch calls fn at each request, with the number of URLs that have been requested.
func (s *server) watch(fn func(total int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onHit = fn
}

// requireOnce checks that each of n URLs was requested once.
func (s *server) requireOnce(t *testing.T, n int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	missing, doubled := 0, 0
	for i := range n {
		switch len(s.hits[i]) {
		case 0:
			missing++
		case 1:
		default:
			doubled++
		}
	}
	require.Equal(t, "0 missing, 0 doubled", fmt.Sprintf("%d missing, %d doubled", missing, doubled))
	require.Len(t, s.hits, n)
}

// segments returns the flags of each instance, from the limits of their segments. Without the sequence, an instance
// does not know the others.
func segments(sequence string, withSequence bool) [][]string {
	ends := strings.Split(sequence, ",")
	flags := make([][]string, len(ends)-1)
	for i := range flags {
		flags[i] = []string{"--execution-segment", ends[i] + ":" + ends[i+1], "-e", "INSTANCE=" + strconv.Itoa(i)}
		if withSequence {
			flags[i] = append(flags[i], "--execution-segment-sequence", sequence)
		}
	}
	return flags
}

// startAll starts one k6 for each set of flags, all at the same time, without samples.
func startAll(t *testing.T, path string, flags [][]string, args ...string) []*k6test.Process {
	t.Helper()
	processes := make([]*k6test.Process, len(flags))
	for i := range flags {
		all := append([]string{"run"}, append(flags[i], args...)...)
		processes[i] = k6test.StartCommand(t, append(all, path)...)
	}
	return processes
}
