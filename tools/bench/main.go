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
		b      bench
		only   string
		write  bool
		isBare int
		dir    string
		limit  time.Duration
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
	flag.IntVar(&isBare, "bare", -1, "be the bare client, and make so many requests")
	flag.StringVar(&dir, "serve", "", "be the server, in this directory")
	flag.Parse()

	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %s", limit))
	defer cancel()
	var err error
	switch {
	case isBare >= 0:
		err = fetchBare(flag.Arg(0), isBare)
	case dir != "":
		err = serve(dir)
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
