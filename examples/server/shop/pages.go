package shop

import (
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

// pages are the templates of pages: each has a head and a body.
//
//go:embed pages
var pages embed.FS

// The pages whose head and body are those of head.html and body.html around parts of their own, and the frames, which
// have their own.
//
//nolint:gochecknoglobals // constant tables
var (
	formed = []string{"front", "category", "product", "broken"}
	frames = []string{"map", "pay"}
)

func parsePages() (map[string]*template.Template, error) {
	parsed := make(map[string]*template.Template)
	for _, name := range slices.Concat(formed, frames) {
		parts := []string{"pages/" + name + ".html"}
		if slices.Contains(formed, name) {
			parts = append(parts, "pages/head.html", "pages/body.html", "pages/ware.html")
		}
		page, err := template.ParseFS(pages, parts...)
		if err != nil {
			return nil, err
		}
		parsed[name] = page
	}
	return parsed, nil
}

// addPages adds all pages and frames.
func (s *Shop) addPages(mux *http.ServeMux, times float64) {
	add := func(path, page, delay string, subject any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if wait(r.Context(), delay, times) {
				s.show(w, r, times, page, subject)
			}
		})
	}
	add("/shop/{$}", "front", "document", nil)
	add("/shop/broken", "broken", "document", nil)
	add("/shop/map", "map", "frame", nil)
	add("/cdn/pay", "pay", "frame", nil)
	for _, c := range s.categories {
		add(c.Path(), "category", "document", c)
		for _, w := range c.Wares {
			add(w.Path(), "product", "document", w)
		}
	}
}

// show renders a page about a subject, and serves it.
func (s *Shop) show(w http.ResponseWriter, r *http.Request, times float64, page string, subject any) {
	v := &view{shop: s, cdn: cdn(r), Subject: subject}
	if strings.HasPrefix(r.URL.Path, "/cdn/") {
		v.cdn = "" // it is there already
	}
	d, err := render(s.pages[page], v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	d.serve(w, r, times)
}
