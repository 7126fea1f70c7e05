package cache_test

import (
	"fmt"
	"testing"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// filled is a cache with a page's resources, and the requests for them.
func filled(b *testing.B, n int, fields ...string) (*cache.Cache, []*cache.Request) {
	b.Helper()
	c, now := cache.New(64<<20), noon()
	requests := make([]*cache.Request, n)
	for i := range requests {
		requests[i] = get(fmt.Sprintf("https://static.shop.example/assets/%04d.js", i),
			"Accept", "*/*", "Accept-Encoding", "gzip, deflate, br, zstd", "Referer", "https://shop.example/")
		requests[i].Partition = "https://shop.example"
		if !c.Store(requests[i], ok("x", fields...), now, now) {
			b.Fatal("not stored")
		}
	}
	return c, requests
}

func BenchmarkLook(b *testing.B) {
	now := noon()
	for _, one := range []struct {
		name   string
		fields []string
	}{
		{"hit", nil},
		{"hit that varies", []string{"Vary", "Accept-Encoding"}},
		{"validators", []string{cacheControl, "no-cache", "Etag", `"a"`}},
	} {
		b.Run(one.name, func(b *testing.B) {
			c, requests := filled(b, 1000, one.fields...)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if c.Look(requests[i%len(requests)], now).Entry == nil {
					b.Fatal("nothing found")
				}
			}
		})
	}
	b.Run("miss", func(b *testing.B) {
		c, _ := filled(b, 1000)
		r := get("https://static.shop.example/none")
		b.ReportAllocs()
		for b.Loop() {
			c.Look(r, now)
		}
	})
	b.Run("hit in parallel", func(b *testing.B) {
		c, requests := filled(b, 1000)
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				c.Look(requests[i%len(requests)], now)
			}
		})
	})
}

func BenchmarkStore(b *testing.B) {
	now := noon()
	c, requests := filled(b, 1000)
	resp := ok("x", "Content-Type", "text/javascript", "Etag", `"a"`, "Vary", "Accept-Encoding")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Store(requests[i%len(requests)], resp, now, now)
	}
}

func BenchmarkFreshen(b *testing.B) {
	now := noon()
	c, requests := filled(b, 1)
	resp := stale("x")
	c.Store(requests[0], resp, now, now)
	e := c.Look(requests[0], now).Entry
	b.ReportAllocs()
	for b.Loop() {
		e = c.Freshen(requests[0], e, resp.Header, now, now)
	}
}
