package cache_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// A script is fetched, reused, and validated when it is stale.
func Example() {
	c := cache.New(64 << 20)
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	r := &cache.Request{Method: http.MethodGet, URL: "https://static.shop.example/app.js", Partition: "https://shop.example"}

	fmt.Println("found at first:", c.Look(r, now).Entry != nil)
	header := http.Header{"Cache-Control": {"max-age=60"}, "Etag": {`"v1"`}}
	resp := &cache.Response{Status: http.StatusOK, Header: header, Body: []byte("let x")}
	fmt.Println("stored:", c.Store(r, resp, now, now))

	now = now.Add(30 * time.Second)
	found := c.Look(r, now)
	fmt.Println("after 30 s:", found.Fresh, found.Header().Get("Age"))

	now = now.Add(30 * time.Second)
	found = c.Look(r, now)
	fmt.Println("after 60 s:", found.Fresh, found.Validators)
	e := c.Freshen(r, found.Entry, http.Header{"Etag": {`"v1"`}}, now, now) // by a 304
	fmt.Println("after a 304:", c.Look(r, now).Fresh, string(e.Body))

	c.Invalidate(&cache.Request{Method: http.MethodPut, URL: r.URL, Partition: r.Partition}, &cache.Response{Status: http.StatusOK})
	fmt.Println("after a PUT:", c.Look(r, now).Fresh)
	// Output:
	// found at first: false
	// stored: true
	// after 30 s: true 30
	// after 60 s: false map[If-None-Match:["v1"]]
	// after a 304: true let x
	// after a PUT: false
}
