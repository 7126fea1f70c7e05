// Command server serves five slow pages on loopback, for the demo and the
// examples to fetch, and runs a command against them:
//
//	server -- ./k6 run examples/compare.js
//
// The command finds the pages in its environment: BASE_URL is where the server
// listens, URLS the list of its pages, separated by commas. URLS is left alone
// if it is set already. The server ends with the command, and with its exit
// code. Without a command it serves until it is interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// page is one page of the demo: where it is, and how long it takes to answer.
type page struct {
	path  string
	delay time.Duration
}

// demoPages returns the pages of the classic demo. One after another they take 4.08 s, all together as long as the
// slowest.
func demoPages() []page {
	return []page{
		{"/news", 570 * time.Millisecond},
		{"/wiki", 1470 * time.Millisecond},
		{"/search", 380 * time.Millisecond},
		{"/video", 1120 * time.Millisecond},
		{"/social", 540 * time.Millisecond},
	}
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main with its surroundings as arguments. It returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage: server [-port N] [-- COMMAND ARGS...]")
		flags.PrintDefaults()
	}
	port := flags.Uint("port", 0, "port on 127.0.0.1 to listen on; 0 takes a free one")

	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}

	// The command gets each signal that the server gets; see command.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	pages := demoPages()

	base, stop, err := serve(pages, *port)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "server:", err)
		return 1
	}
	defer stop()

	announce(stdout, base, pages)

	if flags.NArg() == 0 {
		<-signals
		return 0
	}

	return command(flags.Args(), environment(os.Environ(), base, pages), signals, stdin, stdout, stderr)
}

// serve answers with the pages on a port of 127.0.0.1 until stop is called.
func serve(pages []page, port uint) (base string, stop func(), err error) {
	var config net.ListenConfig

	listener, err := config.Listen(context.Background(), "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return "", nil, err
	}

	server := &http.Server{Handler: handler(pages), ReadHeaderTimeout: 10 * time.Second, Protocols: &http.Protocols{}}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true) // for examples/versions.js
	done := make(chan struct{})

	go func() {
		defer close(done)
		_ = server.Serve(listener) // always an error, which matters only if Listen was wrong
	}()

	return "http://" + listener.Addr().String(), func() {
		_ = server.Close()
		<-done
	}, nil
}

// handler answers each page after its delay, and anything else with 404.
func handler(pages []page) http.Handler {
	mux := http.NewServeMux()

	for _, p := range pages {
		mux.HandleFunc("GET "+p.path, func(w http.ResponseWriter, r *http.Request) {
			timer := time.NewTimer(p.delay)
			defer timer.Stop()

			select {
			case <-timer.C:
			case <-r.Context().Done():
				return // the client has left
			}

			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(w, "<!doctype html><title>%[1]s</title><h1>%[1]s</h1>\n", strings.TrimPrefix(p.path, "/"))
		})
	}

	return mux
}

// announce prints what is served where.
func announce(w io.Writer, base string, pages []page) {
	_, _ = fmt.Fprintf(w, "Demo server on %s, answering after\n ", base)

	for _, p := range pages {
		_, _ = fmt.Fprintf(w, " %s %.2f s", p.path, p.delay.Seconds())
	}

	_, _ = fmt.Fprintln(w)
}

// environment returns env with the variables for scripts.
func environment(env []string, base string, pages []page) []string {
	urls := make([]string, len(pages))
	for i, p := range pages {
		urls[i] = base + p.path
	}

	// If a variable occurs twice, the last one counts: BASE_URL is always the server's, URLS the user's own if it is set.
	env = append([]string{"URLS=" + strings.Join(urls, ",")}, env...)

	return append(env, "BASE_URL="+base)
}
