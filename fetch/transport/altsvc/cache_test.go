package altsvc_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/altsvc"
)

const (
	origin = "https://a.example"
	minute = `h3=":443"; ma=60`
	two    = `h3=":1"; ma=900, h3="b.example:2"; ma=900`
)

var errRefused = errors.New("refused")

// noon is when these tests begin.
func noon() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }

func after(d time.Duration) time.Time { return noon().Add(d) }

func TestCacheLearns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		fields []string // at noon, one response each
		age    time.Duration
		at     time.Duration
		port   int
	}{
		{"a service is found", []string{minute}, 0, 0, 443},
		{"a service is fresh until its age", []string{minute}, 0, 60*time.Second - 1, 443},
		{"a service ends with its age", []string{minute}, 0, 60 * time.Second, 0},
		{"the age of the response counts", []string{minute}, 50 * time.Second, 10 * time.Second, 0},
		{"a stale response leaves nothing", []string{minute}, time.Minute, 0, 0},
		{"a negative age is none", []string{minute}, -time.Hour, time.Minute, 0},
		{"the first service of HTTP/3 is found", []string{`h2=":1", h3-29=":2", h3=":3", h3=":4"`}, 0, 0, 3},
		{"the next service is found when the first is stale", []string{`h3=":1"; ma=5, h3=":2"`}, 0, time.Minute, 2},
		{"a new field replaces the last one", []string{minute, `h3=":2"`}, 0, 0, 2},
		{"a field without HTTP/3 replaces it too", []string{minute, `h2=":2"`}, 0, 0, 0},
		{"an age of 0 withdraws", []string{minute, `h3=":443"; ma=0`}, 0, 0, 0},
		{"clear withdraws", []string{minute, `clear`}, 0, 0, 0},
		{"an invalid field is ignored", []string{minute, `h3`}, 0, 0, 443},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var cache altsvc.Cache
			for _, field := range c.fields {
				cache.Learn(origin, []string{field}, c.age, noon())
			}
			s, ok := cache.Find(origin, after(c.at))
			require.Equal(t, c.port != 0, ok)
			require.Equal(t, c.port, s.Port)
			_, ok = cache.Find("https://b.example", noon())
			require.False(t, ok)
		})
	}
}

func TestTheSameFieldRenews(t *testing.T) { //nolint:paralleltest // it counts allocations
	var cache altsvc.Cache
	cache.Learn(origin, []string{minute}, 0, noon())
	values := []string{minute}
	require.Zero(t, testing.AllocsPerRun(10, func() { cache.Learn(origin, values, 0, after(50*time.Second)) }))
	require.Zero(t, testing.AllocsPerRun(10, func() { _, _ = cache.Find(origin, noon()) }))
	cache.Learn(origin, nil, 0, after(50*time.Second))
	_, ok := cache.Find(origin, after(109*time.Second))
	require.True(t, ok)
	_, ok = cache.Find(origin, after(110*time.Second))
	require.False(t, ok)
}

func TestBrokenServices(t *testing.T) {
	t.Parallel()
	var cache altsvc.Cache
	find := func(at time.Duration) int { s, _ := cache.Find(origin, after(at)); return s.Port }
	cache.Learn(origin, []string{two}, 0, noon())
	first, _ := cache.Find(origin, noon())
	require.NoError(t, cache.Broken(origin, noon()))

	cache.Break(origin, first, errRefused, noon())
	require.Equal(t, 2, find(0), "the next one is used")
	require.ErrorIs(t, cache.Broken(origin, noon()), errRefused)
	cache.Learn(origin, []string{`clear`}, 0, noon())
	require.NoError(t, cache.Broken(origin, noon()), "what is not advertised is not broken")
	cache.Learn(origin, []string{`h3=":1"; ma=800`}, 0, noon())
	require.Zero(t, find(altsvc.BrokenFor-1), "advertised again, it stays broken")
	require.Equal(t, 1, find(altsvc.BrokenFor))
	require.NoError(t, cache.Broken(origin, after(altsvc.BrokenFor)))

	cache.Mend(origin, first)
	require.Equal(t, 1, find(0))
	cache.Mend(origin, first)
	cache.Forget(origin, first)
	require.Zero(t, find(0))
	cache.Learn(origin, []string{`h3=":1"; ma=800`}, 0, noon())
	require.Equal(t, 1, find(0), "a service that was forgotten may be advertised again")

	for port := range 100 { // the list is bounded
		cache.Break("https://b.example", altsvc.Service{Protocol: "h3", Port: port}, errRefused, noon())
	}
	cache.Learn("https://b.example", []string{`h3=":1"`}, 0, noon())
	_, ok := cache.Find("https://b.example", noon())
	require.True(t, ok)
}

func TestOriginsAreBounded(t *testing.T) {
	t.Parallel()
	var cache altsvc.Cache
	for i := range altsvc.MaxOrigins + 10 {
		cache.Learn(strconv.Itoa(i), []string{`h3=":443"; ma=` + strconv.Itoa(10_000-i)}, 0, noon())
	}
	found := 0
	for i := range altsvc.MaxOrigins + 10 {
		if _, ok := cache.Find(strconv.Itoa(i), noon()); ok {
			found++
		}
	}
	require.Equal(t, altsvc.MaxOrigins, found)
	_, ok := cache.Find(strconv.Itoa(altsvc.MaxOrigins-1), noon())
	require.False(t, ok, "the soonest to expire made way")
	_, ok = cache.Find("0", noon())
	require.True(t, ok)
}

func TestGoroutinesShareACache(t *testing.T) {
	t.Parallel()
	var cache altsvc.Cache
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				name, now := strconv.Itoa(i%7), after(time.Duration(i)*time.Second)
				cache.Learn(name, []string{[]string{minute, two, "clear"}[(i+g)%3]}, 0, now)
				if s, ok := cache.Find(name, now); ok && i%3 == 0 {
					cache.Break(name, s, errRefused, now)
					_ = cache.Broken(name, now)
					cache.Mend(name, s)
					cache.Forget(name, s)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkFind(b *testing.B) {
	var cache altsvc.Cache
	now := noon()
	for i := range 100 {
		cache.Learn(origin+strconv.Itoa(i), []string{minute}, 0, now)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := cache.Find(origin+"7", now); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkLearnAgain(b *testing.B) {
	var cache altsvc.Cache
	now, values := noon(), []string{minute}
	b.ReportAllocs()
	for b.Loop() {
		cache.Learn(origin, values, 0, now)
	}
}
