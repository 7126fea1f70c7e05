package baseline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/collect"
)

// Version is that of the JSON reports that can be read.
const Version = 1

// Report is what is read of an earlier report.
type Report struct {
	Title string
	// Begun is when the report was written, if nothing had been fetched.
	Begun time.Time
	Names []Name
}

// What is read of the document. What is not given is nil.
type (
	document struct {
		Title *string     `json:"title"`
		Begun *string     `json:"begun"`
		Names *[]nameText `json:"names"`
	}
	nameText struct {
		Name   *string                `json:"name"`
		Rest   bool                   `json:"rest"`
		Count  *float64               `json:"count"`
		Failed *float64               `json:"failed"`
		NotRun *float64               `json:"notRun"`
		Times  map[string]*figureText `json:"times"`
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
func Fields() []string { return []string{"version", "title", "begun", "names"} }

// Read reads a JSON report. What newer ones of the same version may have besides is passed over. The error says what is
// wrong with it.
func Read(data []byte) (*Report, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := checkVersion(data); err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, inWords(err)
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
	return r, nil
}

func missing(path string) error { return fmt.Errorf("%s is missing", path) }

// checkVersion comes first: all else may be different in another version.
func checkVersion(data []byte) error {
	var head struct {
		Version any `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return inWords(err)
	}
	switch version := head.Version.(type) {
	case nil:
		return missing("version")
	case float64:
		if version == Version {
			return nil
		}
		if version > Version {
			return fmt.Errorf("version is %v, which is later than the %d that this extension reads", version, Version)
		}
	}
	return fmt.Errorf("version must be %d", Version)
}

// inWords says what is wrong with JSON without naming what it was read into.
func inWords(err error) error {
	var other *json.UnmarshalTypeError
	if !errors.As(err, &other) {
		return fmt.Errorf("it cannot be read (%w)", err)
	}
	kind, _, _ := strings.Cut(other.Value, " ") // the number itself may be long
	if other.Field == "" {
		return fmt.Errorf("it is a JSON %s, not an object", kind)
	}
	return fmt.Errorf("%s must not be of type %s", other.Field, kind)
}

func (n *Name) read(path string, text *nameText) error {
	if text.Name == nil {
		return missing(path + ".name")
	}
	n.Name, n.Rest = *text.Name, text.Rest
	for _, field := range []struct {
		name string
		text *float64
		to   *int
	}{
		{"count", text.Count, &n.Count}, {"failed", text.Failed, &n.Failed}, {"notRun", text.NotRun, &n.NotRun},
	} {
		if err := readCount(path+"."+field.name, field.text, field.to); err != nil {
			return err
		}
	}
	for phase := range collect.Phases {
		path := path + ".times." + phase.String()
		given := text.Times[phase.String()]
		if given == nil {
			return missing(path)
		}
		if err := n.Times[phase].read(path, given); err != nil {
			return err
		}
	}
	return n.readBuckets(path+".times.elapsed", text.Times[collect.Elapsed.String()].Buckets)
}

func (f *Figures) read(path string, text *figureText) error {
	if err := readCount(path+".count", text.Count, &f.Count); err != nil {
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
			return missing(path + "." + field.name)
		}
		const longest = float64(math.MaxInt64 / int64(time.Millisecond))
		if !(*field.text >= 0 && *field.text < longest) {
			return fmt.Errorf("%s.%s must be a time in milliseconds", path, field.name)
		}
		*field.to = time.Duration(math.Round(*field.text * float64(time.Millisecond)))
	}
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

// readBuckets reads the distribution. There are no buckets where there are no values.
func (n *Name) readBuckets(path string, buckets *[][3]float64) error {
	if buckets == nil {
		buckets = &[][3]float64{}
	}
	for i, b := range *buckets {
		const micros = 1000
		place, ok := grid()[bounds{int64(math.Round(b[0] * micros)), int64(math.Round(b[1] * micros))}]
		switch {
		case !ok:
			return fmt.Errorf("%s.buckets[%d] is not one that this extension makes", path, i)
		case !isCount(b[2]):
			return fmt.Errorf("%s.buckets[%d] must have a whole number of values", path, i)
		case len(n.elapsed) > 0 && place < n.elapsed[len(n.elapsed)-1].place:
			return fmt.Errorf("%s.buckets[%d] must be above the one before", path, i)
		}
		n.add(place, b[2])
	}
	if ran := n.ran(); ran != float64(n.Times[collect.Elapsed].Count) {
		return fmt.Errorf("%s.buckets have %v values, where count is %d", path, ran, n.Times[collect.Elapsed].Count)
	}
	return nil
}
