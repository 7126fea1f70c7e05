package site_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
)

func TestPages(t *testing.T) {
	t.Parallel()

	var total, longest time.Duration
	for _, p := range site.Pages() {
		total += p.Delay
		longest = max(longest, p.Delay)
	}

	if total != 4080*time.Millisecond || longest != 1470*time.Millisecond {
		t.Errorf("the pages take %v one by one and %v together, want 4.08s and 1.47s", total, longest)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()

	cases := []struct {
		request string
		token   string
		status  int
		delay   time.Duration
		body    string
	}{
		{"GET /news", "", 200, 570 * time.Millisecond, "<h1>news</h1>"},
		{"GET /wiki", "", 200, 1470 * time.Millisecond, `<a href="/gone">`},
		{"GET /search", "", 200, 380 * time.Millisecond, "<h1>search</h1>"},
		{"GET /video", "", 200, 1120 * time.Millisecond, "<h1>video</h1>"},
		{"GET /social", "", 200, 540 * time.Millisecond, "<h1>social</h1>"},
		{"GET /", "", 200, 0, `<a href="/news">/news</a>`},
		{"GET /gone", "", 404, 0, "not found"},
		{"GET /newsletter", "", 404, 0, "not found"},
		{"GET /shop/basket.json", "", 200, 40 * time.Millisecond, `"items":2`},
		{"GET /sitemap.xml", "", 200, 0, "<loc>http://example.com/news</loc>"},
		{"GET /health/orders", "", 200, 0, `{"status":"up"}`},
		{"GET /health/nothing", "", 404, 0, "not found"},
		{"POST /login?user=demo&password=demo", "", 401, 0, "wrong user or password"}, // not in the body
		{"GET /api/orders", "", 401, 0, "log in first"},
		{"GET /api/orders", "Bearer demo", 200, 0, "[1,2,3,4,5,6,7,8]"},
		{"GET /api/orders/8", "Bearer demo", 200, 0, `{"id":8,"total":80}`},
		{"GET /api/orders/8", "Bearer other", 401, 0, "log in first"},
		{"GET /api/orders/9", "Bearer demo", 404, 0, "not found"},
	}

	for _, c := range cases {
		t.Run(c.request+" "+c.token, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // with a fake clock, so that delays are exact and cost nothing
				method, path, _ := strings.Cut(c.request, " ")
				request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
				request.Header.Set("Authorization", c.token)

				start := time.Now()
				rec := httptest.NewRecorder()
				site.Handler(1).ServeHTTP(rec, request)

				if rec.Code != c.status {
					t.Errorf("status %d, want %d", rec.Code, c.status)
				}

				if took := time.Since(start); took != c.delay {
					t.Errorf("took %v, want %v", took, c.delay)
				}

				if !strings.Contains(rec.Body.String(), c.body) {
					t.Errorf("body %q, want it to contain %q", rec.Body, c.body)
				}
			})
		})
	}
}

func TestDelaysAreMultiplied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		site.Handler(0.5).ServeHTTP(httptest.NewRecorder(),
			httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/search", nil))

		if took := time.Since(start); took != 190*time.Millisecond {
			t.Errorf("took %v, want half of the delay", took)
		}
	})
}

func TestLogin(t *testing.T) {
	t.Parallel()

	rec := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/login", strings.NewReader("user=demo&password=demo"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	site.Handler(1).ServeHTTP(rec, request)

	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `{"token":"demo"}`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestHandlerStopsWithItsClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()

		start := time.Now()
		rec := httptest.NewRecorder()
		site.Handler(1).ServeHTTP(rec, httptest.NewRequestWithContext(ctx, http.MethodGet, "/wiki", nil))

		if took := time.Since(start); took != 0 || rec.Body.Len() != 0 {
			t.Errorf("answered %d bytes after %v to a client that had left", rec.Body.Len(), took)
		}
	})
}
