package altsvc

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// MaxOrigins is how many origins a Cache remembers. The soonest to expire makes way for a new one.
	MaxOrigins = 2048
	// BrokenFor is how long a service that failed is not used.
	BrokenFor = 5 * time.Minute

	http3    = "h3"
	maxLines = 1 << 10 // bytes of a field that are kept, to recognize it
)

// Cache is what origins have said about their services, and which of them fail. Its zero value is ready. Any number of
// goroutines may use it at once. An origin is any text that the caller always writes in one way: "https://a.example".
// Only services that speak HTTP/3 are kept; drafts of it, such as h3-29, are other protocols.
type Cache struct {
	mu      sync.RWMutex
	origins map[string]*known
}

// known is what is known of an origin. Changing it takes the lock of the cache, apart from since.
type known struct {
	lines    []string // the field that the services are from. Without it, the next field is parsed
	services []Service
	since    atomic.Int64 // when the ages of the services began, in ns of Unix time
	failures []failure
}

// failure is a service that failed.
type failure struct {
	service Service
	until   int64 // in ns of Unix time
	why     error
}

// Learn takes note of the Alt-Svc field of a response from an https origin, which replaces what the origin said
// before (section 3.1). The age is that of the Age field. Without values, or without any that is valid, nothing
// changes. A service that is broken stays broken. A field that equals the last one renews the freshness cheaply.
func (c *Cache) Learn(origin string, values []string, age time.Duration, now time.Time) {
	if len(values) == 0 {
		return
	}
	age = min(max(age, 0), longest)
	since := now.Add(-age).UnixNano()
	if c.renew(origin, values, since) {
		return
	}
	services, clears := Parse(values)
	if len(services) == 0 && !clears {
		return
	}
	services = slices.DeleteFunc(services, func(s Service) bool { return s.Protocol != http3 || s.MaxAge <= age })
	for i := range services { // not the memory of whole headers
		services[i].Protocol, services[i].Host = http3, strings.Clone(services[i].Host)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.origins[origin]
	if len(services) == 0 {
		c.drop(origin, k, now.UnixNano())
		return
	}
	if k == nil {
		k = c.add(origin)
	}
	k.services, k.lines = services, keptLines(values)
	k.since.Store(since)
}

// renew renews the freshness of services if they are from the same field.
func (c *Cache) renew(origin string, values []string, since int64) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k := c.origins[origin]
	if k == nil || !slices.Equal(k.lines, values) {
		return false
	}
	k.since.Store(since)
	return true
}

// keptLines copies a field, or returns nil for a long one.
func keptLines(values []string) []string {
	size := 0
	for _, line := range values {
		size += len(line)
	}
	if size > maxLines || len(values) > MaxServices {
		return nil
	}
	lines := make([]string, len(values))
	for i, line := range values {
		lines[i] = strings.Clone(line)
	}
	return lines
}

// Find returns the first service of an origin that is fresh and not broken. It does not allocate.
func (c *Cache) Find(origin string, now time.Time) (Service, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if k := c.origins[origin]; k != nil {
		at := now.UnixNano()
		for i := range k.services {
			if s := &k.services[i]; k.fresh(s, at) && k.broken(s, at) == nil {
				return *s, true
			}
		}
	}
	return Service{}, false
}

// Broken returns why the first fresh service of an origin that is broken failed, nil if none is. Another one may work:
// ask Find first.
func (c *Cache) Broken(origin string, now time.Time) (why error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if k := c.origins[origin]; k != nil {
		at := now.UnixNano()
		for i := range k.services {
			if s := &k.services[i]; k.fresh(s, at) {
				if f := k.broken(s, at); f != nil {
					return f.why
				}
			}
		}
	}
	return nil
}

// Break notes that a service failed: it is not used for BrokenFor, even if it is advertised again (section 2.4). why
// is not nil.
func (c *Cache) Break(origin string, service Service, why error, now time.Time) {
	service.Protocol, service.Host = strings.Clone(service.Protocol), strings.Clone(service.Host)
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.origins[origin]
	if k == nil {
		k = c.add(origin)
	}
	k.mend(&service)
	if len(k.failures) == MaxServices {
		k.failures = slices.Delete(k.failures, 0, 1) // the first to end
	}
	k.failures = append(k.failures, failure{service, now.Add(BrokenFor).UnixNano(), why})
}

// Mend notes that a service works.
func (c *Cache) Mend(origin string, service Service) {
	c.mu.RLock()
	k := c.origins[origin]
	healthy := k == nil || len(k.failures) == 0
	c.mu.RUnlock()
	if healthy {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.origins[origin]; k != nil {
		k.mend(&service)
	}
}

// Forget removes a service that does not serve the origin, as it said by a 421 (section 6). The origin may advertise it
// again, and then it is used again: Break keeps it from that for a while.
func (c *Cache) Forget(origin string, service Service) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.origins[origin]; k != nil {
		k.services = slices.DeleteFunc(k.services, func(s Service) bool { return same(&s, &service) })
		k.lines = nil
		if len(k.services)+len(k.failures) == 0 {
			delete(c.origins, origin)
		}
	}
}

// drop removes the services of an origin, and the origin itself if none of them is broken.
func (c *Cache) drop(origin string, k *known, now int64) {
	if k == nil {
		return
	}
	k.services, k.lines = nil, nil
	if k.expires() <= now {
		delete(c.origins, origin)
	}
}

// add adds an origin. If the cache is full, the one that expires first makes way.
func (c *Cache) add(origin string) *known {
	if c.origins == nil {
		c.origins = make(map[string]*known)
	}
	if len(c.origins) >= MaxOrigins {
		first, end := "", int64(0)
		for name, k := range c.origins {
			if at := k.expires(); first == "" || at < end {
				first, end = name, at
			}
		}
		delete(c.origins, first)
	}
	k := new(known)
	c.origins[strings.Clone(origin)] = k
	return k
}

// expires is when nothing that is known matters any more, in ns of Unix time.
func (k *known) expires() int64 {
	end := int64(0)
	for i := range k.services {
		end = max(end, k.since.Load()+int64(k.services[i].MaxAge))
	}
	for i := range k.failures {
		end = max(end, k.failures[i].until)
	}
	return end
}

func (k *known) fresh(s *Service, now int64) bool { return now-k.since.Load() < int64(s.MaxAge) }

// broken returns the failure of a service, nil if it is not broken.
func (k *known) broken(s *Service, now int64) *failure {
	for i := range k.failures {
		if f := &k.failures[i]; now < f.until && same(&f.service, s) {
			return f
		}
	}
	return nil
}

func (k *known) mend(s *Service) {
	k.failures = slices.DeleteFunc(k.failures, func(f failure) bool { return same(&f.service, s) })
}
