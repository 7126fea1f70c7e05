package k6metrics

import (
	"crypto/tls"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"

	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// TagCache remembers the tag sets of exchanges and URLs. To find a set in k6's tree takes a step per tag, which is the
// largest cost of a sample. A script that repeats URLs repeats their sets. A VU has one cache for all its runs.
type TagCache struct {
	// ManyNames is called when the VU's URLs have more than MaxNames names, because k6, and everything after it, keeps
	// time series for each name. It may be nil.
	ManyNames func()
	names     nameCounter

	exchanges sets[exchangeKey]
	urls      sets[urlKey]
	checks    sets[urlKey] // for budgets: several per URL, which must not displace the URLs' own
	chains    chains
}

// MaxNames is how many names a VU may use without a warning.
const MaxNames = 1000

// nameCounter counts distinct names, until there are too many.
type nameCounter struct {
	many atomic.Bool
	mu   sync.Mutex
	seen map[string]struct{}
}

// add counts a name, and calls tooMany once there are too many.
func (c *nameCounter) add(name string, tooMany func()) {
	if c.many.Load() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = make(map[string]struct{})
	}
	c.seen[name] = struct{}{}
	if len(c.seen) > MaxNames && !c.many.Swap(true) {
		c.seen = nil
		if tooMany != nil {
			tooMany()
		}
	}
}

// sets are the tag sets of one kind of key.
type sets[K comparable] struct {
	// last is the last set that was requested. Most exchanges of a list have the same tags, and a comparison is cheaper
	// than a look-up in a shared map.
	last atomic.Pointer[keyedSet[K]]

	mu sync.RWMutex
	of map[K]*keyedSet[K]
}

type keyedSet[K comparable] struct {
	key K
	set *metrics.TagSet
}

// maxCached bounds each kind of set. A longer list of URLs would not profit from the cache.
const maxCached = 4096

// renew empties the cache if it is too large, for the URLs of the run that begins.
func (s *sets[K]) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || len(s.of) >= maxCached {
		s.of = make(map[K]*keyedSet[K])
	}
}

// get returns the set of a key. It calls find if the set is not cached.
func (s *sets[K]) get(key K, find func() *metrics.TagSet) *metrics.TagSet {
	if last := s.last.Load(); last != nil && last.key == key {
		return last.set
	}
	s.mu.RLock()
	found := s.of[key]
	s.mu.RUnlock()
	if found != nil {
		s.last.Store(found)
		return found.set
	}
	set := find()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.of) < maxCached {
		s.of[key] = &keyedSet[K]{key, set}
	}
	return set
}

// nameTag is metrics.TagName.String(), which would look it up each time.
const nameTag = "name"

// exchangeKey has all that the tags of an exchange depend on.
type exchangeKey struct {
	base              *metrics.TagSet
	url, method       string
	status, code      int
	err, proto, ip    string
	tls               uint16
	judged, satisfied bool
}

type urlKey struct {
	base  *metrics.TagSet
	name  string
	mode  string
	check string // empty if not for a check
}

// exchangeTags are the tags that k6/http gives to the samples of a request.
func (o *Observer) exchangeTags(t *fetch.Target, x *transport.Exchange) metrics.TagsAndMeta {
	base := targetTags(t)
	if len(x.Conn.OCSPResponse) > 0 {
		return metrics.TagsAndMeta{Tags: o.findExchangeTags(base, x), Metadata: traced(base.Metadata, x.TraceID)}
	}
	key := exchangeKey{
		base: base.Tags, url: x.URL, method: x.Method, status: x.Status, code: x.ErrorCode, err: x.Error,
		proto: x.Proto, ip: x.Conn.RemoteIP, tls: x.Conn.TLSVersion, judged: x.Judged, satisfied: x.Expected,
	}
	if _, named := base.Tags.Get(nameTag); named {
		key.url = "" // the name replaces it
	}
	find := func() *metrics.TagSet { return o.findExchangeTags(base, x) }
	return metrics.TagsAndMeta{Tags: o.cache.exchanges.get(key, find), Metadata: traced(base.Metadata, x.TraceID)}
}

// findExchangeTags combines the tags of an exchange. k6 keeps none of them as metadata.
func (o *Observer) findExchangeTags(base *metrics.TagsAndMeta, x *transport.Exchange) *metrics.TagSet {
	// In descending order of keys, as a chain needs them.
	more := make([]tag, 0, 11) //nolint:mnd // the tags below
	add := func(t metrics.SystemTag, value string) {
		if o.enabled.Has(t) {
			more = append(more, tag{t.String(), value})
		}
	}
	name, named := base.Tags.Get(nameTag)
	if !named {
		name = x.URL
	}
	answered := x.Error == ""
	info, ocsp := TLSInfo(x.Conn)

	add(metrics.TagURL, name) // a name also replaces the URL, so that many URLs do not make many tags
	if answered && info.Version != "" {
		add(metrics.TagTLSVersion, info.Version)
	}
	add(metrics.TagStatus, strconv.Itoa(x.Status))
	if answered {
		add(metrics.TagProto, x.Proto)
	}
	if answered && info.Version != "" {
		add(metrics.TagOCSPStatus, ocsp.Status)
	}
	if !named {
		add(metrics.TagName, name)
	}
	add(metrics.TagMethod, x.Method)
	if x.Conn.RemoteIP != "" {
		add(metrics.TagIP, x.Conn.RemoteIP)
	}
	if x.Judged {
		add(metrics.TagExpectedResponse, strconv.FormatBool(x.Expected))
	}
	if x.ErrorCode != 0 {
		add(metrics.TagErrorCode, strconv.Itoa(x.ErrorCode))
	}
	if !answered {
		add(metrics.TagError, x.Error)
	}
	return o.cache.chains.get(base.Tags).with(more)
}

// TLSInfo returns what k6 calls the TLS version, the cipher suite and the OCSP response of a connection. They are
// empty without TLS.
func TLSInfo(conn *transport.ConnInfo) (netext.TLSInfo, netext.OCSP) {
	if conn.TLSVersion == 0 {
		return netext.TLSInfo{}, netext.OCSP{}
	}
	return netext.ParseTLSConnState(&tls.ConnectionState{
		Version: conn.TLSVersion, CipherSuite: conn.TLSCipherSuite, OCSPResponse: conn.OCSPResponse,
	})
}

// urlTags are the tags of a URL's samples: those of its target, its name, the mode, and the check, if any.
func (o *Observer) urlTags(r *fetch.Result, check string) metrics.TagsAndMeta {
	base := targetTags(&r.Target)
	key := urlKey{base: base.Tags, name: r.Name(), mode: o.mode, check: check}
	cache := &o.cache.urls
	if check != "" {
		cache = &o.cache.checks
	}
	set := cache.get(key, func() *metrics.TagSet {
		name, named := base.Tags.Get(nameTag)
		more := make([]tag, 0, 3) //nolint:mnd // the tags below, by descending key
		if !named && o.enabled.Has(metrics.TagName) {
			name = key.name
			more = append(more, tag{nameTag, name})
		}
		if name != "" {
			o.cache.names.add(name, o.cache.ManyNames)
		}
		more = append(more, tag{"mode", o.mode})
		if key.check != "" {
			more = append(more, tag{metrics.TagCheck.String(), key.check})
		}
		return o.cache.chains.get(base.Tags).with(more)
	})
	return metrics.TagsAndMeta{Tags: set, Metadata: base.Metadata}
}

// traceKey is the metadata by which Grafana Cloud k6 finds the trace of a request, as k6's own libraries name it.
const traceKey = "trace_id"

// traced returns metadata with the id of a trace, or the metadata itself if there is no id. Each trace has an id of its
// own, so it is no tag: that would make as many time series.
func traced(metadata map[string]string, id string) map[string]string {
	if id == "" {
		return metadata
	}
	own := make(map[string]string, len(metadata)+1)
	maps.Copy(own, metadata)
	own[traceKey] = id
	return own
}

func targetTags(t *fetch.Target) *metrics.TagsAndMeta {
	tags, ok := t.Spec.Attachment.(*metrics.TagsAndMeta)
	if !ok {
		panic("fetch: the spec of a target has no tags") // a bug in the code that made the spec
	}
	return tags
}
