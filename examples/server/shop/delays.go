package shop

import (
	"context"
	"path"
	"time"
)

// delays are how long an answer takes to begin: of a resource with such a name, else with such an extension.
//
//nolint:gochecknoglobals // a table
var delays = map[string]time.Duration{
	"document": 35 * time.Millisecond, // until its head
	"body":     50 * time.Millisecond, // from there to its body
	"frame":    45 * time.Millisecond,
	"redirect": 15 * time.Millisecond,

	"missing": 20 * time.Millisecond,

	"basket.json":  40 * time.Millisecond,
	"tag.js":       120 * time.Millisecond, // others keep nobody waiting more often
	"hero.jpg":     70 * time.Millisecond,
	"unhurried.js": 2500 * time.Millisecond, // on the broken page

	".css":         20 * time.Millisecond,
	".js":          25 * time.Millisecond,
	".woff2":       30 * time.Millisecond,
	".jpg":         45 * time.Millisecond,
	".png":         30 * time.Millisecond,
	".svg":         12 * time.Millisecond,
	".vtt":         15 * time.Millisecond,
	".webmanifest": 10 * time.Millisecond,
	".webm":        80 * time.Millisecond,
	".mp4":         80 * time.Millisecond,
}

// delayOf returns the delay of what has a name.
func delayOf(name string) time.Duration {
	if delay, ok := delays[name]; ok {
		return delay
	}
	return delays[path.Ext(name)]
}

// wait waits for the delay of what has a name, times a factor. It reports whether the client is still there.
func wait(ctx context.Context, name string, times float64) bool {
	timer := time.NewTimer(time.Duration(times * float64(delayOf(name))))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
