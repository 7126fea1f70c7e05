// Package site is what the examples fetch: slow pages that link to each other, a sitemap of them, an API behind a
// login, and a shop.
package site

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop"
)

// Page is one page: where it is, how long it takes to answer, and what it links to.
type Page struct {
	Path  string
	Delay time.Duration
	Links []string
}

// Pages returns the pages of the classic demo. One after another they take 4.08 s, all together as long as the slowest.
// One of them links to a page that does not exist.
func Pages() []Page {
	return []Page{
		{"/news", 570 * time.Millisecond, []string{"/wiki", "/video"}},
		{"/wiki", 1470 * time.Millisecond, []string{"/news", "/gone"}},
		{"/search", 380 * time.Millisecond, nil},
		{"/video", 1120 * time.Millisecond, []string{"/social"}},
		{"/social", 540 * time.Millisecond, []string{"/video", "mailto:us@example.com"}},
	}
}

// Shop is where the front page of the shop is.
const Shop = "/shop/"

// Handler serves the site, with its delays multiplied by times. What does not exist is a 404.
func Handler(times float64) http.Handler {
	mux := http.NewServeMux()

	for _, p := range Pages() {
		delay := time.Duration(times * float64(p.Delay))
		mux.HandleFunc("GET "+p.Path, func(w http.ResponseWriter, r *http.Request) {
			timer := time.NewTimer(delay)
			defer timer.Stop()

			select {
			case <-timer.C:
				write(w, p.Path[1:], p.Links)
			case <-r.Context().Done(): // the client has left
			}
		})
	}

	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { write(w, "home", paths()) })
	mux.HandleFunc("GET /sitemap.xml", sitemap)
	mux.HandleFunc("GET /health/{service}", health)
	addAPI(mux)
	shop.Open().Add(mux, times)

	return mux
}

func paths() []string {
	pages := Pages()
	all := make([]string, len(pages))

	for i, p := range pages {
		all[i] = p.Path
	}

	return all
}

//nolint:gochecknoglobals // a constant
var page = template.Must(template.New("page").Parse(
	"<!doctype html><title>{{.Name}}</title><h1>{{.Name}}</h1>\n{{range .Links}}<a href=\"{{.}}\">{{.}}</a>\n{{end}}"))

func write(w http.ResponseWriter, name string, links []string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, struct {
		Name  string
		Links []string
	}{name, links})
}

func sitemap(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprintln(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)

	for _, path := range paths() {
		_, _ = fmt.Fprintf(w, "<url><loc>http://%s%s</loc></url>\n", template.HTMLEscapeString(r.Host), path)
	}

	_, _ = fmt.Fprintln(w, `</urlset>`)
}

// health answers for the services of examples/fleet.csv.
func health(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains([]string{"orders", "payments", "users"}, r.PathValue("service")) {
		http.NotFound(w, r)
		return
	}

	reply(w, map[string]string{"status": "up"})
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")

	if err := json.NewEncoder(w).Encode(body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Protocols are those that the site speaks: HTTP/1.1, and HTTP/2 with prior knowledge.
func Protocols() *http.Protocols {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return protocols
}
