package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/cache"
)

// visits fetches pages one after another, as somebody who goes from page to page does. When the command is told to end,
// the visit under way ends as any run does, and of a list each further page is not run.
func (s *session) visits(ctx context.Context) (o work.Outcome) {
	pages := s.targets.Iterator()
	if feed, ok := pages.(fetch.Feed); ok {
		defer s.stopWith(ctx, feed)()
	}
	var kept *cache.Cache
	if s.options.Page.Cache != args.CacheNone {
		kept = cache.New(work.CacheOfVU)
	}
	for o.Err == nil && context.Cause(ctx) == nil {
		document, ok := pages.Next()
		if !ok {
			break
		}
		if o = s.visit(document, kept).Do(ctx, s.deliver()); o.Run != nil {
			s.view.Visited(o.Run)
		}
	}
	return o
}

// stopWith ends a feed with the command: it may wait for a page that never comes.
func (s *session) stopWith(ctx context.Context, feed fetch.Feed) (done func()) {
	ended := make(chan struct{})
	go func() {
		select {
		case <-s.drain:
			feed.Stop()
		case <-ctx.Done():
			feed.Stop()
		case <-ended:
		}
	}()
	return func() { close(ended) }
}

// visit makes a job of a page, as page() does.
func (s *session) visit(document fetch.Target, kept *cache.Cache) *work.Job {
	if document.Spec == nil {
		document.Spec = s.options.Build()
	}
	document.Spec = args.DocumentSpec(document.Spec)
	visit := &work.Visit{Document: document, Options: s.options.Visit(document.Spec)}
	visit.Options.Cache = kept
	j := s.job(work.Page, visit)
	j.Visit = visit
	return j
}

// setFilter adds a type, a host, or a /pattern/ of URLs.
func setFilter(p *plan, f *flag, text string) error {
	filters, _ := p.value(f.option).(literal.List)
	var filter literal.Value = text
	if strings.HasPrefix(text, "/") {
		pattern, ok := literal.PatternOf(text)
		if !ok {
			return usagef("%s must be a type, a host or a /pattern/ as in JavaScript; got %q", f.path(), masked(text))
		}
		filter = pattern
	}
	return p.set(f, f.option, append(filters, filter))
}

// setCache keeps responses as long as the command runs, which is a VU of its own.
func setCache(p *plan, f *flag, _ string) error { return p.set(f, f.option, "vu") }

func setViewport(p *plan, f *flag, text string) error {
	width, height, ok := strings.Cut(text, "x")
	if !ok {
		return usagef("%s must be width x height in CSS pixels, such as 390x844; got %q", f.path(), text)
	}
	return p.set(f, f.option, literal.Object{
		{Name: "width", Value: literal.Number(width)}, {Name: "height", Value: literal.Number(height)},
	})
}

// visitCall is the body of the default function of a script that visits pages.
func (w *scriptWriter) visitCall(pages, call string) string {
	if len(w.urls) == 0 && len(w.sources) == 1 && w.method == "" {
		pages += ".toJSON()" // others are in an array already
	}
	return fmt.Sprintf("  for (const url of %s) {\n    %s;\n  }\n", pages, call)
}
