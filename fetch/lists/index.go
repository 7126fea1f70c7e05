package lists

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
)

const (
	// maxSitemaps bounds how many files a sitemap index leads to. A sitemap may have 50,000 URLs, and so may an index.
	maxSitemaps = 50_000
	// maxLocs bounds the total length of these files' URLs in bytes.
	maxLocs = 16 << 20
)

// sitemapWalk follows sitemap indexes, and visits each sitemap once.
type sitemapWalk struct {
	// child returns the file of a URL. leaf gets each sitemap that is not an index, in order, with a decoder that has read
	// the root.
	child   func(ctx context.Context, loc string) (File, error)
	leaf    func(f File, d *sitemapDecoder) error
	onError OnError

	hasIndex bool
	skipped  int
	seen     map[string]bool
	locs     int // total length of the URLs in seen
	pending  []sitemapLoc
}

// sitemapLoc is a URL in an index.
type sitemapLoc struct{ loc, index string }

// fatalError is an error that Skip does not skip.
type fatalError struct{ error }

// all visits the first file and all files that it leads to. With Skip, it counts those that fail, except the first.
func (w *sitemapWalk) all(ctx context.Context, first File) error {
	w.seen = map[string]bool{first.Name: true, first.URL: true}
	if err := w.visit(ctx, first); err != nil {
		return err
	}
	for len(w.pending) > 0 {
		next := w.pending[0]
		w.pending = w.pending[1:]
		f, err := w.child(ctx, next.loc)
		if err != nil {
			err = fmt.Errorf("%s: %w", next.index, err)
		} else {
			err = w.visit(ctx, f)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			if w.onError == Fail || errors.As(err, new(fatalError)) {
				return err
			}
			w.skipped++
		}
	}
	return nil
}

func (w *sitemapWalk) visit(ctx context.Context, f File) error {
	opened, err := newFile(f.until(ctx))
	if err != nil {
		return err
	}
	r, err := opened.from(0)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	d := newSitemapDecoder(f.Name, givenUp{r, ctx}, place{})
	if f.URL != "" {
		if d.base, err = url.Parse(f.URL); err != nil {
			return fmt.Errorf("%s: its URL cannot be parsed", f.Name)
		}
	}
	switch root, err := d.root(); {
	case err != nil:
		return asMalformed(f.Name, d.line(), err)
	case root == "sitemapindex":
		w.hasIndex = true
		return w.readIndex(d)
	default:
		return w.leaf(f, d)
	}
}

// readIndex notes the URLs in an index.
func (w *sitemapWalk) readIndex(d *sitemapDecoder) error {
	for {
		var e Entry
		err := d.next(&e)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			wrong := asMalformed(d.name, d.line(), err)
			if w.onError == Fail || wrong.broken {
				return wrong
			}
			w.skipped++
		case !w.seen[e.URL]:
			w.locs += len(e.URL)
			if len(w.seen) > maxSitemaps || w.locs > maxLocs {
				return fatalError{fmt.Errorf("%s leads to more than %d sitemaps, or their URLs have more than %d MiB",
					d.name, maxSitemaps, maxLocs>>20)}
			}
			w.seen[e.URL] = true
			w.pending = append(w.pending, sitemapLoc{e.URL, d.name})
		}
	}
}
