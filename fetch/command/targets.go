package command

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// mostForStream bounds the concurrency of what comes as it is fetched: there is a worker for each URL that may come.
const mostForStream = 1 << 16

// readTargets reads the targets: those of the command line, and those of lists in the order of their flags. What can be
// read only once comes last, so that its end is not waited for.
func (s *session) readTargets(ctx context.Context) error {
	var opened []*lists.List
	var streams []string
	for _, source := range s.sources {
		if s.isStream(source) {
			streams = append(streams, source.path)
			continue
		}
		list, err := s.openList(ctx, source)
		if err != nil {
			return err
		}
		s.skipped += list.Skipped()
		opened = append(opened, list)
	}
	for i := range s.ways {
		all, err := s.chain(s.reader(s.ways[i].Options), opened)
		if err != nil {
			return usage(err)
		}
		s.ways[i].targets = all
	}
	reader := s.reader(s.options)
	all, err := s.chain(reader, opened)
	if err != nil {
		return usage(err)
	}
	if len(streams) > 0 && s.options.Concurrency > mostForStream {
		return usagef("--concurrency must be at most %d for %s, because nobody knows how many URLs come",
			mostForStream, streams[0])
	}
	for _, name := range streams {
		r, err := s.stream(name)
		if err != nil {
			return usage(err)
		}
		f := newFeed(name, r, s.skip, s.state.Logger)
		s.feeds = append(s.feeds, f)
		all = append(all, reader.ReadFeed(f))
	}
	s.targets = all
	if len(all) == 1 {
		s.targets = all[0]
	}
	return nil
}

// reader returns what reads targets with some options.
func (s *session) reader(options *args.Options) *args.TargetReader {
	reader := options.Reader(s.state)
	reader.Method, reader.Body, reader.User = s.method, s.body, s.user
	return reader
}

// chain reads the targets of the command line, and those of lists.
func (s *session) chain(reader *args.TargetReader, opened []*lists.List) (chain, error) {
	var all chain
	if len(s.urls) > 0 {
		rt := sobek.New()
		read, err := reader.Read(args.Field{Path: "URLs", Value: s.plan.targets(rt), Runtime: rt})
		if err != nil {
			return nil, err
		}
		all = append(all, read)
	}
	for _, list := range opened {
		read, err := reader.ReadEntries(list)
		if err != nil {
			return nil, err
		}
		all = append(all, read)
	}
	return all, nil
}

// openList opens a list that can be read several times.
func (s *session) openList(ctx context.Context, from source) (*lists.List, error) {
	if from.kind != "sitemap" || !isHTTP(from.path) {
		list, err := s.open(from) //nolint:contextcheck // a file is read to its end
		return list, usage(err)
	}
	options := args.DefaultOptions(s.state)
	options.KeepBodies(work.MaxSitemap)
	job := s.job(work.Concurrent, nil)
	job.Engine = options.Engine(s.state, options.Build())
	job.Engine.Drain = s.drain
	var list *lists.List
	var err error
	if panicked := job.Guard(func() { list, err = job.Sitemap(ctx, from.path, s.onError()) }); panicked != nil {
		err = panicked
	}
	if err != nil {
		return nil, failed("--sitemap: " + err.Error())
	}
	return list, nil
}

func isHTTP(address string) bool {
	scheme, _, ok := strings.Cut(address, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// chain are targets of several lists, one after another.
type chain []work.Targets

// Len is how many there are, but for those of feeds.
func (c chain) Len() int {
	n := 0
	for _, part := range c {
		n += part.Len()
	}
	return n
}

// Iterator returns a feed if any part is one.
func (c chain) Iterator() fetch.Iterator {
	links := links{length: c.Len()}
	var feeds []fetch.Feed
	for _, part := range c {
		it := part.Iterator()
		links.parts = append(links.parts, it)
		if feed, ok := it.(fetch.Feed); ok {
			feeds = append(feeds, feed)
		}
	}
	if feeds == nil {
		return &links
	}
	return &feedLinks{links: &links, feeds: feeds}
}

// links go through several iterators.
type links struct {
	parts  []fetch.Iterator
	length int
}

func (l *links) Next() (fetch.Target, bool) {
	for len(l.parts) > 0 {
		if t, ok := l.parts[0].Next(); ok {
			return t, true
		}
		l.parts = l.parts[1:]
	}
	return fetch.Target{}, false
}

func (l *links) Len() int { return l.length }

// feedLinks are links of which some are feeds.
type feedLinks struct {
	*links

	feeds   []fetch.Feed
	stopped atomic.Bool
}

func (l *feedLinks) Next() (fetch.Target, bool) {
	if l.stopped.Load() {
		return fetch.Target{}, false
	}
	return l.links.Next()
}

// Len is how many targets of lists there are, and how many others have come.
func (l *feedLinks) Len() int {
	n := l.length
	for _, feed := range l.feeds {
		n += feed.Len()
	}
	return n
}

func (l *feedLinks) Stop() {
	l.stopped.Store(true)
	for _, feed := range l.feeds {
		feed.Stop()
	}
}
