package source

import (
	"errors"
	"fmt"
	"io"
)

// maxSitemaps bounds how many files a sitemap index leads to; a sitemap may have 50,000 URLs, and so may an index.
const maxSitemaps = 50_000

// sitemapWalk goes through sitemap indexes, and to each of the sitemaps once.
type sitemapWalk struct {
	// child is asked for the file of a URL, leaf is given those that are no indexes, in their order.
	child   func(loc string) (File, error)
	leaf    func(f File, isFirst bool) error
	onError OnError

	hasIndex bool
	skipped  int
	seen     map[string]bool
	pending  []sitemapLoc
}

// sitemapLoc is a URL in an index.
type sitemapLoc struct{ loc, index string }

// all goes from the first file to all others. With Skip, those of them that fail are counted.
func (w *sitemapWalk) all(first File) error {
	w.seen = map[string]bool{first.Name: true}
	if err := w.visit(first, true); err != nil {
		return err
	}
	for len(w.pending) > 0 {
		if len(w.seen) > maxSitemaps {
			return fmt.Errorf("%s leads to more than %d sitemaps", first.Name, maxSitemaps)
		}
		next := w.pending[0]
		w.pending = w.pending[1:]
		f, err := w.child(next.loc)
		if err != nil {
			err = fmt.Errorf("%s: %w", next.index, err)
		} else {
			err = w.visit(f, false)
		}
		if err != nil {
			if w.onError == Fail {
				return err
			}
			w.skipped++
		}
	}
	return nil
}

func (w *sitemapWalk) visit(f File, isFirst bool) error {
	opened, err := newFile(f)
	if err != nil {
		return err
	}
	r, err := opened.from(0)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	d := newSitemapDecoder(f.Name, r, place{})
	switch root, err := d.root(); {
	case err != nil:
		return asMalformed(f.Name, d.line(), err)
	case root == "sitemapindex":
		w.hasIndex = true
		return w.readIndex(d)
	default:
		return w.leaf(f, isFirst)
	}
}

// readIndex notes the URLs of the sitemaps in an index.
func (w *sitemapWalk) readIndex(d *sitemapDecoder) error {
	for {
		loc, err := d.loc("sitemap")
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if wrong := checkURL(loc); wrong != "" {
				err = d.malformed(wrong)
			}
		}
		switch {
		case err != nil:
			wrong := asMalformed(d.name, d.line(), err)
			if w.onError == Fail || wrong.broken {
				return wrong
			}
			w.skipped++
		case !w.seen[loc]:
			w.seen[loc] = true
			w.pending = append(w.pending, sitemapLoc{loc, d.name})
		}
	}
}
