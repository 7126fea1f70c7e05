package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
)

var listens = regexp.MustCompile(`(?s)listen 127\.0\.0\.1:(\d+)( ssl)?( http2)?.*?rewrite \^ /(\w+\.html)`)

// serve is the server if nginx is missing. It serves the prepared directory on the ports of its configuration until it
// is stopped.
func serve(dir string) error {
	conf, err := os.ReadFile(filepath.Join(dir, "nginx.conf")) // #nosec G304 -- made by this program
	if err != nil {
		return err
	}
	failed := make(chan error)
	for _, listen := range listens.FindAllStringSubmatch(string(conf), -1) {
		page, err := os.ReadFile(filepath.Join(dir, "pages", listen[4])) // #nosec G304 G703 -- as above
		if err != nil {
			return err
		}
		size := strconv.Itoa(len(page))
		srv := &http.Server{ // #nosec G112 -- its clients are known
			Addr: "127.0.0.1:" + listen[1],
			Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				w.Header().Set("Content-Length", size)
				_, _ = w.Write(page)
			}),
			Protocols: new(http.Protocols),
		}
		srv.Protocols.SetHTTP1(true)
		srv.Protocols.SetHTTP2(listen[3] != "")
		go func() {
			if listen[2] == "" {
				failed <- srv.ListenAndServe()
			} else {
				failed <- srv.ListenAndServeTLS(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
			}
		}()
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	select {
	case <-stop:
		return nil
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	}
}
