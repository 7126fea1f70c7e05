// Command server serves a small site on loopback, for the demo and the
// examples to fetch, and runs a command against it:
//
//	server -- ./k6 run examples/compare.js
//
// The command finds the pages in its environment: BASE_URL is where the server
// listens, URLS the list of its slow pages, separated by commas, and SHOP the front
// page of a shop. SECURE_URLS are the same pages over TLS, with HTTP/2 and HTTP/3 and a
// certificate that nobody has signed. All but BASE_URL are left alone if they are set
// already. The server ends with the command, and with its exit code. Without a command it serves until
// it is interrupted.
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
	"sync"
	"syscall"
	"time"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop"
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

	quietQUIC()

	secure, stopSecure, err := site.ServeSecurely(site.Handler(1))
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "server:", err)
		return 1
	}
	defer stopSecure()

	go shop.Open().Draw() // meanwhile the command starts

	announce(stdout, base, secure, pages)

	if flags.NArg() == 0 {
		<-signals
		return 0
	}

	return command(flags.Args(), environment(os.Environ(), base, secure, pages), signals, stdin, stdout, stderr)
}

// quietQUIC keeps quic-go from warning of small UDP buffers, which do for a demo.
func quietQUIC() {
	const name = "QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING"
	if os.Getenv(name) == "" {
		_ = os.Setenv(name, "true")
	}
}

// serve serves the site on a port of loopback until stop is called.
func serve(port uint) (base string, stop func(), err error) {
	listeners, err := listen(port)
	if err != nil {
		return "", nil, err
	}

	server := &http.Server{Handler: site.Handler(1), ReadHeaderTimeout: 10 * time.Second, Protocols: site.Protocols()}

	var serving sync.WaitGroup
	for _, listener := range listeners {
		// Serve always returns an error, which matters only if listen was wrong.
		serving.Go(func() { _ = server.Serve(listener) })
	}

	return "http://" + listeners[0].Addr().String(), func() {
		_ = server.Close()
		serving.Wait()
	}, nil
}

// listen listens on a port of 127.0.0.1, and where possible on the same one of ::1: a client that asks for localhost,
// which the shop calls its second host, may try that address first, and lose time if nobody is there.
func listen(port uint) ([]net.Listener, error) {
	var config net.ListenConfig

	ctx := context.Background()

	listener, err := config.Listen(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}

	_, taken, _ := net.SplitHostPort(listener.Addr().String())
	if second, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", taken)); err == nil {
		return []net.Listener{listener, second}, nil
	}

	return []net.Listener{listener}, nil
}

// announce prints what is served where.
func announce(w io.Writer, base, secure string, pages []site.Page) {
	_, _ = fmt.Fprintf(w,
		"Demo server on %s, and with TLS and HTTP/3 on %s,\nwith a shop on %s and pages that answer after\n ",
		base, secure, site.Shop)

	for _, p := range pages {
		_, _ = fmt.Fprintf(w, " %s %.2f s", p.Path, p.Delay.Seconds())
	}

	_, _ = fmt.Fprintln(w)
}

// environment returns env with the variables for scripts.
func environment(env []string, base, secure string, pages []site.Page) []string {
	urls := func(base string) string {
		all := make([]string, len(pages))
		for i, p := range pages {
			all[i] = base + p.Path
		}

		return strings.Join(all, ",")
	}

	// If a variable occurs twice, the last one counts: BASE_URL is always the server's, the others are the user's own if
	// they are set.
	env = append([]string{
		"URLS=" + urls(base), "SECURE_URLS=" + urls(secure), "SHOP=" + base + site.Shop,
	}, env...)

	return append(env, "BASE_URL="+base)
}
