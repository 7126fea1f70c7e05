package fetch_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// TestWhatIsRetried has a server that answers with the status in the path, except for the last attempt.
func TestWhatIsRetried(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status  int
		method  string
		retries int
		want    []int
	}{
		{429, "GET", 2, []int{429, 429, 200}},
		{502, "GET", 2, []int{502, 502, 200}},
		{503, "GET", 2, []int{503, 503, 200}},
		{504, "GET", 2, []int{504, 504, 200}},
		{503, "GET", 1, []int{503, 503}},
		{503, "GET", 0, []int{503}},
		{500, "GET", 2, []int{500}},
		{404, "GET", 2, []int{404}},
		{501, "GET", 2, []int{501}},
		{503, "HEAD", 2, []int{503, 503, 200}},
		{503, "PUT", 2, []int{503, 503, 200}},
		{503, "DELETE", 2, []int{503, 503, 200}},
		{503, "OPTIONS", 2, []int{503, 503, 200}},
		{503, "POST", 2, []int{503}},
		{503, "PATCH", 2, []int{503}},
		{0, "GET", 2, []int{0, 0, 200}}, // the connection breaks
		{0, "POST", 2, []int{0}},
	} {
		t.Run(test.method+" "+strconv.Itoa(test.status)+" "+strconv.Itoa(test.retries), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			bubble(t, func(w http.ResponseWriter, _ *http.Request) {
				switch {
				case asked.Add(1) == 3:
				case test.status == 0:
					panic(http.ErrAbortHandler)
				default:
					w.WriteHeader(test.status)
				}
			}, func(t bubbled) {
				obs := &recorder{}
				run := t.client.Run(t.Context(), targets(spec(func(s *fetch.Spec) {
					s.Method = test.method
					if test.method == "PUT" {
						s.Body = []byte("sent")
					}
				}), "http://a.test/"), fetch.Options{Concurrency: 1, Retries: test.retries}, obs)
				r := run.Results.At(0)
				require.Equal(t, test.want, obs.statuses())
				require.Equal(t, len(test.want), r.Attempts)
				require.Equal(t, len(test.want), r.Requests)
				require.Equal(t, test.want[len(test.want)-1], r.Status)
				require.Len(t, obs.finished, 1)
			})
		})
	}
}

// TestRetriesWait looks at the clock between attempts.
func TestRetriesWait(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what        string
		after       func() string
		least, most time.Duration
	}{
		{"a random while, if nobody says how long", func() string { return "" }, 0, 100 * time.Millisecond},
		{"as many seconds as the server says", func() string { return "7" }, 7 * time.Second, 7 * time.Second},
		{"until the date that the server says", func() string {
			return time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat)
		}, 8 * time.Second, 9 * time.Second},
		{"not at all for a date that has passed", func() string { return "Fri, 31 Dec 1999 23:59:59 GMT" }, 0, 0},
		{"no longer than half a minute", func() string { return "86400" }, 30 * time.Second, 30 * time.Second},
		{"seconds that 32 bits cannot hold are half a minute", always("9999999999"), 30 * time.Second, 30 * time.Second},
		{"so are seconds of any length", always(strings.Repeat("9", 400)), 30 * time.Second, 30 * time.Second},
		{"leading zeros do not matter", always("0000000000000000000002"), 2 * time.Second, 2 * time.Second},
		{"no seconds are at once", always("0"), 0, 0},
		{"a fraction is rounded up", always("1.2"), 2 * time.Second, 2 * time.Second},
		{"however small it is", always("0.0000000000000000000000000000001"), time.Second, time.Second},
		{"a fraction of nothing is nothing", always("3.000"), 3 * time.Second, 3 * time.Second},
		{"a fraction below the bound ends at it", always("29.5"), 30 * time.Second, 30 * time.Second},
		{"a large fraction is half a minute", always("9999999999.5"), 30 * time.Second, 30 * time.Second},
		{"a date of long ago is at once", always("Mon, 01 Jan 0001 00:00:00 GMT"), 0, 0},
		{"a date far away is half a minute", always("Fri, 31 Dec 9999 23:59:59 GMT"), 30 * time.Second, 30 * time.Second},
		{"what makes no sense is ignored", always("soon"), 0, 100 * time.Millisecond},
		{"negative seconds are ignored", always("-1"), 0, 100 * time.Millisecond},
		{"negative fractions are ignored", always("-9999999999.5"), 0, 100 * time.Millisecond},
		{"a sign is ignored", always("+7"), 0, 100 * time.Millisecond},
		{"an exponent is ignored", always("1e1"), 0, 100 * time.Millisecond},
		{"infinity is ignored", always("Infinity"), 0, 100 * time.Millisecond},
		{"a hexadecimal number is ignored", always("0x10"), 0, 100 * time.Millisecond},
		{"a point alone is ignored", always("."), 0, 100 * time.Millisecond},
		{"a fraction without whole seconds is ignored", always(".5"), 0, 100 * time.Millisecond},
		{"a number that ends in its point is ignored", always("7."), 0, 100 * time.Millisecond},
		{"a unit is ignored", always("7s"), 0, 100 * time.Millisecond},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			var last time.Time
			var waited time.Duration
			bubble(t, func(w http.ResponseWriter, _ *http.Request) {
				if !last.IsZero() {
					waited = time.Since(last)
					return
				}
				last = time.Now()
				if after := test.after(); after != "" {
					w.Header().Set("Retry-After", after)
				}
				w.WriteHeader(http.StatusServiceUnavailable)
			}, func(t bubbled) {
				run := t.client.Run(t.Context(), targets(spec(), "http://a.test/"),
					fetch.Options{Concurrency: 1, Retries: 1}, &recorder{})
				require.Equal(t, 1, run.Ok)
				require.GreaterOrEqual(t, waited, test.least)
				// Checking whether a connection in memory is still open takes a millisecond.
				require.LessOrEqual(t, waited, test.most+time.Millisecond)
				require.Equal(t, waited, run.Results.At(0).Elapsed, "waiting is part of the time of a URL")
			})
		})
	}
}

// always returns a function that returns the text.
func always(text string) func() string { return func() string { return text } }

// TestRetriesWaitLongerEachTime adds up the waits of many targets: each is twice as long as the one before, half of it
// on average.
func TestRetriesWaitLongerEachTime(t *testing.T) {
	t.Parallel()
	bubble(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		func(t bubbled) {
			urls := strings.Split(strings.Repeat("http://a.test/ ", 199)+"http://a.test/", " ")
			run := t.client.Run(t.Context(), targets(spec(), urls...),
				fetch.Options{Concurrency: len(urls), Retries: 4}, &recorder{})
			require.Equal(t, len(urls), run.Failed)
			require.Equal(t, 5*len(urls), run.Requests)
			mean := run.Total / time.Duration(len(urls))
			require.InDelta(t, 750*time.Millisecond, mean, float64(150*time.Millisecond), "(100 + 200 + 400 + 800) / 2 ms")
		})
}

// TestWhatCannotHealIsNotRetried has failures that waiting does not cure.
func TestWhatCannotHealIsNotRetried(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://%zz/", "ftp://a.test/", "http:///path", ""} {
		obs := &recorder{}
		run := newClient(t, fetch.Config{}).Run(t.Context(), targets(spec(), url),
			fetch.Options{Concurrency: 1, Retries: 3}, obs)
		require.Equal(t, 1, run.Failed, url)
		require.Len(t, obs.exchanges, 1, url)
		require.Equal(t, 1, run.Results.At(0).Attempts, url)
	}
}
