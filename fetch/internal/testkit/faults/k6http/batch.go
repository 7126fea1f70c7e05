package k6http

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
)

// Batch fetches the URLs as http.batch does with its default options. It returns the responses in the order of the
// URLs, and all samples.
func (c *Client) Batch(tb testing.TB, timeout time.Duration, urls ...string) ([]*httpext.Response, []metrics.Sample) {
	tb.Helper()
	const globalLimit, perHostLimit = 20, 6
	requests := make([]httpext.BatchParsedHTTPRequest, len(urls))
	responses := make([]*httpext.Response, len(urls))
	for i, url := range urls {
		request, err := c.request(url, timeout)
		if err != nil {
			tb.Fatal(err)
		}
		responses[i] = &httpext.Response{}
		requests[i] = httpext.BatchParsedHTTPRequest{ParsedHTTPRequest: request, Response: responses[i]}
	}
	c.await(tb, requests, globalLimit, perHostLimit)
	return responses, c.Taken()
}

// Post fetches one URL with a body, as http.post does.
func (c *Client) Post(tb testing.TB, timeout time.Duration, url string, body []byte) *httpext.Response {
	tb.Helper()
	request, err := c.request(url, timeout)
	if err != nil {
		tb.Fatal(err)
	}
	request.Req.Method = http.MethodPost
	request.Body = bytes.NewBuffer(body)
	requests := []httpext.BatchParsedHTTPRequest{{ParsedHTTPRequest: request, Response: &httpext.Response{}}}
	c.await(tb, requests, 1, 1)
	c.Taken()
	return requests[0].Response
}

// Response fetches one URL with a method and no body, as http.request does.
func (c *Client) Response(tb testing.TB, method, url string, timeout time.Duration) *httpext.Response {
	tb.Helper()
	request, err := c.request(url, timeout)
	if err != nil {
		tb.Fatal(err)
	}
	request.Req.Method = method
	requests := []httpext.BatchParsedHTTPRequest{{ParsedHTTPRequest: request, Response: &httpext.Response{}}}
	c.await(tb, requests, 1, 1)
	c.Taken()
	return requests[0].Response
}

func (c *Client) await(tb testing.TB, requests []httpext.BatchParsedHTTPRequest, globalLimit, perHostLimit int) {
	tb.Helper()
	done := httpext.MakeBatchRequests(tb.Context(), c.State, requests, len(requests), globalLimit, perHostLimit)
	for range requests {
		if err := <-done; err != nil {
			tb.Fatal(err)
		}
	}
}

// Taken takes all samples that have arrived, from any request.
func (c *Client) Taken() []metrics.Sample {
	var samples []metrics.Sample
	for {
		select {
		case container := <-c.samples:
			samples = append(samples, container.GetSamples()...)
		default:
			return samples
		}
	}
}
