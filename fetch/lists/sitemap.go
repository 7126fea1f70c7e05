package lists

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists/packed"
)

// Sitemap opens a sitemap, or all sitemaps that an index leads to, even through other indexes. child returns the file
// of a URL in an index. With Skip, a sitemap that cannot be fetched or read counts as one malformed entry. The first
// must not fail.
func Sitemap(first File, child func(loc string) (File, error), onError OnError) (*List, error) {
	var leaves []File
	names := map[string]bool{}
	walk := sitemapWalk{onError: onError}
	walk.child = func(_ context.Context, loc string) (File, error) { return child(loc) }
	walk.leaf = func(f File, _ *sitemapDecoder) error {
		if names[f.Name] {
			return broken(f.Name, 1, "more than one URL of the index leads to this file")
		}
		names[f.Name] = true
		leaves = append(leaves, f)
		return nil
	}
	if err := walk.all(context.Background(), first); err != nil {
		return nil, err
	}
	list, err := open(&contents{format: sitemap{}, onError: onError, skipFiles: walk.hasIndex}, leaves...)
	if err != nil {
		return nil, err
	}
	list.contents.skipped += walk.skipped
	return list, nil
}

// SitemapURLs is like Sitemap, for files that exist only for a short time. It reads each file before it asks for the
// next one, and keeps the URLs in memory. Relative URLs are resolved against the URL of their file. It returns an error
// as soon as the context ends.
func SitemapURLs(
	ctx context.Context, first File, child func(ctx context.Context, loc string) (File, error), onError OnError,
) (*List, error) {
	name := first.Name // not the file, which would stay in memory
	all := &sitemapURLs{onError: onError}
	walk := sitemapWalk{onError: onError, child: child, leaf: all.read}
	if err := walk.all(ctx, first); err != nil {
		return nil, err
	}
	all.urls.End(nil)
	c := &contents{format: lines{}, onError: onError}
	list, err := openContext(ctx, c, File{Name: name, Open: all.urls.Open})
	if err != nil {
		return nil, err
	}
	c.skipped += all.skipped + walk.skipped
	return list, nil
}

// maxURLs bounds the memory for the URLs of a site, in bytes.
const maxURLs = 256 << 20

// sitemapURLs are the URLs of several sitemaps, one per line.
type sitemapURLs struct {
	onError OnError
	urls    packed.Text
	skipped int
}

// read reads the rest of a sitemap.
func (s *sitemapURLs) read(f File, d *sitemapDecoder) error {
	for {
		var e Entry
		err := d.next(&e)
		if err == nil {
			if s.urls.Size()+int64(len(e.URL)) > maxURLs {
				return fatalError{fmt.Errorf("%s: the URLs of all sitemaps have more than %d MiB", f.Name, maxURLs>>20)}
			}
			if _, err = fmt.Fprintln(&s.urls, e.URL); err != nil {
				return err
			}
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		wrong := asMalformed(f.Name, d.line(), err)
		if s.onError == Fail || wrong.broken {
			return wrong
		}
		s.skipped++
	}
}
