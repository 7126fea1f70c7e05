package reporttest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// addDetails invents the details of the single results that are kept.
func addDetails(s *aggregate.Summary) {
	for _, samples := range [][]aggregate.Sample{s.SlowestResults, s.FailedResults} {
		addDetailsTo(samples)
	}
	lines := s.Timelines
	if c := s.Comparison; c != nil {
		lines = append(slices.Clip(lines), c.Ways...)
	}
	for _, line := range lines {
		addDetailsTo(line.Rows[:min(len(line.Rows), aggregate.DetailedRows)])
	}
}

func addDetailsTo(samples []aggregate.Sample) {
	for i := range samples {
		if s := &samples[i]; s.State != fetch.StateNotRun && s.Detail == nil {
			s.Detail = detailOf(s)
			if c := s.Detail.Certificate; c != nil {
				s.DaysLeft, s.Certified = certificate.DaysLeft(c.NotAfter, begun), true
			}
		}
	}
}

// detailOf invents the details of a result. It depends only on the result.
func detailOf(s *aggregate.Sample) *aggregate.Detail {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" {
		return &aggregate.Detail{Sent: sentTo("a.example", s.Name)}
	}
	sum := 0
	for _, c := range s.URL {
		sum = sum*31 + int(c)
	}
	of := func(n int) int { return ((sum % n) + n) % n }
	const subnets = 250
	d := &aggregate.Detail{
		Remote: fmt.Sprintf("192.0.2.%d:443", 1+len(u.Hostname())%subnets), Sent: sentTo(u.Host, s.Name),
		TLSVersion: "TLS 1.3", CipherSuite: "TLS_AES_128_GCM_SHA256", Certificate: certificateOf(u.Hostname()),
	}
	if s.Method == http.MethodPost {
		d.BodySize = int64(of(9000)) //nolint:mnd // bytes
	}
	if s.Status == 0 {
		return d // no response came
	}
	d.Proto, d.Received = "HTTP/1.1", receivedOf(s)
	if of(9) == 0 { //nolint:mnd // some
		d.Proto = "HTTP/2.0"
	}
	if s.Attempts == 1 && of(7) == 0 { //nolint:mnd // some
		d.Redirects = redirectsTo(u)
	}
	return d
}

func sentTo(host, name string) []aggregate.Field {
	return []aggregate.Field{
		{Name: "Accept", Value: "text/html,application/json;q=0.9,*/*;q=0.8"},
		{Name: "Authorization", Value: "****"},
		{Name: "Cookie", Value: "****"},
		{Name: "Referer", Value: "https://" + host + "/"},
		{Name: "User-Agent", Value: "Grafana k6/2.2.0"},
		{Name: "X-Made-Up", Value: name},
	}
}

func receivedOf(s *aggregate.Sample) []aggregate.Field {
	kind := "text/html; charset=utf-8"
	switch {
	case strings.Contains(s.URL, "api/"):
		kind = "application/json"
	case strings.HasSuffix(s.URL, ".js"):
		kind = "text/javascript"
	case strings.HasSuffix(s.URL, ".css"):
		kind = "text/css"
	case strings.Contains(s.URL, "images/"), strings.Contains(s.URL, "format=webp"):
		kind = "image/webp"
	}
	fields := []aggregate.Field{
		{Name: "Cache-Control", Value: "public, max-age=300"},
		{Name: "Content-Length", Value: fmt.Sprint(s.Bytes)},
		{Name: "Content-Type", Value: kind},
		{Name: "Date", Value: begun.Format(http.TimeFormat)},
		{Name: "Server", Value: "made-up/1.0"},
		{Name: "Set-Cookie", Value: "****"},
		{Name: "Strict-Transport-Security", Value: "max-age=63072000; includeSubDomains; preload"},
	}
	if s.Status == http.StatusServiceUnavailable {
		fields = append(fields, aggregate.Field{Name: "Retry-After", Value: "30"})
	}
	return fields
}

func redirectsTo(u *url.URL) []aggregate.Redirect {
	const ms = time.Millisecond
	plain := *u
	plain.Scheme = "http"
	return []aggregate.Redirect{
		{
			URL: plain.String(), Status: http.StatusMovedPermanently,
			Timings: transport.Timings{
				Blocked: 4 * ms, Connecting: 3 * ms, Sending: ms / 20, Waiting: 6 * ms, Receiving: ms / 10,
			},
		},
		{
			URL: u.Scheme + "://www." + u.Host + "/old" + u.Path, Status: http.StatusFound,
			Timings: transport.Timings{
				Blocked: 14 * ms, LookingUp: 2 * ms, Connecting: 4 * ms, TLSHandshaking: 7 * ms,
				Sending: ms / 20, Waiting: 9 * ms, Receiving: ms / 10,
			},
		},
	}
}

// certificateOf is the certificate of a host. One of them expires soon after the test.
func certificateOf(host string) *certificate.Info {
	const month = 30 * 24 * time.Hour
	c := &certificate.Info{
		Subject: "CN=" + host, Issuer: "CN=Made Up R3,O=Made Up Authority,C=XX",
		NotBefore: begun.Add(-month), NotAfter: begun.Add(2 * month), //nolint:mnd // a usual one
		DNSNames: []string{host, "www." + host},
		Serial:   "04D2", SHA256: strings.Repeat("c0ffee42", 8), //nolint:mnd // 256 bits
	}
	if strings.HasPrefix(host, "cdn.") {
		const days = 3
		c.NotAfter = begun.AddDate(0, 0, days)
	}
	return c
}
