package cache_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// stale is a response that must be validated, by its tag "a".
func stale(body string, fields ...string) *cache.Response {
	return ok(body, append(fields, "Etag", `"a"`, cacheControl, "no-cache")...)
}

func TestPartitionsAreSeparate(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	of := func(method, site string) *cache.Request {
		return &cache.Request{Method: method, URL: "https://a.test/", Partition: site}
	}
	require.True(t, c.Store(of("GET", "https://b.test"), ok("b"), noon(), noon()))
	require.Nil(t, c.Look(of("GET", ""), noon()).Entry)
	require.True(t, c.Store(of("GET", ""), ok("none"), noon(), noon()))
	require.Equal(t, "b", string(c.Look(of("GET", "https://b.test"), noon()).Entry.Body))
	c.Invalidate(of("POST", ""), &cache.Response{Status: http.StatusOK})
	require.Nil(t, c.Look(of("GET", ""), noon()).Entry)
	require.True(t, c.Look(of("GET", "https://b.test"), noon()).Fresh)
}

func TestIncompleteBodiesAreNotKept(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	cut := ok("cu")
	cut.Incomplete = true
	require.False(t, c.Store(get("https://a.test/"), cut, noon(), noon()))
	require.True(t, c.Store(get("https://a.test/"), ok("whole"), noon(), noon()))
	require.False(t, c.Store(get("https://a.test/"), cut, noon(), noon()))
	require.Equal(t, "whole", string(c.Look(get("https://a.test/"), noon()).Entry.Body))
}

// The delay of a response counts as age, because the server may have made it right after the request was sent.
func TestDelayCountsAsAge(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	resp := ok("")
	resp.Header["Age"] = []string{"10"}
	require.True(t, c.Store(get("https://a.test/"), resp, noon().Add(-5*time.Second), noon()))
	found := c.Look(get("https://a.test/"), noon().Add(2*time.Second))
	require.Equal(t, 17*time.Second, found.Age)
	require.Equal(t, "17", found.Header().Get("Age"))
	require.Equal(t, "10", found.Entry.Header.Get("Age"), "the entry does not change")
	require.True(t, c.Look(get("https://a.test/"), noon().Add(44*time.Second)).Fresh)
	require.False(t, c.Look(get("https://a.test/"), noon().Add(45*time.Second)).Fresh)
}

// A clock that was set back makes nothing younger than it came.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	require.True(t, c.Store(get("https://a.test/"), ok("", "Age", "7"), noon().Add(time.Hour), noon()))
	require.Equal(t, 7*time.Second, c.Look(get("https://a.test/"), noon().Add(-time.Hour)).Age)
}

// RFC 9110, section 6.6.1: a response without Date gets one when it is stored.
func TestDateIsAdded(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	resp := ok("")
	resp.Header.Del("Date")
	require.True(t, c.Store(get("https://a.test/"), resp, noon(), noon()))
	require.Equal(t, noon().Format(http.TimeFormat), c.Look(get("https://a.test/"), noon()).Entry.Header.Get("Date"))
	require.Empty(t, resp.Header["Date"], "the caller's header does not change")
}

// A 304 without Date was made when it came, and not when the stored response was.
func TestDateOfA304(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	require.True(t, c.Store(get("https://a.test/"), stale(""), noon(), noon()))
	later := noon().Add(time.Hour)
	update := http.Header{"Etag": {`"a"`}, cacheControl: {minute}}
	e := c.Freshen(get("https://a.test/"), c.Look(get("https://a.test/"), later).Entry, update, later, later)
	require.Equal(t, later.Format(http.TimeFormat), e.Header.Get("Date"))
	require.True(t, c.Look(get("https://a.test/"), later).Fresh)
}

// What no request could use, except one that accepts any stale response, is not stored.
func TestUselessResponsesAreNotKept(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		control string
		kept    bool
	}{
		{"max-age=1", true},
		{"max-age=0", false},
		{"max-age=1, no-cache", false},
		{"max-age=0, stale-while-revalidate=1", true},
		{"max-age=0, stale-while-revalidate=1, must-revalidate", false},
		{"max-age=0, stale-while-revalidate=1, no-cache", false},
	} {
		t.Run(one.control, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, one.kept, cache.New(1<<20).Store(get("https://a.test/"), ok("", cacheControl, one.control), noon(), noon()))
			require.True(t, cache.New(1<<20).Store(get("https://a.test/"), ok("", cacheControl, one.control, "Etag", `"a"`), noon(), noon()))
		})
	}
}

// The origin has a scheme too, even where the port is the same.
func TestInvalidateKeepsOtherSchemes(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	const plain = "http://a.test:443/x"
	require.True(t, c.Store(get(plain), ok(""), noon(), noon()))
	post := &cache.Request{Method: http.MethodPost, URL: "https://a.test:443/"}
	c.Invalidate(post, &cache.Response{Status: http.StatusCreated, Header: http.Header{"Location": {plain}}})
	require.True(t, c.Look(get(plain), noon()).Fresh)
	post.URL = "http://a.test:443/"
	c.Invalidate(post, &cache.Response{Status: http.StatusCreated, Header: http.Header{"Location": {plain}}})
	require.Nil(t, c.Look(get(plain), noon()).Entry)
}

// A HEAD may describe two variants, and the update of one may take the place of the other.
func TestHeadThatDisplacesAVariant(t *testing.T) {
	t.Parallel()
	const url = "https://a.test/"
	body := strings.Repeat("x", 4000)
	fill := func(c *cache.Cache) {
		require.True(t, c.Store(get(url, "Foo", "1"), ok(body, "Vary", "Foo"), noon(), noon()))
		require.True(t, c.Store(get(url, "Foo", "2", "Bar", "1"), ok(body, "Vary", "Bar"), noon(), noon()))
		for i := range 8 {
			require.True(t, c.Store(get(fmt.Sprint(url, i)), ok(body), noon(), noon()))
		}
	}
	roomy := cache.New(1 << 20)
	fill(roomy)
	c := cache.New(roomy.Bytes())
	fill(c)
	require.Equal(t, 10, c.Len())
	r := get(url, "Foo", "1", "Bar", "1")
	r.Method = http.MethodHead
	c.Store(r, ok("", "Big", "x"), noon(), noon())
	require.Equal(t, 9, c.Len())
	require.NoError(t, c.Verify())
	require.True(t, c.Look(get(url+"0"), noon()).Fresh, "the other variant went, as the least recently used")
}

func TestRevalidateIsReported(t *testing.T) {
	t.Parallel()
	c := cache.New(1 << 20)
	resp := ok("", "Etag", `"a"`)
	resp.Header[cacheControl] = []string{"max-age=1, stale-while-revalidate=10"}
	require.True(t, c.Store(get("https://a.test/"), resp, noon(), noon()))
	found := c.Look(get("https://a.test/"), noon())
	require.Equal(t, []bool{true, false}, []bool{found.Fresh, found.Revalidate})
	found = c.Look(get("https://a.test/"), noon().Add(5*time.Second))
	require.Equal(t, []bool{true, true}, []bool{found.Fresh, found.Revalidate})
	require.Equal(t, `"a"`, found.Validators.Get("If-None-Match"))
}

// What happens to an entry between Look and Freshen, in another goroutine.
func TestFreshenAfterwards(t *testing.T) {
	t.Parallel()
	const url = "https://a.test/"
	update := http.Header{"Etag": {`"a"`}, cacheControl: {minute}}
	for _, c := range []struct {
		says  string
		meets func(*cache.Cache)
		finds string // in the cache afterwards
	}{
		{"the entry is still there and is updated", func(*cache.Cache) {}, "old"},
		{"the entry was invalidated, and stays away", func(c *cache.Cache) {
			c.Invalidate(&cache.Request{Method: http.MethodPost, URL: url}, &cache.Response{Status: http.StatusOK})
		}, ""},
		{"the entry was replaced, and the newer one stays", func(c *cache.Cache) {
			c.Store(get(url), ok("new"), noon(), noon())
		}, "new"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			kept := cache.New(1 << 20)
			require.True(t, kept.Store(get(url), stale("old"), noon(), noon()))
			found := kept.Look(get(url), noon())
			require.False(t, found.Fresh)
			c.meets(kept)
			require.Equal(t, "old", string(kept.Freshen(get(url), found.Entry, update, noon(), noon()).Body))
			after := kept.Look(get(url), noon())
			if c.finds == "" {
				require.Nil(t, after.Entry)
			} else {
				require.True(t, after.Fresh)
				require.Equal(t, c.finds, string(after.Entry.Body))
			}
			require.NoError(t, kept.Verify())
		})
	}
}

// A 304 that names a variant which the request does not select makes it one for both requests, unless it changes Vary.
func TestFreshenAnotherVariant(t *testing.T) {
	t.Parallel()
	const url = "https://a.test/"
	for _, c := range []struct {
		says, vary string
		entries    int
	}{
		{"the same Vary: two entries", "Foo", 2},
		{"another Vary: the old selection is unknown, so one entry", "Bar", 1},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			kept := cache.New(1 << 20)
			require.True(t, kept.Store(get(url, "Foo", "1"), stale("body", "Vary", "Foo"), noon(), noon()))
			second := get(url, "Foo", "2")
			found := kept.Look(second, noon())
			update := http.Header{"Etag": {`"a"`}, cacheControl: {minute}, "Vary": {c.vary}}
			kept.Freshen(second, found.Entry, update, noon(), noon())
			require.Equal(t, c.entries, kept.Len())
			require.True(t, kept.Look(second, noon()).Fresh)
			require.True(t, kept.Look(get(url, "Foo", "1"), noon()).Fresh, "the first request is answered by the update too")
			require.NoError(t, kept.Verify())
		})
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	c := cache.New(80 << 10)
	for _, one := range []struct {
		says   string
		r      *cache.Request
		fields []string
		want   bool
	}{
		{"a fresh response", get("https://a.test/"), []string{cacheControl, minute}, true},
		{"not one that must not be stored", get("https://a.test/"), []string{cacheControl, "no-store"}, false},
		{"not one that would be of no use", get("https://a.test/"), []string{cacheControl, "no-cache"}, false},
		{"not one for a range", get("https://a.test/", "Range", "bytes=0-1"), []string{cacheControl, minute}, false},
	} {
		t.Run(one.says, func(t *testing.T) {
			t.Parallel()
			most, accepts := c.Accepts(one.r, http.StatusOK, get("", one.fields...).Header, noon())
			require.Equal(t, one.want, accepts)
			require.Equal(t, one.want, most > 0)
		})
	}
}

//nolint:paralleltest // AllocsPerRun counts those of all goroutines
func TestLookDoesNotAllocate(t *testing.T) {
	c := cache.New(1 << 20)
	r := get("https://a.test/app.js", "Accept-Encoding", "gzip, br", "Accept", "*/*")
	for _, one := range []struct {
		says string
		resp *cache.Response
	}{
		{"a hit", ok("x")},
		{"a hit that varies", ok("x", "Vary", "Accept-Encoding")},
		{"a stale entry with its validators", stale("x")},
	} {
		require.True(t, c.Store(r, one.resp, noon(), noon()))
		require.NotNil(t, c.Look(r, noon()).Entry)
		require.Zero(t, testing.AllocsPerRun(100, func() { c.Look(r, noon()) }), one.says)
	}
	other := get("https://a.test/none")
	require.Zero(t, testing.AllocsPerRun(100, func() { c.Look(other, noon()) }), "a miss")
}
