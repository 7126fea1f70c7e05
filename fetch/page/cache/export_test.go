package cache

import (
	"fmt"
	"slices"
	"time"
)

// What the bounds are, for tests that fill them.
const (
	EntryCost   = entryCost
	MaxHead     = maxHead
	MaxVariants = maxVariants
	Longest     = longest
)

// Verify compares what the cache counts with what it has.
func (c *Cache) Verify() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var bytes int64
	entries := 0
	for k, res := range c.resources {
		if k != res.key || len(res.variants) == 0 || len(res.variants) > maxVariants {
			return fmt.Errorf("%q: %d variants of %q", k, len(res.variants), res.key)
		}
		for _, e := range res.variants {
			if e.owner != res || e.size != sizeOf(k, e) || e.size > c.largest() {
				return fmt.Errorf("%q: an entry of %d bytes, whose owner is %v", k, e.size, e.owner)
			}
			bytes += e.size
			entries++
		}
	}
	if bytes != c.bytes || bytes > c.limit {
		return fmt.Errorf("%d bytes, counted as %d, of %d", bytes, c.bytes, c.limit)
	}
	for e := c.recency.root.next; e != &c.recency.root; e = e.next {
		if e.next != &c.recency.root && e.used <= e.next.used || e.next.prev != e {
			return fmt.Errorf("an entry used as number %d is before number %d", e.used, e.next.used)
		}
		entries--
	}
	if entries != 0 {
		return fmt.Errorf("%d entries more than in the order of use", entries)
	}
	return nil
}

// URLs returns those of the entries, the most recently used first.
func (c *Cache) URLs() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	urls := []string{}
	for e := c.recency.root.next; e != &c.recency.root; e = e.next {
		urls = append(urls, e.owner.key.url)
	}
	return urls
}

// Lifetime returns what was calculated from the header, which does not depend on the time of a request.
func (e *Entry) Lifetime() (fresh, revalidate time.Duration) {
	return e.rules.lifetime, e.rules.staleWhileRevalidate
}

// ParseDate reads an HTTP-date.
func ParseDate(s string, now time.Time) (time.Time, bool) { return parseDate(s, now) }

// Directives are what the cache understands of a Cache-Control field.
type Directives struct {
	Flags  []string
	Times  map[string]time.Duration
	Fields []string
}

// ParseDirectives reads the lines of a Cache-Control field.
func ParseDirectives(lines []string) Directives {
	d := parseDirectives(lines)
	found := Directives{Fields: d.fields, Times: map[string]time.Duration{}}
	for name, flag := range map[string]bool{
		"no-cache": d.noCache, "no-store": d.noStore, "must-revalidate": d.mustRevalidate,
		"must-understand": d.mustUnderstand, "public": d.public, "private": d.own, "immutable": d.immutable,
		"only-if-cached": d.onlyIfCached,
	} {
		if flag {
			found.Flags = append(found.Flags, name)
		}
	}
	slices.Sort(found.Flags)
	for name, t := range map[string]time.Duration{
		"max-age": d.maxAge, "min-fresh": d.minFresh, "max-stale": d.maxStale,
		"stale-while-revalidate": d.staleWhileRevalidate,
	} {
		if t != absent {
			found.Times[name] = t
		}
	}
	return found
}
