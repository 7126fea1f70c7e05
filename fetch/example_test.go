package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// silent is an observer that ignores everything.
type silent struct{}

func (silent) Exchanged(*fetch.Target, *transport.Exchange) {}
func (silent) Finished(*fetch.Result, time.Time)            {}

// Three pages are fetched, two at once. A page that fails is a result like the others.
func ExampleClient_Run() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprint(w, "This is ", r.URL.Path)
	}))
	defer server.Close()

	client := fetch.NewClient(fetch.Config{})
	defer client.Close()
	run := client.Run(context.Background(), fetch.Targets([]fetch.Target{
		{URL: server.URL + "/one"}, {URL: server.URL + "/missing"}, {URL: server.URL + "/two"},
	}), fetch.Options{
		Concurrency: 2,
		Spec: &fetch.Spec{
			Spec: transport.Spec{
				Timeout:      10 * time.Second,
				ResponseType: transport.ResponseText,
				Expected:     func(status int) bool { return status == http.StatusOK },
			},
		},
	}, silent{})

	for i, r := range run.Results.All() {
		fmt.Println(i, r.State, r.Status, string(r.Response.Body[:min(12, len(r.Response.Body))]))
	}
	fmt.Println("ok:", run.Ok, "failed:", run.Failed)
	// Output:
	// 0 done 200 This is /one
	// 1 failed 404 404 page not
	// 2 done 200 This is /two
	// ok: 2 failed: 1
}

// OnResult gets results as targets end, and none is kept.
func ExampleClient_Stream() {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()

	client := fetch.NewClient(fetch.Config{})
	defer client.Close()
	run := client.Stream(context.Background(), fetch.Targets([]fetch.Target{{URL: server.URL}, {URL: "http://%zz/"}}),
		fetch.Options{
			Concurrency: 1,
			Spec:        &fetch.Spec{Spec: transport.Spec{Timeout: 10 * time.Second}},
			OnResult:    func(r *fetch.Result) { fmt.Printf("%d %s %q\n", r.Index, r.State, r.Error) },
		}, silent{})
	fmt.Println("requests:", run.Requests)
	// Output:
	// 0 done ""
	// 1 failed "invalid URL: invalid URL escape"
	// requests: 2
}
