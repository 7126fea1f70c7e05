package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

const (
	// fewListed is the length of the list that longer ones are compared with.
	fewListed = 10_000
	// leastListed is how many URLs a process fetches at least if its CPU time is measured.
	leastListed = 100_000
	// longListRounds bounds the rounds with lists of 1,000,000.
	longListRounds = 3
)

// listSize is a list of a size: fetched once for the peak of memory, and repeatedly for the CPU time.
type listSize struct {
	urls      int
	fileBytes int64
	once      *way
	often     *way
}

// growLists fetches lists from files, each ten times as long as the one before.
func (b *bench) growLists(ctx context.Context, name string) error {
	rounds, sizes := b.rounds, []int{1_000, fewListed, 100_000}
	if b.long {
		rounds, sizes = min(rounds, longListRounds), append(sizes, 1_000_000)
	}
	empty, err := b.list("empty", 0, 1, nil)
	if err != nil {
		return err
	}
	kinds := map[string][]*listSize{}
	var ways []*way
	for _, kind := range []string{"onResult", "results"} {
		for _, urls := range sizes {
			one, err := b.listSize(kind, urls, sizes[len(sizes)-1], empty.once)
			if err != nil {
				return err
			}
			kinds[kind] = append(kinds[kind], one)
			ways = append(ways, one.once)
			if one.often != one.once {
				ways = append(ways, one.often)
			}
		}
	}
	s, err := b.run(ctx, name, rounds, ways...)
	if err != nil {
		return err
	}
	b.reportLists(name, s, kinds)
	return nil
}

// reportLists adds the rows of that.
func (b *bench) reportLists(name string, s *series, kinds map[string][]*listSize) {
	of := func(kind string, urls int) *listSize {
		for _, one := range kinds[kind] {
			if one.urls == urls {
				return one
			}
		}
		panic("no such list")
	}
	flat := kinds["onResult"]
	most := flat[len(flat)-1].urls
	against := fmt.Sprintf("%s against %s", group(most), group(fewListed))
	few, many := of("onResult", fewListed), of("onResult", most)
	b.report.add(row{
		what: "CPU per URL of a list, " + against, must: 1.10, aim: 1.03, values: ratios(s.cpu(many.often), s.cpu(few.often)),
	})
	b.report.add(row{
		what: "peak memory of a list, " + against + ", beyond what k6's metrics keep", must: 1.15, aim: 1.05,
		values: ratios(many.peak(s), few.peak(s)),
	})
	few, many = of("results", fewListed), of("results", most)
	b.report.add(row{
		what: "CPU per URL of a list with results, " + against, must: 1.10, aim: 1.03,
		values: ratios(s.cpu(many.often), s.cpu(few.often)),
	})
	perURL, without := many.peak(s), of("onResult", most).peak(s)
	for i := range perURL {
		perURL[i] = (perURL[i] - without[i]) * 1e3 / float64(most)
	}
	b.report.add(row{
		what: "memory per URL of a list with results, of " + group(most), unit: " KB", must: .3, aim: .2, values: perURL,
	})
	for _, kind := range []string{"onResult", "results"} {
		for _, one := range kinds[kind] {
			b.report.details = append(b.report.details, detail{
				where: name + ", " + kind, client: group(one.urls) + " URLs",
				cpu: median(s.cpu(one.often)), wall: median(s.wall(one.often)), peak: median(one.peak(s)),
			})
		}
	}
}

// peak is the peak of memory in MB, by round, without the file, because k6 has it twice while it reads it.
func (l *listSize) peak(s *series) []float64 {
	peaks := s.rss(l.once)
	for i := range peaks {
		peaks[i] -= 2 * float64(l.fileBytes) / 1e6
	}
	return peaks
}

// listSize prepares a list to be fetched. The longest list is compared with the same number of URLs in short ones.
func (b *bench) listSize(kind string, urls, longest int, empty *way) (*listSize, error) {
	total := max(urls, leastListed)
	if urls == fewListed {
		total = longest
	}
	return b.list(kind, urls, total/urls, empty)
}

// list writes a list of a length, and returns the ways of fetching it.
func (b *bench) list(kind string, urls, calls int, empty *way) (*listSize, error) {
	path := filepath.Join(b.dir, "urls-"+strconv.Itoa(urls)+".txt.gz")
	if err := writeList(path, b.server.url(b.server.Ports.Plain), urls); err != nil {
		return nil, err
	}
	file, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	fetched := func(calls int) *way {
		return &way{
			name: fmt.Sprintf("%s, %d × %s", kind, calls, group(urls)), count: urls * calls, empty: empty,
			cmd: b.k6Run("list.js", listLoad{kind, path, calls, bareConcurrency}, "--summary-mode=disabled", "--no-thresholds"),
		}
	}
	one := &listSize{urls: urls, fileBytes: file.Size(), once: fetched(1)}
	if one.often = one.once; calls > 1 {
		one.often = fetched(calls)
	}
	return one, nil
}

// listLoad is the input of the script in k6.
type listLoad struct {
	Way         string `json:"way"` // empty, onResult or results
	List        string `json:"list"`
	Calls       int    `json:"calls"`
	Concurrency int    `json:"concurrency"`
}

// writeList writes a list of different URLs, compressed.
func writeList(path, base string, urls int) (err error) {
	f, err := os.Create(path) // #nosec G304 -- in our own directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zipped := gzip.NewWriter(f)
	w := bufio.NewWriter(zipped)
	for i := range urls {
		fmt.Fprintf(w, "%s/%d\n", base, i)
	}
	return errors.Join(w.Flush(), zipped.Close())
}
