// Command server serves a small site on loopback, for the demo and the
// examples to fetch, and runs a command against it:
//
//	server -- ./k6 run examples/compare.js
//
// The command finds the pages in its environment: BASE_URL is where the server
// listens, URLS the list of its slow pages, separated by commas. URLS is left alone
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

	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
)

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

	pages := site.Pages()

	base, stop, err := serve(*port)
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

// serve serves the site on a port of 127.0.0.1 until stop is called.
func serve(port uint) (base string, stop func(), err error) {
	var config net.ListenConfig

	listener, err := config.Listen(context.Background(), "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return "", nil, err
	}

	server := &http.Server{Handler: site.Handler(1), ReadHeaderTimeout: 10 * time.Second, Protocols: site.Protocols()}
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

// announce prints what is served where.
func announce(w io.Writer, base string, pages []site.Page) {
	_, _ = fmt.Fprintf(w, "Demo server on %s, answering after\n ", base)

	for _, p := range pages {
		_, _ = fmt.Fprintf(w, " %s %.2f s", p.Path, p.Delay.Seconds())
	}

	_, _ = fmt.Fprintln(w)
}

// environment returns env with the variables for scripts.
func environment(env []string, base string, pages []site.Page) []string {
	urls := make([]string, len(pages))
	for i, p := range pages {
		urls[i] = base + p.Path
	}

	// If a variable occurs twice, the last one counts: BASE_URL is always the server's, URLS the user's own if it is set.
	env = append([]string{"URLS=" + strings.Join(urls, ",")}, env...)

	return append(env, "BASE_URL="+base)
}
