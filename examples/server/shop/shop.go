// Package shop is a small shop, to fetch pages from with all that they need, as a browser does. Its pages have all that
// pages have, each for a reason that a shop would have. They stream, and they tell caches what to keep.
//
// It has two hosts, although one listener serves both: the shop, and a content delivery network (CDN). The CDN is the
// other name of loopback: localhost for a visitor of 127.0.0.1, and the other way round.
package shop

import (
	"html/template"
	"net/http"
	"path"
	"regexp"
	"sync"
)

// Shop is what the shop serves.
type Shop struct {
	categories []*category
	resources  map[string]*resource // by path
	assets     map[string]*resource // those that have a hash in their name, by the name without it
	pages      map[string]*template.Template
}

// Open returns the shop. There is one, which does not change.
//
//nolint:gochecknoglobals // made once
var Open = sync.OnceValue(func() *Shop {
	s, err := build()
	if err != nil {
		panic(err) // the tests would have found it, because the files are part of the program
	}
	return s
})

func build() (*Shop, error) {
	s := &Shop{
		categories: catalogue(),
		resources:  make(map[string]*resource),
		assets:     make(map[string]*resource),
	}
	if err := s.addFiles(); err != nil {
		return nil, err
	}
	s.addImages()
	s.addBroken()
	var err error
	s.pages, err = parsePages()
	return s, err
}

// Draw draws the pictures of the front page, so that its first visitor does not wait for them longer than others.
func (s *Shop) Draw() {
	for _, page := range []string{"front", "map"} {
		d, err := render(s.pages[page], &view{shop: s})
		if err != nil {
			return // whoever asks for the page learns why
		}
		for _, path := range regexp.MustCompile(`/cdn/images/[\w.-]+`).FindAllString(string(d.body), -1) {
			_, _ = s.resources[path].body() // likewise
		}
	}
}

// Add adds the shop's pages and resources to mux, with its delays multiplied by times.
func (s *Shop) Add(mux *http.ServeMux, times float64) {
	s.addPages(mux, times)
	mux.HandleFunc("GET /shop", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/shop/", http.StatusMovedPermanently)
	})
	mux.HandleFunc("GET /shop/campaign", func(w http.ResponseWriter, r *http.Request) {
		if wait(r.Context(), "redirect", times) {
			w.Header().Set("Cache-Control", checked)
			// #nosec G710 -- to this server, by a name of loopback or the one that the visitor used
			http.Redirect(w, r, cdn(r)+imagePath("autumn", 1200, ".jpg"), http.StatusFound)
		}
	})
	mux.HandleFunc("GET /shop/basket.json", func(w http.ResponseWriter, r *http.Request) {
		if wait(r.Context(), "basket.json", times) {
			w.Header().Set("Cache-Control", never)
			w.Header().Set("Content-Type", mediaTypes[".json"])
			_, _ = w.Write([]byte(`{"items":2,"total":194}` + "\n"))
		}
	})
	for _, folder := range []string{"/shop/", "/cdn/"} {
		mux.HandleFunc("GET "+folder, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, times) })
	}
}

// serve serves a resource.
func (s *Shop) serve(w http.ResponseWriter, r *http.Request, times float64) {
	found, name := s.resources[path.Clean(r.URL.Path)], "missing"
	if found != nil {
		name = found.name
	}
	switch {
	case !wait(r.Context(), name, times): // the client has left
	case found == nil:
		http.NotFound(w, r)
	default:
		found.serve(w, r)
	}
}
