package web

import (
	"net/http"
)

// cookieRoutes adds what sets and deletes cookies, and answers whose headers are special.
func cookieRoutes(mux *http.ServeMux) {
	// /own/1 sets a cookie and fails; asked again, it sets another and leads to /echo.
	mux.HandleFunc("/own/{n}", func(w http.ResponseWriter, r *http.Request) {
		n := r.PathValue("n")
		if _, err := r.Cookie("own"); err != nil {
			w.Header().Set("Set-Cookie", "own="+n+"; Path=/")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Set-Cookie", "again="+n+"; Path=/")
		http.Redirect(w, r, "/echo", http.StatusFound)
	})
	mux.HandleFunc("/forget/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", r.PathValue("name")+"=; Path=/; Max-Age=-1")
		http.Redirect(w, r, "/echo", http.StatusFound)
	})
	mux.HandleFunc("/cookies", func(w http.ResponseWriter, _ *http.Request) { // of several kinds
		for _, c := range []string{
			"plain=1", "path=2; Path=/redirect", "root=3; Path=/", "gone=4; Max-Age=-1", "later=5; Max-Age=60; HttpOnly",
			"safe=6; Secure", "else=7; Domain=elsewhere.test", `quoted="a b"`, "two=1", "two=2; Path=/redirect",
		} {
			w.Header().Add("Set-Cookie", c)
		}
	})
	mux.HandleFunc("/cookie-then-echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", "mine="+r.FormValue("value")+"; Path=/")
		http.Redirect(w, r, "/echo", http.StatusFound)
	})
	mux.HandleFunc("/empty-gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/many", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["X-Many"] = []string{"a", "b, c"}
		w.Header().Set("X-Empty", "")
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/echo")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
}
