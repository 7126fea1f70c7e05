package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

Written by %[1]s%[2]s%[1]s; no number in it was typed by hand.

Unless a row says otherwise, it compares the extension with %[1]shttp.batch%[1]s on the same URLs. A figure is the user and system time
of the client process per request, with all of k6's metrics but without k6's start-up, divided by that of %[1]shttp.batch%[1]s. So
%[1]shttp.batch%[1]s is 1.00, and lower is better. The two take turns, and each pair of turns gives one ratio; the table shows the
median, the lowest and the highest.

- A call has %[3]d URLs. Bodies have 1 KB and are discarded.
- Everything goes over loopback. The server runs in a session of its own, as services do. Its response heads stay the same for
  a second at a time, and results keep such a head once.
- Memory per URL is the growth of the process's peak from one call of 10,000 URLs to a larger one, for each additional URL. It
  includes the script's own list.
- Lists are read from a compressed file. Their CPU is compared over the same number of URLs, in one call and in calls of 10,000;
  their memory is the peak of a process that fetches the list once. k6's summary and thresholds keep about 120 bytes of each
  request, so they are turned off for lists, and the file, which k6 keeps, is subtracted.
- HTTP/3 is compared with quic-go's own client, which takes the same times of each request and emits nothing, because
  %[1]shttp.batch%[1]s has no HTTP/3. The server is quic-go's as well.
- The link that loses packets connects two network namespaces. It drops %.0[4]f %% of the packets, of TCP and of UDP alike, and
  delays the others by %[5]d ms each way. The server is one in Go for both, and both have the congestion control cubic. It takes
  root, and is measured alone by %[1]ssudo make bench BENCHFLAGS=-only=loss%[1]s.

`, "`", command, urlsPerCall, 100*lossShare, lossDelay)
	r.rowTable().markdown(&out)
	fmt.Fprint(&out, "\nThe same in absolute terms: the medians of CPU and wall clock per request, and of peak memory. They are valid for this\n"+
		"machine at that time; only the ratios carry over to others.\n\n")
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
	fmt.Fprintf(&out, "Cost relative to `http.batch` (1.00; lower is better), the median of several paired runs by `%s`:\n\n", command)
	r.shortTable().markdown(&out)
	fmt.Fprint(&out, "\n[Benchmarks](docs/benchmarks.md) has all rows, their spread, and the method.\n")
	return os.WriteFile(path, []byte(before+beginMark+out.String()+rest), 0o644) // #nosec G306 G703 -- a document
}

// headlines are the rows that the README shows.
var headlines = []string{
	"CPU, concurrency 32", "wall clock of one call", "CPU, HTTP/2, concurrency 32", "CPU, one call of 100,000",
}

// shortTable is the table of the README.
func (r *report) shortTable() table {
	t := table{{"what", "relative cost"}}
	for i := range r.rows {
		if one := &r.rows[i]; slices.Contains(headlines, one.what) {
			t = append(t, []string{one.what, one.value(median(one.values))})
		}
	}
	return t
}
