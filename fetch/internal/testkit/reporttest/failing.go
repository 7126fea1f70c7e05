package reporttest

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Failing is a single run of 600 URLs on four hosts, all of them traced. A sixth of them failed, and some broke one of
// many budgets.
func Failing() *report.Subject {
	const n, budgets, rows = 600, 30, 20_000
	s := NewSimulation(aggregate.Limits{Names: n, Slowest: 50, Failed: n, Rows: rows})
	pages := make([]Page, n)
	paths := []string{
		"www.shop.example/products/%d", "api.shop.example/api/v2/customers/%d/orders?status=open&sort=created-at",
		"cdn.example/assets/app-%d.js", "img.cdn.example:8443/images/2026/03/hero-banner-%d.avif?width=1280&quality=75",
	}
	for i := range pages {
		pages[i] = Page{
			URL:     "https://" + fmt.Sprintf(paths[i%len(paths)], i/len(paths)),
			Typical: time.Duration(20+i*7%160) * time.Millisecond,
			Budget:  Checks("elapsed", fmt.Sprintf("<=%d", 150+10*(i%budgets))),
		}
		p := &pages[i]
		switch {
		case i%17 == 3:
			p.Fails, p.Status, p.Code = 100, http.StatusNotFound, failure.CodeHTTPStatus+http.StatusNotFound
		case i%20 == 7:
			p.Fails, p.Status = 100, http.StatusInternalServerError
			p.Code = failure.CodeHTTPStatus + p.Status
		case i%25 == 9:
			p.Fails, p.Code, p.Error = 100, failure.CodeReset, "connection reset by peer"
		}
	}
	s.Keep(s.Run("concurrent", 20, pages, false))
	about := s.Subject()
	traced(about.SlowestResults)
	traced(about.FailedResults)
	for _, line := range about.Timelines {
		traced(line.Rows)
		overQUIC(line.Rows)
	}
	overQUIC(about.SlowestResults)
	overQUIC(about.FailedResults)
	return about
}

// overQUIC has what was not found asked for over HTTP/3, with the handshake of TLS in that of QUIC, and where a server
// failed, HTTP/3 failed before.
func overQUIC(samples []aggregate.Sample) {
	for i := range samples {
		s := &samples[i]
		switch s.Status {
		case http.StatusNotFound:
			s.EarlyData = true
			t := &s.Timings
			t.Connecting = max(t.Connecting, time.Millisecond) + t.TLSHandshaking
			t.TLSHandshaking = t.Connecting - t.Connecting/10
			s.Elapsed += t.LookingUp + t.Connecting - t.Blocked
			t.Blocked = t.LookingUp + t.Connecting
		case http.StatusInternalServerError:
			s.Fallback = "quic: handshake timeout"
		}
	}
}

// traced invents traces of results. They depend only on the URLs.
func traced(samples []aggregate.Sample) {
	for i := range samples {
		sum := fnv.New64()
		_, _ = sum.Write([]byte(samples[i].URL)) // it never fails
		samples[i].TraceID = fmt.Sprintf("dc0718%026x", sum.Sum64())
	}
}

// Judged is k6's summary of a test that did not pass.
func Judged() *k6summary.Summary {
	return &k6summary.Summary{
		Thresholds: []k6summary.Threshold{
			{Metric: "http_req_duration", Expression: "avg<500", Value: "avg=121ms", Ok: true},
			{Metric: "http_req_duration{name:https://shop.example/products/1}", Expression: "p(95)<200", Value: "p(95)=412ms"},
			{Metric: "http_req_failed", Expression: "rate<0.01", Value: "rate=3.12%"},
			{Metric: "fetch_planned", Expression: "count>0", Value: "count=70640", Ok: true},
		},
		Checks: []k6summary.Check{
			{Name: "has a title", Passes: 3532},
			{Name: "all were answered", Passes: 2541, Fails: 991},
			{Group: "shop::cart", Name: "has a total", Passes: 3529, Fails: 3},
		},
	}
}
