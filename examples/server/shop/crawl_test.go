package shop_test

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// open serves the shop without its delays. All names lead the client to it, so that nothing is resolved.
func open(t *testing.T) (base string, client *http.Client) {
	t.Helper()
	mux := http.NewServeMux()
	shop.Open().Add(mux, 0)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
		DisableCompression: true, // what is compressed is tested
	}
	t.Cleanup(transport.CloseIdleConnections)
	return server.URL, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func get(t *testing.T, client *http.Client, target string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	require.NoError(t, err)
	for i := 1; i < len(header); i += 2 {
		request.Header.Set(header[i-1], header[i])
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, response.Header, body}
}

// visit is a page and all that it needs.
type visit struct {
	t       *testing.T
	client  *http.Client
	width   int
	found   []reference       // in the order in which they were found
	answers map[string]answer // by URL, those that redirects lead to included
}

// reference is a resource, with the document that needs it.
type reference struct {
	discover.Resource
	document *url.URL
}

// visitPage fetches a page, its stylesheets, their imports, and its frames.
func visitPage(t *testing.T, client *http.Client, page string, width int) *visit {
	t.Helper()
	v := &visit{t: t, client: client, width: width, answers: make(map[string]answer)}
	document, err := url.Parse(page)
	require.NoError(t, err)
	v.follow(reference{discover.Resource{URL: page, Type: discover.Document}, document}, false)
	return v
}

// follow fetches a resource, unless that was done, and what it refers to.
func (v *visit) follow(r reference, frame bool) {
	if _, known := v.answers[r.URL]; known {
		return
	}
	a := v.fetch(r.URL)
	base, err := url.Parse(r.URL)
	require.NoError(v.t, err)
	var found []discover.Resource
	take := func(resource discover.Resource) { found = append(found, resource) }
	options := discover.Options{Width: v.width, Height: 900, Lazy: true, CSS: discover.All, Frame: frame}
	kind := a.header.Get("Content-Type")
	switch r.Type {
	case discover.Document:
		r.document = base
		html := discover.NewHTML(base, kind, options, take)
		_, _ = html.Write(a.body)
		html.Close()
	case discover.Style:
		css := discover.NewCSS(base, kind, options, take)
		_, _ = css.Write(a.body)
		css.Close()
	default: // it refers to nothing
	}
	for _, resource := range found {
		next := reference{resource, r.document}
		v.found = append(v.found, next)
		v.follow(next, true)
	}
}

// fetch fetches a URL, and where it redirects to.
func (v *visit) fetch(target string) answer {
	a := get(v.t, v.client, target)
	v.answers[target] = a
	if location := a.header.Get("Location"); location != "" {
		return v.fetch(location)
	}
	return a
}

// final returns the answer to a URL, or to where it redirects.
func (v *visit) final(target string) answer {
	a := v.answers[target]
	if location := a.header.Get("Location"); location != "" {
		return v.final(location)
	}
	return a
}

// faults returns what a browser would complain about, each with the path that it is about.
func (v *visit) faults() []string {
	seen := make(map[string]bool)
	var faults []string
	complain := func(r reference, what string) {
		target, err := url.Parse(r.URL)
		require.NoError(v.t, err)
		fault := target.Path + ": " + what
		if !seen[fault] {
			seen[fault] = true
			faults = append(faults, fault)
		}
	}
	for _, r := range v.found {
		a := v.final(r.URL)
		switch {
		case a.status != http.StatusOK:
			complain(r, http.StatusText(a.status))
		case r.Integrity != "" && r.Integrity != integrity(a.body):
			complain(r, "wrong integrity")
		case r.CrossOrigin != discover.None && !strings.HasPrefix(r.URL, r.document.Scheme+"://"+r.document.Host+"/") &&
			a.header.Get("Access-Control-Allow-Origin") != "*":
			complain(r, "no CORS")
		case !strings.HasPrefix(a.header.Get("Content-Type"), typeOf(r.Type)):
			complain(r, "type "+a.header.Get("Content-Type"))
		}
	}
	return faults
}

func integrity(body []byte) string {
	sum := sha512.Sum384(body)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// typeOf returns how media types of resources begin.
func typeOf(t discover.Type) string {
	switch t {
	case discover.Document:
		return "text/html; charset=utf-8"
	case discover.Style:
		return "text/css; charset=utf-8"
	case discover.Script:
		return "text/javascript; charset=utf-8"
	case discover.Font:
		return "font/woff2"
	case discover.Media:
		return "video/webm"
	case discover.Track:
		return "text/vtt; charset=utf-8"
	case discover.Manifest:
		return "application/manifest+json"
	case discover.Other:
		return "application/json"
	default: // images, what embed and object show
		return "image/"
	}
}
