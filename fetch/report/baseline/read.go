package baseline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/jsontext"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Version is that of the JSON reports that can be read.
const Version = 1

// Report is what is read of an earlier report.
type Report struct {
	Title string
	// Begun is when the first run began, or when the report was written if nothing had been fetched. It is zero if the
	// report has no date, as what [Write] writes.
	Begun time.Time
	Names []Name
}

// What is read of the document. What is not given is nil.
type (
	document struct {
		Title *string     `json:"title"`
		Begun *string     `json:"begun"`
		Names *[]nameText `json:"names"`
		Pages []pageText  `json:"pages"` // there are none in older reports, nor where no page was visited
	}
	nameText struct {
		Name   *string                `json:"name"`
		Rest   bool                   `json:"rest"`
		Count  *float64               `json:"count"`
		Failed *float64               `json:"failed"`
		NotRun *float64               `json:"notRun"`
		Hits   *float64               `json:"fromCache"`
		Times  map[string]*figureText `json:"times"`
		Sizes  *figureText            `json:"sizes"`
	}
	figureText struct {
		Count   *float64      `json:"count"`
		Mean    *float64      `json:"mean"`
		P50     *float64      `json:"p50"`
		P95     *float64      `json:"p95"`
		Buckets *[][3]float64 `json:"buckets"`
	}
)

// Fields are those of a JSON report that [Read] looks at.
func Fields() []string { return []string{"version", "title", "begun", "names", "pages"} }

// Read reads what [Write] wrote, or a JSON report. What newer ones of the same version may have besides is passed over.
// The error says what is wrong with it.
func Read(data []byte) (*Report, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if isLines(data) {
		return readLines(data)
	}
	if err := checkVersion(data); err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, jsontext.InWords(err)
	}
	switch {
	case d.Title == nil:
		return nil, missing("title")
	case d.Begun == nil:
		return nil, missing("begun")
	case d.Names == nil:
		return nil, missing("names")
	}
	begun, err := time.Parse(time.RFC3339, *d.Begun)
	if err != nil {
		return nil, errors.New("begun must be a date and a time")
	}
	r := &Report{Title: *d.Title, Begun: begun, Names: make([]Name, len(*d.Names))}
	for i := range r.Names {
		if err := r.Names[i].read(fmt.Sprintf("names[%d]", i), &(*d.Names)[i]); err != nil {
			return nil, err
		}
	}
	for i := range d.Pages {
		names, err := d.Pages[i].read(fmt.Sprintf("pages[%d]", i))
		if err != nil {
			return nil, err
		}
		r.Names = append(r.Names, names...)
	}
	return r, nil
}

func missing(path string) error { return fmt.Errorf("%s is missing", path) }

// checkVersion comes first: all else may be different in another version.
func checkVersion(data []byte) error {
	var head struct {
		Version any `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return jsontext.InWords(err)
	}
	return readVersion("version", head.Version, Version)
}

// readVersion checks a version, which comes first: all else may be different in another.
func readVersion(name string, version any, known float64) error {
	switch version := version.(type) {
	case nil:
		return missing(name)
	case float64:
		if version == known {
			return nil
		}
		if version > known {
			return fmt.Errorf("%s is %v, which is later than the %v that this extension reads", name, version, known)
		}
	}
	return fmt.Errorf("%s must be %v", name, known)
}

func (n *Name) read(path string, text *nameText) error {
	if text.Name == nil {
		return missing(path + ".name")
	}
	n.Name, n.Rest = *text.Name, text.Rest
	if err := n.readCounts(path+".", text.Count, text.Failed, text.NotRun); err != nil {
		return err
	}
	for phase := range aggregate.Phases {
		path := path + ".times." + phase.String()
		given := text.Times[phase.String()]
		if given == nil {
			return missing(path)
		}
		if err := n.Times[phase].read(path+".", given, milliseconds); err != nil {
			return err
		}
	}
	path += "."
	var err error
	elapsed := text.Times[aggregate.Elapsed.String()]
	if n.elapsed, err = elapsed.cells(path+"times.elapsed.", n.Times[aggregate.Elapsed].Count, milliseconds); err != nil {
		return err
	}
	if text.Sizes != nil { // there are none in an older report
		if err := n.Sizes.read(path+"sizes.", text.Sizes, inBytes); err != nil {
			return err
		}
		if n.sizes, err = text.Sizes.cells(path+"sizes.", n.Sizes.Count, inBytes); err != nil {
			return err
		}
	}
	return n.readHits(path, text.Hits)
}

// readHits leaves out results from a cache. Where none can be, nobody says how many there are.
func (n *Name) readHits(path string, text *float64) error {
	if text == nil {
		return nil
	}
	var hits int
	if err := readCount(path+"fromCache", text, &hits); err != nil {
		return err
	}
	ran, answered := n.Times[aggregate.Elapsed].Count, n.Sizes.Count
	if answered > ran {
		return fmt.Errorf("%ssizes.count must not be more than times.elapsed.count", path)
	}
	n.leaveOut(hits, ran, answered)
	return nil
}

// readCounts reads how many results there are. The path ends where the name of a field follows.
func (n *Name) readCounts(path string, count, failed, notRun *float64) error {
	for _, field := range []struct {
		name string
		text *float64
		to   *int
	}{
		{"count", count, &n.Count}, {"failed", failed, &n.Failed}, {"notRun", notRun, &n.NotRun},
	} {
		if err := readCount(path+field.name, field.text, field.to); err != nil {
			return err
		}
	}
	if n.Failed > n.Count || n.NotRun > n.Count-n.Failed {
		return fmt.Errorf("%sfailed and notRun must not be more than count together", path)
	}
	return nil
}

// scale is what numbers count.
type scale struct {
	unit time.Duration
	what string
}

//nolint:gochecknoglobals // constants
var (
	milliseconds = scale{time.Millisecond, "a time in milliseconds"}
	inBytes      = scale{aggregate.Byte, "a number of bytes"}
)

// read reads figures. The path ends where the name of a field follows.
func (f *Figures) read(path string, text *figureText, in scale) error {
	if err := readCount(path+"count", text.Count, &f.Count); err != nil {
		return err
	}
	for _, field := range []struct {
		name string
		text *float64
		to   *time.Duration
	}{
		{"mean", text.Mean, &f.Mean}, {"p50", text.P50, &f.P50}, {"p95", text.P95, &f.P95},
	} {
		if field.text == nil {
			return missing(path + field.name)
		}
		if err := in.read(path+field.name, *field.text, field.to); err != nil {
			return err
		}
	}
	return nil
}

func (s scale) read(path string, number float64, to *time.Duration) error {
	if !(number >= 0 && number < float64(math.MaxInt64/int64(s.unit))) {
		return fmt.Errorf("%s must be %s", path, s.what)
	}
	*to = time.Duration(math.Round(number * float64(s.unit)))
	return nil
}

// maxCount is the largest number up to which each whole number is one.
const maxCount = 1 << 53

func readCount(path string, text *float64, to *int) error {
	if text == nil {
		return missing(path)
	}
	if !isCount(*text) {
		return fmt.Errorf("%s must be a whole number of at least 0", path)
	}
	*to = int(*text)
	return nil
}

func isCount(n float64) bool { return n >= 0 && n <= maxCount && n == math.Trunc(n) }

// cells reads the distribution of so many values. There are no buckets where there are no values.
func (text *figureText) cells(path string, count int, in scale) (cells, error) {
	var all cells
	if text.Buckets == nil {
		text.Buckets = &[][3]float64{}
	}
	for i, b := range *text.Buckets {
		micros := float64(in.unit / time.Microsecond)
		place, ok := grid()[bounds{int64(math.Round(b[0] * micros)), int64(math.Round(b[1] * micros))}]
		switch {
		case !ok:
			return nil, fmt.Errorf("%sbuckets[%d] is not one that this extension makes", path, i)
		case !isCount(b[2]):
			return nil, fmt.Errorf("%sbuckets[%d] must have a whole number of values", path, i)
		case len(all) > 0 && place < all[len(all)-1].place:
			return nil, fmt.Errorf("%sbuckets[%d] must be above the one before", path, i)
		}
		all = all.with(place, b[2])
	}
	if values := all.sum(); values != float64(count) {
		return nil, fmt.Errorf("%sbuckets have %v values, where count is %d", path, values, count)
	}
	return all, nil
}
