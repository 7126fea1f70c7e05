package shop

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// slowly is the writer of a response that notes when each part came.
type slowly struct {
	*httptest.ResponseRecorder

	start time.Time
	parts []part
	sent  int
}

type part struct {
	after time.Duration
	body  string
}

func (s *slowly) FlushError() error {
	s.parts = append(s.parts, part{time.Since(s.start), s.Body.String()[s.sent:]})
	s.sent = s.Body.Len()
	return nil
}

// fetch asks the shop for a path, with a fake clock, so that delays are exact and cost nothing.
func fetch(t *testing.T, path string, times float64, header ...string) *slowly {
	t.Helper()
	mux := http.NewServeMux()
	Open().Add(mux, times)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 1; i < len(header); i += 2 {
		request.Header.Set(header[i-1], header[i])
	}
	w := &slowly{ResponseRecorder: httptest.NewRecorder(), start: time.Now()}
	mux.ServeHTTP(w, request)
	require.NoError(t, w.FlushError()) // the rest
	return w
}

func TestDocumentsStream(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, path string
		times      float64
		head, body time.Duration
	}{
		{"a page", "/shop/", 1, 35 * time.Millisecond, 85 * time.Millisecond},
		{"a product", "/shop/camp/tarn", 1, 35 * time.Millisecond, 85 * time.Millisecond},
		{"a frame", "/shop/map", 1, 45 * time.Millisecond, 95 * time.Millisecond},
		{"ten times as slowly", "/shop/", 10, 350 * time.Millisecond, 850 * time.Millisecond},
		{"at once", "/shop/", 0, 0, 0},
	}
	for _, c := range cases {
		for _, coding := range []string{"identity", "gzip"} {
			t.Run(c.name+", "+coding, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := fetch(t, c.path, c.times, "Accept-Encoding", coding)
					require.Len(t, w.parts, 2)
					head, body := w.parts[0], w.parts[1]
					require.Equal(t, c.head, head.after)
					require.Equal(t, c.body, body.after)
					text := whole(t, coding, head.body)
					require.True(t, strings.HasSuffix(text, "</head>\n"), "all of the head, and nothing more")
					require.True(t, strings.HasSuffix(whole(t, coding, head.body+body.body), "</html>\n"))
				})
			})
		}
	}
}

// whole returns what can be read of a body so far.
func whole(t *testing.T, coding, body string) string {
	t.Helper()
	if coding != "gzip" {
		return body
	}
	r, err := gzip.NewReader(bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	text, _ := io.ReadAll(r) // the end may be missing
	return string(text)
}

func TestA304TakesAsLongAsAHead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		etag := fetch(t, "/shop/", 1).Header().Get("Etag")
		w := fetch(t, "/shop/", 1, "If-None-Match", etag)
		require.Equal(t, http.StatusNotModified, w.Code)
		require.Equal(t, []part{{35 * time.Millisecond, ""}}, w.parts)
	})
}

func TestResourcesTakeTheirTime(t *testing.T) {
	t.Parallel()
	asset := func(name string) string { return Open().assets[name].path }
	cases := []struct {
		name, path string
		want       time.Duration
	}{
		{"a stylesheet", asset("shop.css"), 20 * time.Millisecond},
		{"a script", asset("theme.js"), 25 * time.Millisecond},
		{"the script of others", asset("tag.js"), 120 * time.Millisecond},
		{"the slow script", asset("unhurried.js"), 2500 * time.Millisecond},
		{"a font", asset("letters.woff2"), 30 * time.Millisecond},
		{"the font that must not be used", "/cdn/private/letters.woff2", 30 * time.Millisecond},
		{"a picture", "/cdn/images/ann-200.jpg", 45 * time.Millisecond},
		{"the largest picture", "/cdn/images/hero-768.jpg", 70 * time.Millisecond},
		{"the basket", "/shop/basket.json", 40 * time.Millisecond},
		{"a redirect", "/shop/campaign", 15 * time.Millisecond},
		{"what is missing", "/shop/sold-out.jpg", 20 * time.Millisecond},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				require.Equal(t, c.want, fetch(t, c.path, 1).parts[0].after)
				require.Equal(t, 2*c.want, fetch(t, c.path, 2).parts[0].after)
			})
		})
	}
}

// All delays are plausible, but for the one that is meant to be too long.
func TestAllResourcesHaveADelay(t *testing.T) {
	t.Parallel()
	slow := 0
	for path, r := range Open().resources {
		if r.name == "unhurried.js" {
			slow++
			continue
		}
		require.GreaterOrEqual(t, delayOf(r.name), 5*time.Millisecond, path)
		require.LessOrEqual(t, delayOf(r.name), 120*time.Millisecond, path)
		require.NotEmpty(t, mediaTypes["."+r.name[strings.LastIndex(r.name, ".")+1:]], path)
	}
	require.Equal(t, 1, slow)
}

func TestNobodyWaitsForAClientThatLeft(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/shop/", "/shop/campaign", "/shop/basket.json", "/cdn/images/ann-200.jpg", "/cdn/none"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				mux := http.NewServeMux()
				Open().Add(mux, 1)
				start, w := time.Now(), httptest.NewRecorder()
				mux.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
				require.Zero(t, time.Since(start))
				require.Zero(t, w.Body.Len())
			})
		})
	}
}

// A client that leaves between head and body gets no body, and holds nobody up.
func TestABodyIsNotWrittenForAClientThatLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
		defer cancel()
		mux := http.NewServeMux()
		Open().Add(mux, 1)
		start, w := time.Now(), httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/shop/", nil))
		require.Equal(t, 40*time.Millisecond, time.Since(start))
		require.True(t, strings.HasSuffix(w.Body.String(), "</head>\n"))
	})
}
