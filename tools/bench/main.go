// Bench measures what the extension costs, and compares it with http.batch and with other clients. See `make bench`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// bench is one run of this program.
type bench struct {
	k6Path string
	// against is another k6 with the extension. If it is given, the two are compared and nothing else.
	against string
	tools   string // the folder of hey and vegeta
	repo    string
	rounds  int
	long    bool
	only    *regexp.Regexp

	dir     string // for temporary files
	server  *server
	report  report
	skipped []string
}

func main() {
	var (
		b     bench
		only  string
		write bool
		bare  bareLoad
		dir   string
		addr3 string
		limit time.Duration
	)
	flag.StringVar(&b.k6Path, "k6", "./k6", "k6 with the extension")
	flag.StringVar(&b.against, "against", "", "compare only with this other k6 with the extension, and write nothing")
	flag.StringVar(&b.tools, "tools", "build/bin", "where hey and vegeta are")
	flag.StringVar(&b.repo, "repo", ".", "the repository, for the README and docs/benchmarks.md")
	flag.IntVar(&b.rounds, "rounds", 5, "pairs of each measurement")
	flag.BoolVar(&b.long, "long", false, "also make calls and lists of 1,000,000 URLs")
	flag.StringVar(&only, "only", "", "measure only what matches this expression")
	flag.BoolVar(&write, "write", true, "write docs/benchmarks.md and the table in the README")
	flag.DurationVar(&limit, "limit", time.Hour, "give up after this time")
	flag.IntVar(&bare.count, "bare", -1, "be the bare client, and make so many requests")
	flag.IntVar(&bare.concurrency, "concurrency", bareConcurrency, "how many requests the bare client makes at once")
	flag.BoolVar(&bare.http3, "http3", false, "be quic-go's client for HTTP/3 instead of net/http's")
	flag.StringVar(&dir, "serve", "", "be the server, in this directory")
	flag.StringVar(&addr3, "serve3", "", "be the server of HTTP/3 at this address")
	flag.Parse()

	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %s", limit))
	defer cancel()
	var err error
	switch {
	case bare.count >= 0:
		bare.url = flag.Arg(0)
		err = fetchBare(bare)
	case dir != "":
		err = serve(dir)
	case addr3 != "":
		err = serve3(addr3, flag.Arg(0))
	default:
		if b.only, err = regexp.Compile(only); err == nil {
			err = b.main(ctx, write && only == "")
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// main measures, prints and writes.
func (b *bench) main(ctx context.Context, write bool) (err error) {
	if b.dir, err = os.MkdirTemp("", "xk6-fetch-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err = os.CopyFS(b.dir, scripts); err != nil {
		return err
	}
	if b.k6Path, err = exec.LookPath(b.k6Path); err != nil {
		return err
	}
	if b.server, err = startServer(ctx, b.dir); err != nil {
		return err
	}
	adopt()
	begin := newMeter()
	measureAll := b.measureAll
	if b.against != "" {
		measureAll, write = b.measureAgainst, false
	}
	err = measureAll(ctx)
	b.server.stop()
	if err != nil {
		return err
	}
	b.report.surroundings = b.surroundings(ctx, begin)
	b.report.skipped = b.skipped
	b.report.print(os.Stdout)
	if !write {
		return nil
	}
	return b.report.write(b.repo, b.long)
}

func (b *bench) script(name string) string { return filepath.Join(b.dir, "scripts", name) }

// skip notes what is not compared, and why.
func (b *bench) skip(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	b.skipped = append(b.skipped, line)
	fmt.Fprintln(os.Stderr, "skipped", line)
}
