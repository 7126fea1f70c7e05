package cache_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// The field that these tests send most.
const (
	cacheControl = "Cache-Control"
	minute       = "max-age=60"
)

// noon is when these tests take place.
func noon() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }

func get(url string, fields ...string) *cache.Request {
	r := &cache.Request{Method: http.MethodGet, URL: url, Header: http.Header{}}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	return r
}

// ok is a response that is fresh for a minute.
func ok(body string, fields ...string) *cache.Response {
	return &cache.Response{
		Status: http.StatusOK, Body: []byte(body),
		Header: get("", append([]string{cacheControl, minute, "Date", noon().Format(http.TimeFormat)}, fields...)...).Header,
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	const page, limit = "https://a.test/", 80 << 10
	small := ok("")
	head := int64(len("Cache-Control: max-age=60\r\n") + len("Date: Wed, 04 Mar 2026 12:00:00 GMT\r\n"))
	for _, c := range []struct {
		says  string
		limit int64
		url   string
		resp  func() *cache.Response
		kept  bool
		bytes int64
	}{
		{"an entry counts its URL, its header and what it takes itself", limit, page, func() *cache.Response { return small }, true, cache.EntryCost + int64(len(page)) + head},
		{"a body counts by what it takes in memory", limit, page, func() *cache.Response {
			resp := ok("")
			resp.Body = make([]byte, 1, 1000)
			return resp
		}, true, cache.EntryCost + int64(len(page)) + head + 1000},
		{"a body that was not kept counts nothing", limit, page, func() *cache.Response {
			resp := ok("")
			resp.Body, resp.Length = nil, 1<<40
			return resp
		}, true, cache.EntryCost + int64(len(page)) + head},
		{"an entry of an eighth of the limit is kept", limit, page, func() *cache.Response {
			resp := ok("")
			resp.Body = make([]byte, limit/8-cache.EntryCost-int64(len(page))-head)
			return resp
		}, true, limit / 8},
		{"a larger one is not", limit, page, func() *cache.Response {
			resp := ok("")
			resp.Body = make([]byte, limit/8-cache.EntryCost-int64(len(page))-head+1)
			return resp
		}, false, 0},
		{"a long URL counts", limit, page + strings.Repeat("x", limit/8), func() *cache.Response { return small }, false, 0},
		{"a header of more than 64 KiB is not kept", 100 << 20, page, func() *cache.Response {
			return ok("", "A", strings.Repeat("x", cache.MaxHead))
		}, false, 0},
		{"a cache without a limit keeps nothing", 0, page, func() *cache.Response { return small }, false, 0},
		{"nor does one with a negative limit", -1, page, func() *cache.Response { return small }, false, 0},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			kept := cache.New(c.limit)
			resp := c.resp()
			if most, accepts := kept.Accepts(get(c.url), resp.Status, resp.Header, noon()); len(resp.Body) > 0 {
				require.Equal(t, c.kept, accepts && int64(cap(resp.Body)) <= most)
			} else {
				require.Equal(t, c.kept, accepts)
			}
			require.Equal(t, c.kept, kept.Store(get(c.url), resp, noon(), noon()))
			require.Equal(t, c.bytes, kept.Bytes())
			require.NoError(t, kept.Verify())
			found := kept.Look(get(c.url), noon())
			require.Equal(t, c.kept, found.Fresh)
			if c.kept {
				require.Equal(t, max(resp.Length, int64(len(resp.Body))), found.Entry.Length)
			}
		})
	}
}

func TestVariantsAreBounded(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	for i := range cache.MaxVariants {
		require.True(t, c.Store(get("https://a.test/", "Foo", strconv.Itoa(i)), ok("", "Vary", "Foo"), noon(), noon()))
	}
	require.True(t, c.Look(get("https://a.test/", "Foo", "0"), noon()).Fresh) // so that number 1 is the least recently used
	require.True(t, c.Store(get("https://a.test/", "Foo", "new"), ok("", "Vary", "Foo"), noon(), noon()))
	require.Equal(t, cache.MaxVariants, c.Len())
	require.False(t, c.Look(get("https://a.test/", "Foo", "1"), noon()).Fresh)
	for _, foo := range []string{"0", "2", "new"} {
		require.True(t, c.Look(get("https://a.test/", "Foo", foo), noon()).Fresh, foo)
	}
	require.NoError(t, c.Verify())
}

// An entry too large to be kept replaces the stored one nevertheless, because that is superseded.
func TestATooLargeResponseSupersedes(t *testing.T) {
	t.Parallel()
	c := cache.New(80 << 10)
	require.True(t, c.Store(get("https://a.test/"), ok("small"), noon(), noon()))
	require.False(t, c.Store(get("https://a.test/"), ok(strings.Repeat("x", 80<<10)), noon(), noon()))
	require.Nil(t, c.Look(get("https://a.test/"), noon()).Entry)
	require.Zero(t, c.Bytes())
	require.NoError(t, c.Verify())
}
