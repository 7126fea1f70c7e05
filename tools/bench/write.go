package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The table of the README is between these marks.
const beginMark, endMark = "<!-- bench -->\n", "<!-- /bench -->"

// write writes docs/benchmarks.md and the table of the README.
func (r *report) write(repo string, long bool) error {
	command := "make bench"
	if long {
		command = "make bench-long"
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `# Benchmarks

Written by %[1]s%[2]s%[1]s; nothing in it was typed by hand.

What is compared, unless a row says otherwise, is what %[1]shttp.batch%[1]s takes for the same URLs: user and system time of
the client's process for each request, with all of k6's metrics, k6's own start-up taken off. It is 1.00 for
%[1]shttp.batch%[1]s, and lower is better. Both take turns, and each turn is a ratio of its own: of these the median, the
lowest and the highest are shown. Bodies have 1 KB and are discarded, a call has %[3]d URLs, and everything goes over
loopback, from a server in a session of its own, as services are. Its heads are the same for a second at a time, and
results keep such a head once. Memory per URL is how much the peak of the process grows from one call of 10,000 URLs to
that one, for each further URL; what the script's own list takes is in it.

A list is read from a compressed file. Its CPU is compared over the same number of URLs, in one call and in calls of
10,000; its memory is the peak of a process that fetches it once. k6's summary and thresholds, which keep about 120
bytes of each request, are turned off for it, and the file, which k6 keeps, is taken off.

`, "`", command, urlsPerCall)
	r.rowTable().markdown(&out)
	fmt.Fprint(&out, "\nThe same measurements in absolute terms: medians of CPU and wall clock per request, and of the peak of the memory.\n"+
		"They hold for this machine at that time; only the ratios above carry over.\n\n")
	r.detailTable().markdown(&out)
	fmt.Fprintln(&out)
	for _, line := range r.surroundings {
		fmt.Fprintln(&out, "-", line)
	}
	for _, line := range r.skipped {
		fmt.Fprintln(&out, "- not compared:", line)
	}
	if err := os.WriteFile(filepath.Join(repo, "docs", "benchmarks.md"), out.Bytes(), 0o644); err != nil { // #nosec G306 -- a document
		return err
	}
	return r.writeREADME(filepath.Join(repo, "README.md"), command)
}

// writeREADME replaces the text between the marks.
func (r *report) writeREADME(path, command string) error {
	data, err := os.ReadFile(path) // #nosec G304 -- the repository's
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), beginMark)
	if !ok {
		return nil
	}
	if _, after, ok := strings.Cut(rest, endMark); ok {
		rest = endMark + after
	} else {
		rest = endMark + "\n" + rest
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "What it costs, measured by `%s` as the median of several pairs; `http.batch` is 1.00 where nothing else is\n"+
		"named. [docs/benchmarks.md](docs/benchmarks.md) says how, on what, and how far the values spread.\n\n", command)
	r.shortTable().markdown(&out)
	return os.WriteFile(path, []byte(before+beginMark+out.String()+rest), 0o644) // #nosec G306 G703 -- a document
}

// shortTable is the table of the README.
func (r *report) shortTable() table {
	t := table{{"what", "measured"}}
	for i := range r.rows {
		one := &r.rows[i]
		t = append(t, []string{one.what, one.value(median(one.values))})
	}
	return t
}
