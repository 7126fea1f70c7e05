// Package k6http fetches a URL as k6's http.batch does, in the process of a test, so that the test can compare the
// outcome with that of the extension.
package k6http

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"gopkg.in/guregu/null.v3"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
)

// patience is the timeout of a fetch that ends by itself.
const patience = 20 * time.Second

// Client is the HTTP of one VU of k6: a transport, a dialer and a channel of samples.
type Client struct {
	// State is the VU's, for tests that pass it to other code.
	State *lib.State

	samples chan metrics.SampleContainer
}

// Result is what a script would see of one fetch, and what the outputs would.
type Result struct {
	faults.Outcome
	Error   string // the text of the error
	Samples int    // requests with samples, redirects included
	Failed  bool   // the last sample of http_req_failed
}

// Fetch causes the fault with a client of its own and returns k6's outcome.
func Fetch(tb testing.TB, s *faults.Server, c faults.Case) Result {
	tb.Helper()
	client := New(tb, s, c.Needs)
	if c.Warm {
		if warm := client.Get(tb, c.WarmURL(s), patience); warm.Status != http.StatusOK {
			tb.Fatalf("the warm page is not: %+v", warm)
		}
	}
	timeout := patience
	if c.Stalls {
		timeout = faults.Timeout
	}
	request, err := client.request(c.URL(s), timeout)
	if err == nil && c.Needs.Method != "" {
		request.Req.Method = c.Needs.Method
	}
	if body := c.Needs.RequestBody(); err == nil && body != nil {
		request.Body = bytes.NewBuffer(body)
	}
	result, _ := client.fetched(tb, request, err)
	return result
}

// New makes a client like that of a VU, with the settings that the case needs. Its connections are closed at the end of
// the test.
func New(tb testing.TB, s *faults.Server, needs faults.Needs) *Client {
	tb.Helper()
	dialer, err := newDialer(s, needs)
	if err != nil {
		tb.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	tlsConfig := tlsConfig(s, needs)
	made := &dials{dial: dialer.DialContext}
	transport := &http.Transport{
		TLSClientConfig:     tlsConfig,
		DialContext:         made.DialContext,
		DisableCompression:  true,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        20,
		MaxIdleConnsPerHost: 6,
	}
	tb.Cleanup(func() {
		transport.CloseIdleConnections()
		made.end()
	})

	logger := logrus.New()
	logger.SetOutput(io.Discard)
	registry := metrics.NewRegistry()
	samples := make(chan metrics.SampleContainer, 1000)
	return &Client{
		samples: samples,
		State: &lib.State{
			Options: lib.Options{
				SystemTags:   &metrics.DefaultSystemTagSet,
				MaxRedirects: null.NewInt(10, false),
			},
			BuiltinMetrics: metrics.RegisterBuiltinMetrics(registry),
			Logger:         logger,
			Dialer:         dialer,
			Transport:      transport,
			CookieJar:      jar,
			TLSConfig:      tlsConfig,
			Samples:        samples,
			BufferPool:     lib.NewBufferPool(),
			Tags:           lib.NewVUStateTags(registry.RootTagSet()),
		},
	}
}

// Get fetches the URL with the defaults of http.get. Concurrent calls count each other's samples.
func (c *Client) Get(tb testing.TB, url string, timeout time.Duration) Result {
	tb.Helper()
	result, _ := c.Body(tb, url, timeout)
	return result
}

// Body is Get with the body as text, decoded.
func (c *Client) Body(tb testing.TB, url string, timeout time.Duration) (Result, string) {
	tb.Helper()
	request, err := c.request(url, timeout)
	return c.fetched(tb, request, err)
}

// fetched makes a request, unless it could not be made, and returns its body as well.
func (c *Client) fetched(tb testing.TB, request *httpext.ParsedHTTPRequest, err error) (Result, string) {
	tb.Helper()
	if err != nil {
		var k6 httpext.K6Error
		errors.As(err, &k6)
		return Result{Outcome: faults.Outcome{Code: int(k6.Code)}, Error: err.Error()}, ""
	}
	response, err := httpext.MakeRequest(tb.Context(), c.State, request)
	if err != nil {
		result := Result{Outcome: faults.Outcome{Throws: true}, Error: err.Error()}
		c.count(&result)
		return result, ""
	}
	result := Result{
		Outcome: faults.Outcome{Status: response.Status, Code: response.ErrorCode, Proto: response.Proto},
		Error:   response.Error,
	}
	c.count(&result)
	body, _ := response.Body.(string)
	return result, body
}

// request is k6's request for the URL of a script without further parameters.
func (c *Client) request(url string, timeout time.Duration) (*httpext.ParsedHTTPRequest, error) {
	u, err := httpext.ToURL(url)
	if err != nil {
		return nil, err
	}
	return &httpext.ParsedHTTPRequest{
		URL:              &u,
		Req:              &http.Request{Method: http.MethodGet, URL: u.GetURL(), Header: make(http.Header)},
		Timeout:          timeout,
		ResponseType:     httpext.ResponseTypeText,
		ResponseCallback: func(status int) bool { return status >= 200 && status <= 399 },
		Redirects:        c.State.Options.MaxRedirects,
		ActiveJar:        c.State.CookieJar,
		Cookies:          make(map[string]*httpext.HTTPRequestCookie),
		TagsAndMeta:      c.State.Tags.GetCurrentValues(),
	}, nil
}

// count takes the samples of one fetch from the channel.
func (c *Client) count(result *Result) {
	for {
		select {
		case container := <-c.samples:
			if trail, ok := container.(*httpext.Trail); ok {
				result.Samples++
				result.Failed = trail.Failed.Bool
			}
		default:
			return
		}
	}
}

// newDialer makes k6's dialer with k6's resolver, which takes no contexts.
func newDialer(s *faults.Server, needs faults.Needs) (*netext.Dialer, error) {
	lookup := net.LookupIP
	if needs.DNS {
		lookup = func(host string) ([]net.IP, error) {
			return s.Resolver().LookupIP(context.Background(), "ip", host)
		}
	}
	base := net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	if needs.LocalIP != "" {
		base.LocalAddr = &net.TCPAddr{IP: net.ParseIP(needs.LocalIP)}
	}
	dialer := netext.NewDialer(base, netext.NewResolver(lookup, 0, types.DNSfirst, types.DNSpreferIPv4))
	if len(needs.BlockHostnames) > 0 {
		trie, err := types.NewHostnameTrie(needs.BlockHostnames)
		if err != nil {
			return nil, err
		}
		dialer.BlockedHostnames = trie
	}
	for _, cidr := range needs.BlacklistIPs {
		block, err := lib.ParseCIDR(cidr)
		if err != nil {
			return nil, err
		}
		dialer.Blacklist = append(dialer.Blacklist, block)
	}
	return dialer, nil
}

// tlsConfig is k6's, but can trust the server.
func tlsConfig(s *faults.Server, needs faults.Needs) *tls.Config {
	config := &tls.Config{Renegotiation: tls.RenegotiateFreelyAsClient}
	if needs.Roots {
		config.RootCAs = s.Roots()
	}
	return config
}
