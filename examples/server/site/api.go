package site

import (
	"net/http"
	"strconv"
)

// token is what a login gets. It opens nothing but this demo.
const token = "demo" // #nosec G101 -- no secret

const orders = 8

// addAPI adds a login, and the orders of whoever is logged in: the list of their ids, and each by its id.
func addAPI(mux *http.ServeMux) {
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("user") != "demo" || r.PostFormValue("password") != "demo" {
			http.Error(w, "wrong user or password", http.StatusUnauthorized)
			return
		}

		reply(w, map[string]string{"token": token})
	})

	mux.HandleFunc("GET /api/orders", withToken(func(w http.ResponseWriter, _ *http.Request) {
		ids := make([]int, orders)
		for i := range ids {
			ids[i] = i + 1
		}

		reply(w, ids)
	}))

	mux.HandleFunc("GET /api/orders/{id}", withToken(func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil || id < 1 || id > orders {
			http.NotFound(w, r)
			return
		}

		reply(w, map[string]int{"id": id, "total": 10 * id})
	}))
}

func withToken(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}

		serve(w, r)
	}
}
