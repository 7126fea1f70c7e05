package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
)

// maps is the site of the host maps.example, which has sitemaps of the site of web.test.
func maps() http.Handler {
	mux := http.NewServeMux()
	for path, text := range map[string]string{
		"/index.xml": "<sitemapindex><sitemap><loc>http://maps.example/one.xml</loc></sitemap>" +
			"<sitemap><loc>http://maps.example/two.xml</loc></sitemap></sitemapindex>",
		"/one.xml": "<urlset><url><loc>http://web.test/status/200?one</loc></url></urlset>",
		"/two.xml": "<urlset><url><loc>http://web.test/status/200?two</loc></url>" +
			"<url><loc>http://web.test/status/200?three</loc></url></urlset>",
		"/urls.csv": "what,where,called,kind,text\nget,http://web.test/echo?1,first,a/b,\n",
		"/pages": "<sitemapindex><sitemap><loc>http://maps.example/gone</loc></sitemap>" +
			"<sitemap><loc>http://maps.example/one.xml</loc></sitemap></sitemapindex>",
		"/slashes": "<sitemapindex><sitemap><loc>/slash</loc></sitemap>" +
			"<sitemap><loc>/slashes</loc></sitemap></sitemapindex>",
		"/slash":      "<urlset><url><loc>/page?a=1&b=2</loc></url></urlset>",
		"/deep/slash": "<urlset><url><loc>/page</loc></url><url><loc>./near</loc></url></urlset>",
		"/attributes": "<urlset><url " + strings.Repeat("a='' ", 1<<20) + "></url></urlset>",
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
	mux.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://moved.example/deep/slash", http.StatusFound)
	})
	mux.HandleFunc("GET /bomb", func(w http.ResponseWriter, _ *http.Request) {
		zipped := gzip.NewWriter(w)
		_, _ = zipped.Write([]byte("<urlset>"))
		for range 65 << 10 {
			_, _ = zipped.Write([]byte("<!--" + strings.Repeat(" ", 1<<10) + "-->"))
		}
		_ = zipped.Close()
	})
	return mux
}
