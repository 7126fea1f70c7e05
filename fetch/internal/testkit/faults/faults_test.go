package faults_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults/k6http"
)

// childEnv makes the test binary the process that runs out of file descriptors. Its value is the URL to fetch.
const childEnv = "FAULTS_CHILD_URL"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTableIsTrueOfK6 checks that k6 does what the table says of it, so that the table follows changes of k6.
func TestTableIsTrueOfK6(t *testing.T) { //nolint:tparallel // descriptors and hits are counted
	t.Parallel()
	s := faults.Start(t)
	for _, c := range faults.Table() { //nolint:paralleltest // descriptors and hits are counted
		t.Run(c.Name, func(t *testing.T) {
			if c.Needs.FileDescriptors > 0 {
				t.Skip("needs a process of its own: TestFileDescriptorsRunOut")
			}
			if c.K6Hangs {
				t.Skip("k6 never returns")
			}
			got := k6http.Fetch(t, s, c)
			assert.Truef(t, got.OneOf(c.K6), "k6 makes %+v of it, and the table says %+v", got, c.K6)
			if c.Tireless {
				assert.Greater(t, s.Hits(c), c.Hits)
			} else {
				assert.Equal(t, c.Hits, s.Hits(c), "requests that reached the server")
			}
			if c.Row == 56 || c.Row == 57 { // k6 has no sample for these
				assert.Zero(t, got.Samples)
				return
			}
			assert.Positive(t, got.Samples)
			assert.Equal(t, got.Outcome.Failed(), got.Failed, "http_req_failed")
		})
	}
}

// TestTableIsWhole checks that no row is missing and no outcome is empty.
func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	rows := make(map[int]bool)
	for _, c := range faults.Table() {
		rows[c.Row] = true
		assert.Equal(t, c.K6Hangs, len(c.K6) == 0, c.Name)
		assert.NotEmpty(t, c.Want(), c.Name)
		assert.Equal(t, c.Here == nil, c.Same(), c.Name)
	}
	for row := 1; row <= 58; row++ {
		assert.True(t, rows[row], "row %d", row)
	}
	assert.True(t, rows[67])
	assert.True(t, rows[68])
	assert.Len(t, rows, 60)
}

// TestGood checks that the sibling of the faults has no fault, and keeps its connection.
func TestGood(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	client := k6http.New(t, s, faults.Needs{DNS: true})
	for _, url := range []string{s.Good(), s.Good(), s.Named("some.name.test")} {
		got := client.Get(t, url, time.Minute)
		assert.Equal(t, faults.Outcome{Status: 200, Proto: "HTTP/1.1"}, got.Outcome, got.Error)
		assert.Equal(t, 1, got.Samples)
		assert.False(t, got.Failed)
	}
	seen := s.Requests("good")
	require.Len(t, seen, 3)
	assert.Equal(t, seen[0].Conn, seen[1].Conn)
	assert.NotEqual(t, seen[1].Conn, seen[2].Conn)
}

// TestCrossHost checks that the server sees what a client reveals to another host.
func TestCrossHost(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	got := k6http.New(t, s, faults.Needs{}).Get(t, s.CrossHost(), time.Minute)
	assert.Equal(t, 200, got.Status, got.Error)
	assert.Equal(t, 2, got.Samples)
	seen := s.OtherHost()
	require.Len(t, seen, 1)
	assert.Contains(t, seen[0].Header, "Referer")
}

// TestBombs checks that the bombs unpack to the size they claim, with bombs that k6 survives.
func TestBombs(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	client := k6http.New(t, s, faults.Needs{})

	got, body := client.Body(t, s.GzipBomb(3), time.Minute)
	assert.Equal(t, 200, got.Status, got.Error)
	assert.Len(t, body, 3<<20)

	got = client.Get(t, s.BigHeader(9), time.Minute)
	assert.Equal(t, 200, got.Status, got.Error)
	got = client.Get(t, s.BigHeader(11), time.Minute)
	assert.Equal(t, 1000, got.Code)
	got = client.Get(t, s.Endless(), faults.Timeout)
	assert.Equal(t, 1050, got.Code)
}

// TestCloseEndsStalls checks that a client that would wait for ever waits only until the server closes.
func TestCloseEndsStalls(t *testing.T) {
	t.Parallel()
	s := faults.Start(t)
	var clients sync.WaitGroup
	for _, c := range faults.Table() {
		if !c.Stalls || c.Tireless {
			continue
		}
		client := k6http.New(t, s, c.Needs)
		clients.Go(func() {
			got := client.Get(t, c.URL(s), time.Minute)
			assert.NotZero(t, got.Code, c.Name)
		})
	}
	require.Eventually(t, func() bool {
		for _, c := range faults.Table() {
			if c.Stalls && !c.Tireless && s.Hits(c) < c.Hits {
				return false
			}
		}
		return true
	}, 10*time.Second, time.Millisecond)
	s.Close()
	clients.Wait()
	s.Close() // once more does no harm
}

// TestFileDescriptorsRunOut tests row 53 in a process with such a low limit.
func TestFileDescriptorsRunOut(t *testing.T) { //nolint:tparallel // there is one case
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no such limit")
	}
	s := faults.Start(t)
	for _, c := range faults.Table() { //nolint:paralleltest // there is one case
		if c.Needs.FileDescriptors == 0 {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			self, err := os.Executable()
			require.NoError(t, err)
			shell := `ulimit -n "$1" && exec "$0" -test.run='^TestFetchAtOnce$' -test.v`
			limit := strconv.Itoa(c.Needs.FileDescriptors)
			cmd := exec.CommandContext(t.Context(), "sh", "-c", shell, self, limit)
			cmd.Env = append(os.Environ(), childEnv+"="+c.URL(s), fmt.Sprintf("%s_COUNT=%d", childEnv, c.Needs.Targets))
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, string(out))
			assert.Positive(t, s.Hits(c))
			assert.Less(t, s.Hits(c), c.Needs.Targets)
		})
	}
}

// TestFetchAtOnce is the other process of TestFileDescriptorsRunOut.
func TestFetchAtOnce(t *testing.T) { //nolint:paralleltest // a process of its own
	url := os.Getenv(childEnv)
	if url == "" {
		t.Skip("runs in a process of its own")
	}
	count, err := strconv.Atoi(os.Getenv(childEnv + "_COUNT"))
	require.NoError(t, err)
	client := k6http.New(t, nil, faults.Needs{})
	outcomes := make([]faults.Outcome, count)
	var clients sync.WaitGroup
	for i := range outcomes {
		clients.Go(func() { outcomes[i] = client.Get(t, url, time.Minute).Outcome })
	}
	clients.Wait()
	seen := make(map[int]int)
	for _, o := range outcomes {
		require.True(t, o == faults.Outcome{Code: 1213} || o.Status == 200, "%+v", o)
		seen[o.Code]++
	}
	assert.Positive(t, seen[0])
	assert.Positive(t, seen[1213])
}
