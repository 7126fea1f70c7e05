package baseline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/jsontext"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// LinesVersion is that of what [Write] writes. It is raised when a reader would have to change.
const LinesVersion = 1

// A baseline for a repository: JSON, a line for each name, so that a difference between two of them shows which names
// changed. All lines, the head included, are in the order of their bytes, so that merged ones can be sorted by anything
// that sorts lines. There is no date: the repository has it.
type (
	head struct {
		Baseline int    `json:"baseline"`
		Title    string `json:"title"`
	}
	line struct {
		Name    string             `json:"name"`
		Rest    bool               `json:"rest,omitempty"`
		Count   int                `json:"count"`
		Failed  int                `json:"failed"`
		NotRun  int                `json:"notRun"`
		Elapsed *lineFigures       `json:"elapsed,omitempty"`
		Phases  map[string]float64 `json:"phases,omitempty"`
		Bytes   *lineFigures       `json:"bytes,omitempty"`
	}
	// lineFigures are those of a distribution. Buckets are pairs: the number of a bucket, and how many values it has.
	lineFigures struct {
		Mean    float64 `json:"mean"`
		P50     float64 `json:"p50"`
		P95     float64 `json:"p95"`
		Buckets []int64 `json:"buckets"`
	}
)

// phases are those whose means are kept: what a time is made of.
//
//nolint:gochecknoglobals // a constant list
var phases = []aggregate.Phase{
	aggregate.Blocked, aggregate.LookingUp, aggregate.Connecting, aggregate.TLSHandshaking, aggregate.Sending,
	aggregate.Waiting, aggregate.Receiving,
}

// Write writes what [Read] needs to compare with names later.
func Write(title string, names []Name) (string, error) {
	lines := make([]string, 0, len(names)+1)
	add := func(v any) error {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false) // it is to be read
		if err := encoder.Encode(v); err != nil {
			return err
		}
		lines = append(lines, out.String())
		return nil
	}
	if err := add(head{LinesVersion, title}); err != nil {
		return "", err
	}
	for i := range names {
		if err := add(lineOf(&names[i])); err != nil {
			return "", err
		}
	}
	slices.Sort(lines)
	var all bytes.Buffer
	for _, text := range lines {
		all.WriteString(text)
	}
	return all.String(), nil
}

func lineOf(n *Name) line {
	l := line{
		Name: n.Name, Rest: n.Rest, Count: n.Count, Failed: n.Failed, NotRun: n.NotRun,
		Elapsed: lineFiguresOf(&n.Times[aggregate.Elapsed], n.elapsed, time.Millisecond),
		Bytes:   lineFiguresOf(&n.Sizes, n.sizes, aggregate.Byte),
		Phases:  make(map[string]float64),
	}
	for _, p := range phases {
		if mean := rounded(n.Times[p].Mean, time.Millisecond); mean > 0 {
			l.Phases[p.String()] = mean
		}
	}
	return l
}

func lineFiguresOf(f *Figures, values cells, unit time.Duration) *lineFigures {
	if len(values) == 0 {
		return nil
	}
	l := &lineFigures{Mean: rounded(f.Mean, unit), P50: rounded(f.P50, unit), P95: rounded(f.P95, unit)}
	for _, c := range values {
		l.Buckets = append(l.Buckets, int64(c.place), int64(c.count))
	}
	return l
}

// rounded is a number of units in four digits, and no finer than a microsecond: more of them change each time.
func rounded(d, unit time.Duration) float64 {
	const digits = 4
	d = d.Round(time.Microsecond)
	n, _ := strconv.ParseFloat(strconv.FormatFloat(float64(d)/float64(unit), 'g', digits, 64), 64) // what was written
	return n
}

// isLines reports whether the first line is the head of a baseline. It is part of no JSON report: that has a version,
// and its own baseline is an object.
func isLines(data []byte) bool {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	var h map[string]json.RawMessage
	if json.Unmarshal(first, &h) != nil {
		return false
	}
	_, isHead := h["baseline"]
	_, isReport := h["version"]
	return isHead && !isReport
}

// What is read of the lines. What is not given is nil.
type (
	headText struct {
		Baseline any     `json:"baseline"`
		Title    *string `json:"title"`
	}
	lineText struct {
		Name    *string             `json:"name"`
		Rest    bool                `json:"rest"`
		Count   *float64            `json:"count"`
		Failed  *float64            `json:"failed"`
		NotRun  *float64            `json:"notRun"`
		Elapsed *lineFigureText     `json:"elapsed"`
		Phases  map[string]*float64 `json:"phases"`
		Bytes   *lineFigureText     `json:"bytes"`
	}
	lineFigureText struct {
		Mean    *float64   `json:"mean"`
		P50     *float64   `json:"p50"`
		P95     *float64   `json:"p95"`
		Buckets *[]float64 `json:"buckets"`
	}
)

func readLines(data []byte) (*Report, error) {
	r := &Report{}
	number := 0
	for text := range bytes.Lines(data) {
		number++
		text = bytes.TrimSpace(text) // lines may end as those of Windows
		var err error
		switch {
		case number == 1:
			r.Title, err = readHead(text)
		case len(text) == 0:
		default:
			var n Name
			err = n.readLine(text)
			r.Names = append(r.Names, n)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return r, nil
}

func readHead(text []byte) (title string, err error) {
	var h headText
	if err := json.Unmarshal(text, &h); err != nil {
		return "", jsontext.InWords(err)
	}
	if err := readVersion("baseline", h.Baseline, LinesVersion); err != nil {
		return "", err
	}
	if h.Title == nil {
		return "", missing("title")
	}
	return *h.Title, nil
}

func (n *Name) readLine(data []byte) error {
	var text lineText
	if err := json.Unmarshal(data, &text); err != nil {
		return jsontext.InWords(err)
	}
	if text.Name == nil {
		return missing("name")
	}
	n.Name, n.Rest = *text.Name, text.Rest
	err := n.readCounts("", text.Count, text.Failed, text.NotRun)
	if err != nil {
		return err
	}
	ran, answered := n.Count-n.NotRun, n.Count-n.NotRun-n.Failed
	elapsed := &n.Times[aggregate.Elapsed]
	if n.elapsed, err = elapsed.readLine("elapsed", text.Elapsed, ran, milliseconds); err != nil {
		return err
	}
	for _, p := range phases {
		if mean := text.Phases[p.String()]; mean != nil {
			if err := milliseconds.read("phases."+p.String(), *mean, &n.Times[p].Mean); err != nil {
				return err
			}
		}
	}
	if n.Page = answered > 0 && text.Bytes == nil && len(text.Phases) == 0; n.Page {
		return nil
	}
	n.sizes, err = n.Sizes.readLine("bytes", text.Bytes, answered, inBytes)
	return err
}

// readLine reads the figures of so many values, and where they are.
func (f *Figures) readLine(path string, text *lineFigureText, count int, in scale) (cells, error) {
	f.Count = count
	switch {
	case text == nil && count == 0:
		return nil, nil
	case text == nil:
		return nil, missing(path)
	case text.Buckets == nil:
		return nil, missing(path + ".buckets")
	}
	whole, figures := float64(count), figureText{Mean: text.Mean, P50: text.P50, P95: text.P95}
	figures.Count = &whole
	if err := f.read(path+".", &figures, in); err != nil {
		return nil, err
	}
	return readPairs(path+".buckets", *text.Buckets, count)
}

// readPairs reads a distribution of so many values.
func readPairs(path string, pairs []float64, count int) (cells, error) {
	var all cells
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("%s must be pairs of a bucket and a number of values", path)
	}
	for i := 0; i < len(pairs); i += 2 {
		place, values := pairs[i], pairs[i+1]
		switch {
		case !isCount(place) || place >= float64(len(grid())):
			return nil, fmt.Errorf("%s[%d] is not a bucket that this extension makes", path, i)
		case !isCount(values):
			return nil, fmt.Errorf("%s[%d] must be a whole number of values", path, i+1)
		case len(all) > 0 && int(place) <= all[len(all)-1].place:
			return nil, fmt.Errorf("%s[%d] must be above the bucket before", path, i)
		}
		all = append(all, cell{int(place), values})
	}
	if values := all.sum(); values != float64(count) {
		return nil, fmt.Errorf("%s have %v values, where there must be %d", path, values, count)
	}
	return all, nil
}
