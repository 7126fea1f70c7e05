package k6metrics

import (
	"cmp"
	"slices"
	"sync"

	"go.k6.io/k6/v2/metrics"
)

// chain combines tag sets. k6 keeps a set as a path in a tree, ordered by descending key, and never drops a path.
// Adding a tag whose key belongs earlier creates a new path for all tags after it. So a chain starts from the root and
// adds tags in order. That leaves no path that is not a requested set.
type chain struct {
	root *metrics.TagSet
	base []tag
}

// tag is a step. Lists of tags are in descending order of keys.
type tag struct{ key, value string }

func newChain(base *metrics.TagSet) *chain {
	c := &chain{root: base}
	for key, value := range base.Map() {
		c.root = c.root.Without(key)
		c.base = append(c.base, tag{key, value})
	}
	slices.SortFunc(c.base, func(a, b tag) int { return cmp.Compare(b.key, a.key) })
	return c
}

// with returns the base's tags together with more, whose values win.
func (c *chain) with(more []tag) *metrics.TagSet {
	set, base := c.root, c.base
	for len(base) > 0 || len(more) > 0 {
		if len(more) == 0 || len(base) > 0 && base[0].key > more[0].key {
			set, base = set.With(base[0].key, base[0].value), base[1:]
			continue
		}
		if len(base) > 0 && base[0].key == more[0].key {
			base = base[1:]
		}
		set, more = set.With(more[0].key, more[0].value), more[1:]
	}
	return set
}

// chains caches the chains of the targets' tag sets, of which there are few.
type chains struct {
	mu sync.RWMutex
	of map[*metrics.TagSet]*chain
}

func (c *chains) get(base *metrics.TagSet) *chain {
	c.mu.RLock()
	found := c.of[base]
	c.mu.RUnlock()
	if found != nil {
		return found
	}
	found = newChain(base)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil || len(c.of) >= maxCached {
		c.of = make(map[*metrics.TagSet]*chain)
	}
	c.of[base] = found
	return found
}
