package fetch

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// A result is packed into few bytes. It must come out as it went in.
func TestResultsKeepWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	const address = "http://127.0.0.1/"
	conn := &transport.ConnInfo{RemoteIP: "127.0.0.1", RemotePort: 80}
	sent := http.Header{"User-Agent": {"me"}}
	target := Target{URL: address, Spec: &Spec{Spec: transport.Spec{Header: sent}}}
	head := []byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-One: 1\r\n\r\n")
	plain := &detail{conn: conn, head: head}
	answered := func(change func(*Result)) Result {
		r := Result{
			Target: target, State: StateDone, Status: 200, Attempts: 1, Requests: 1, Bytes: 1024, Reused: true,
			Queued: time.Second + 1, Elapsed: 3*time.Hour + 7,
			Timings: transport.Timings{Blocked: 1, Sending: 2000, Waiting: 4 * time.Millisecond, Receiving: 8 * time.Millisecond},
			Response: &Response{
				URL: address, SentHeader: sent, StatusText: "200 OK", Proto: "HTTP/1.1", Conn: conn, plain: plain,
			},
		}
		change(&r)
		return r
	}
	for name, r := range map[string]Result{
		"a target that was not run has nothing but its place": {Target: target, Queued: time.Minute},
		"a plain answer keeps its head":                       answered(func(*Result) {}),
		"a new connection keeps what making it took": answered(func(r *Result) {
			r.Reused, r.Timings.LookingUp, r.Timings.Connecting, r.Timings.TLSHandshaking = false, 16, 32, 64
		}),
		"a body of more than 4 GiB keeps its size": answered(func(r *Result) { r.Bytes = 1<<40 + 1 }),
		"a body is kept with the head":             answered(func(r *Result) { r.Response.Body = []byte("body") }),
		"a parsed header is kept as it is": answered(func(r *Result) {
			r.Response.plain, r.Response.header = nil, http.Header{"X-Two": {"2"}}
			r.Response.StatusText, r.Response.Proto = "200 Fine", "HTTP/2.0"
		}),
		"a redirect keeps its hops and where it ended": answered(func(r *Result) {
			r.Response.URL = "http://127.0.0.1/there"
			r.Response.Redirects = []transport.Redirect{{URL: address, Status: http.StatusFound}}
		}),
		"headers that differ from the spec's are kept": answered(func(r *Result) {
			r.Response.SentHeader = http.Header{"User-Agent": {"me"}, "Cookie": {"a=b"}}
		}),
		"a failure keeps its text and code": {
			Target: target, State: StateFailed, ErrorCode: failure.CodeGeneric, Error: "no", Attempts: 3, Requests: 2,
			Response: &Response{URL: address, SentHeader: sent, Conn: &transport.ConnInfo{}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results := newResults(Targets([]Target{target}), nil)
			results.put(&r)
			got := results.At(0)
			want := r
			if want.Response != nil && want.Response.plain != nil {
				assert.Equal(t, want.Response.Header(), got.Response.Header())
				response := *want.Response
				response.plain, got.Response.plain = nil, nil
				want.Response = &response
			}
			assert.Equal(t, &want, got)
		})
	}
}

// Results of paced targets know when these were due. What ended before that was due when it ended.
func TestResultsKnowWhenTheyWereDue(t *testing.T) {
	t.Parallel()
	list, starts := TargetList{{URL: "http://a/"}, {URL: "http://b/"}, {URL: "http://c/"}}, []time.Duration{0, time.Minute}
	for kind, targets := range map[string]Iterator{
		"a list in memory": FromAt(list, starts), "an iterator": struct{ Paced }{FromAt(list, starts).(*pacedIterator)},
	} {
		results := newResults(targets, &Spec{})
		require.True(t, results.Paced())
		for i, r := range []Result{
			{Due: 0, Queued: 3 * time.Second, Elapsed: 7},
			{Due: time.Second, Queued: 0},
			{Due: 0, Queued: 2 * time.Second, Elapsed: time.Hour},
		} {
			r.Index, r.Target = i, list[i]
			results.put(&r)
			got := results.At(i)
			require.Equal(t, []time.Duration{r.Due, r.Queued, r.Started(), r.Ended()},
				[]time.Duration{got.Due, got.Queued, got.Started(), got.Ended()}, kind)
		}
	}
	require.False(t, newResults(From(list), nil).Paced())
	require.False(t, (*Results)(nil).Paced())
}

// Results weigh what they keep besides numbers and URLs: what was dropped weighs nothing.
func TestWeightOfResults(t *testing.T) {
	t.Parallel()
	const address = "http://127.0.0.1/"
	plain := &detail{head: make([]byte, 300)}
	for what, test := range map[string]struct {
		spec     *Spec
		response *Response
		want     int64
	}{
		"a target that was not run":  {&Spec{}, nil, 0},
		"a head as it was received":  {&Spec{}, &Response{URL: address, plain: plain}, 300},
		"a body that was kept":       {&Spec{}, &Response{URL: address, plain: plain, Body: make([]byte, 5000)}, 5300},
		"a body that was sent":       {&Spec{Spec: transport.Spec{Body: make([]byte, 70)}}, &Response{URL: address, plain: plain}, 370},
		"where a redirect has led":   {&Spec{}, &Response{URL: address + "there"}, int64(len(address + "there"))},
		"headers that were parsed":   {&Spec{}, &Response{URL: address, header: http.Header{"X-Two": {"2", "22"}}}, 8},
		"headers unlike those asked": {&Spec{}, &Response{URL: address, SentHeader: http.Header{"Cookie": {"a=b"}}}, 9},
		"redirects":                  {&Spec{}, &Response{URL: address, Redirects: make([]transport.Redirect, 2)}, 2 << 10},
	} {
		target := Target{URL: address, Spec: test.spec}
		results := newResults(Targets([]Target{target, target}), &Spec{})
		for i := range 2 {
			results.put(&Result{Index: i, Target: target, Response: test.response})
		}
		require.Equal(t, 2*test.want, results.Weight(), what)
	}
}
