package cache_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// world is a server whose answers depend on the partition, the URL, and the fields that its responses vary by. Each of
// its answers says so, so that one given to another request is seen.
type world struct {
	cache *cache.Cache
	now   time.Time

	looks, hits, validations, stores atomic.Int64
}

func (w *world) varies(url int) []string {
	return [][]string{nil, {"Foo"}, {"Accept-Encoding"}, {"Foo", "Accept-Encoding"}}[url%4]
}

func (w *world) body(r *cache.Request, url int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q", r.Partition, r.URL)
	for _, name := range w.varies(url) {
		fmt.Fprintf(&b, " %s=%q", name, strings.ToLower(strings.Join(r.Header[name], "|")))
	}
	return b.String() + strings.Repeat("-", 100*(url%11))
}

func (w *world) header(body string, url int, random *rand.Rand) http.Header {
	h := http.Header{
		"Date":       {w.now.Format(http.TimeFormat)},
		cacheControl: {[]string{minute, minute, "max-age=0", "no-cache", "no-store", "max-age=9, stale-while-revalidate=5"}[random.IntN(6)]},
	}
	if random.IntN(3) > 0 {
		h["Etag"] = []string{strconv.Quote(body)}
	}
	if names := w.varies(url); names != nil {
		h["Vary"] = names
	}
	return h
}

func (w *world) request(random *rand.Rand) (*cache.Request, int) {
	url := random.IntN(20)
	r := &cache.Request{
		Method: http.MethodGet, URL: "https://a.test/" + strconv.Itoa(url), Header: http.Header{},
		Partition: []string{"", "https://a.test", "https://b.test"}[random.IntN(3)],
	}
	if n := random.IntN(4); n > 0 {
		r.Header["Foo"] = []string{"x", "X", "y"}[n-1 : n]
	}
	if n := random.IntN(4); n > 0 {
		r.Header["Accept-Encoding"] = []string{"gzip", "GZIP", "br"}[n-1 : n]
	}
	if n := random.IntN(20); n < 3 {
		r.Method = []string{http.MethodHead, http.MethodPost, http.MethodDelete}[n]
	}
	return r, url
}

// visit makes one random request, as the caller of a cache would.
func (w *world) visit(random *rand.Rand) error {
	r, url := w.request(random)
	now := w.now.Add(time.Duration(random.IntN(80)) * time.Second)
	w.looks.Add(1)
	found := w.cache.Look(r, now)
	body := w.body(r, url)
	header := w.header(body, url, random)
	switch {
	case found.Fresh:
		w.hits.Add(1)
		if got := string(found.Entry.Body); got != body {
			return fmt.Errorf("for %v: %s, want %s", r, got, body)
		}
		return nil
	case found.Entry != nil && found.Validators.Get("If-None-Match") == strconv.Quote(body):
		w.validations.Add(1)
		if random.IntN(8) == 0 {
			header["Etag"] = []string{`"something else"`}
		}
		if got := string(w.cache.Freshen(r, found.Entry, header, now, now).Body); got != body {
			return fmt.Errorf("after a 304 for %v: %s, want %s", r, got, body)
		}
		return nil
	}
	resp := &cache.Response{Status: []int{200, 200, 200, 404, 500}[random.IntN(5)], Header: header, Body: []byte(body)}
	resp.Incomplete = random.IntN(10) == 0
	if w.cache.Store(r, resp, now, now) {
		w.stores.Add(1)
	}
	w.cache.Invalidate(r, resp)
	return nil
}

// TestManyUsersOfOneCache has goroutines use one small cache: none ever gets a response to another request, and the
// bounds hold at any time.
func TestManyUsersOfOneCache(t *testing.T) {
	t.Parallel()
	w := &world{cache: cache.New(32 << 10), now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	const users, visits = 16, 600
	var begin, done sync.WaitGroup
	begin.Add(users)
	errs := make(chan error, users)
	for seed := range uint64(users) {
		done.Go(func() {
			random := rand.New(rand.NewPCG(1, seed))
			begin.Done()
			begin.Wait()
			for i := range visits {
				err := w.visit(random)
				if err == nil && i%10 == 0 {
					err = w.cache.Verify()
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	done.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.NoError(t, w.cache.Verify())
	require.EqualValues(t, users*visits, w.looks.Load())
	for name, count := range map[string]int64{
		"hits": w.hits.Load(), "validations": w.validations.Load(), "stores": w.stores.Load(),
	} {
		require.Greater(t, count, int64(users), name)
	}
	t.Logf("%d looks, %d hits, %d validations, %d stores; %d entries of %d bytes", w.looks.Load(), w.hits.Load(),
		w.validations.Load(), w.stores.Load(), w.cache.Len(), w.cache.Bytes())
}

// TestLeastRecentlyUsedGoFirst compares the cache with a list, after each of many random uses.
func TestLeastRecentlyUsedGoFirst(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	get := func(n int) *cache.Request {
		return &cache.Request{Method: http.MethodGet, URL: fmt.Sprintf("https://a.test/%02d", n)}
	}
	resp := &cache.Response{Status: 200, Header: http.Header{cacheControl: {minute}}, Body: []byte("body")}
	one := cache.New(1 << 20)
	require.True(t, one.Store(get(0), resp, now, now))
	const capacity = 10
	c := cache.New(capacity * one.Bytes())
	random := rand.New(rand.NewPCG(2, 3))
	model := []string{} // the most recently used first
	for i := range 5000 {
		r := get(random.IntN(25))
		at := slices.Index(model, r.URL)
		if at >= 0 {
			model = slices.Delete(model, at, at+1)
		}
		switch random.IntN(5) {
		case 0:
			c.Invalidate(&cache.Request{Method: http.MethodPost, URL: r.URL}, &cache.Response{Status: 204})
		case 1, 2:
			require.True(t, c.Store(r, resp, now, now))
			model = append([]string{r.URL}, model...)
		default:
			require.Equal(t, at >= 0, c.Look(r, now).Fresh, "use %d", i)
			if at >= 0 {
				model = append([]string{r.URL}, model...)
			}
		}
		model = model[:min(len(model), capacity)]
		require.Equal(t, model, c.URLs(), "use %d", i)
		require.Equal(t, len(model), c.Len())
	}
	require.NoError(t, c.Verify())
}
