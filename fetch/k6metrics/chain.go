package k6metrics

import (
	"cmp"
	"slices"
	"sync"

	"go.k6.io/k6/v2/metrics"
)

// chain puts tag sets together. k6 keeps a set as a path through a tree, its steps by descending key, and every path
// for good. A tag whose key comes before one that is there makes a new path of all that follow. So a chain goes back to
// the root and takes each step once, which leaves no path that is not a set somebody asked for.
type chain struct {
	root *metrics.TagSet
	base []tag
}

// tag is a step. Lists of them are by descending key.
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

// with returns the set of the base's tags and more, whose values win.
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

// chains remembers the chains of the sets that targets have: there are few of them.
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
