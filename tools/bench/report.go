package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// report is what was measured.
type report struct {
	rows         []row
	details      []detail
	surroundings []string
	skipped      []string
}

// row is one line of the table: the goal and the result.
type row struct {
	what      string
	must, aim float64 // 0: no goal
	unit      string  // "": a ratio
	values    []float64
}

// detail is what one client used.
type detail struct {
	where, client   string
	cpu, wall, peak float64
}

func (r *report) add(one row) { r.rows = append(r.rows, one) }

func (r *report) detail(where string, s *series, ways ...*way) {
	for _, w := range ways {
		r.details = append(r.details, detail{
			where: where, client: clientName(w.name),
			cpu: median(s.cpu(w)), wall: median(s.wall(w)), peak: median(s.rss(w)),
		})
	}
}

// clientName is what people call a way.
func clientName(name string) string {
	switch name {
	case "batch":
		return "`http.batch`"
	case "fetch":
		return "this extension"
	case "net/http":
		return "bare net/http in Go"
	case "quic-go":
		return "bare quic-go v0.61.0"
	default:
		return name
	}
}

// value writes a number of the row.
func (r *row) value(v float64) string {
	switch r.unit {
	case " B":
		return fmt.Sprintf("%.0f%s", v, r.unit)
	default:
		return fmt.Sprintf("%.2f%s", v, r.unit)
	}
}

// cells are the cells of the row.
func (r *row) cells() []string {
	must, aim := "", ""
	if r.must > 0 {
		must, aim = r.value(r.must), r.value(r.aim)
	}
	spread := ""
	if len(r.values) > 1 {
		spread = fmt.Sprintf("%.2f–%.2f", slices.Min(r.values), slices.Max(r.values))
	}
	return []string{r.what, must, aim, r.value(median(r.values)), spread, r.reached()}
}

func (r *row) reached() string {
	switch m := median(r.values); {
	case r.must == 0:
		return ""
	case m <= r.aim:
		return "aim"
	case m <= r.must:
		return "must"
	default:
		return "no"
	}
}

var (
	rowTitles    = []string{"what", "must ≤", "aim ≤", "median", "min–max", "reached"}
	detailTitles = []string{"measurement", "client", "CPU", "wall", "peak"}
)

func (r *report) rowTable() table {
	t := table{rowTitles}
	for i := range r.rows {
		t = append(t, r.rows[i].cells())
	}
	return t
}

func (r *report) detailTable() table {
	t := table{detailTitles}
	last := ""
	for _, d := range r.details {
		where := d.where
		if where == last {
			where = ""
		}
		last = d.where
		t = append(t, []string{
			where, d.client, fmt.Sprintf("%.1f µs", d.cpu), fmt.Sprintf("%.1f µs", d.wall), fmt.Sprintf("%.0f MB", d.peak),
		})
	}
	return t
}

// print writes the tables for a terminal.
func (r *report) print(w io.Writer) {
	fmt.Fprintln(w)
	r.rowTable().text(w)
	fmt.Fprintln(w, "\nCPU and wall clock per request; the start-up is taken off the CPU.")
	fmt.Fprintln(w)
	r.detailTable().text(w)
	fmt.Fprintln(w)
	for _, line := range slices.Concat(r.surroundings, r.skipped) {
		fmt.Fprintln(w, strings.ReplaceAll(line, "`", ""))
	}
}
