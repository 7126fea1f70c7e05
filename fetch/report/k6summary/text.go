package k6summary

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// Paint puts a colour, as terminals number them, around a text, or leaves it as it is.
type Paint func(code int, text string) string

// Colours, as terminals number them.
const (
	bold  = 1
	red   = 31
	green = 32
	cyan  = 36
)

// Text returns the summary as k6 prints it in its compact mode when there is no handleSummary: thresholds, checks and
// metrics. k6 knows a few things that it does not hand over, and which are missing here: percentiles that only a
// threshold asks for, and what belongs to each group and scenario.
func (s *Summary) Text(paint Paint) string {
	w := &writer{s: s, paint: paint}
	if len(s.Thresholds) > 0 {
		w.title("THRESHOLDS")
		w.thresholds()
	}
	w.title("TOTAL RESULTS")
	w.checks()
	w.metrics()
	return strings.Join(w.lines, "\n") + "\n"
}

type writer struct {
	s     *Summary
	paint Paint
	lines []string
}

func (w *writer) add(indent int, text string) {
	w.lines = append(w.lines, strings.Repeat(" ", indent)+text)
}

func (w *writer) gap() { w.lines = append(w.lines, "") }

func (w *writer) title(text string) {
	if len(w.lines) > 0 {
		w.gap()
	}
	w.add(2, "█ "+w.paint(bold, text)) //nolint:mnd // as k6 does
	w.gap()
}

// How far lines are from the left, as k6 has it.
const (
	block  = 4
	within = 6
)

func (w *writer) thresholds() {
	thresholds := w.s.Thresholds
	known := make(map[string]bool)
	for i, t := range thresholds {
		known[t.Metric] = true
		indent, called := block, t.Metric
		if of := parent(t.Metric); of != t.Metric && known[of] {
			indent, called = within, strings.TrimPrefix(t.Metric, of)
		}
		if i == 0 || thresholds[i-1].Metric != t.Metric {
			w.add(indent, called)
		}
		mark, color := markOf(t.Ok)
		line := w.paint(color, mark) + " '" + t.Expression + "'"
		if what, value, found := strings.Cut(t.Value, "="); found {
			line += " " + what + "=" + w.paint(cyan, value)
		}
		w.add(indent, line)
		if i == len(thresholds)-1 || thresholds[i+1].Metric != t.Metric {
			w.gap()
		}
	}
}

func markOf(ok bool) (mark string, color int) {
	if ok {
		return "✓", green
	}
	return "✗", red
}

// checks writes the checks by their names, as k6 does: those of the same name in several groups are one.
func (w *writer) checks() {
	places := make(map[string]int)
	var checks []Check
	var all, passes int
	for _, c := range w.s.Checks {
		all += c.Passes + c.Fails
		passes += c.Passes
		if at, known := places[c.Name]; known {
			checks[at].Passes += c.Passes
			checks[at].Fails += c.Fails
			continue
		}
		places[c.Name] = len(checks)
		checks = append(checks, Check{Name: c.Name, Passes: c.Passes, Fails: c.Fails})
	}
	if all == 0 {
		return
	}
	share := &Metric{Type: "rate"}
	rate := func(n int) string { return w.s.text(share, "rate", float64(n)/float64(all)) }
	rows := []row{
		{name: "checks_total", cells: w.counted(float64(all))},
		{name: "checks_succeeded", cells: []string{rate(passes), fmt.Sprintf("%d out of %d", passes, all)}},
		{name: "checks_failed", cells: []string{rate(all - passes), fmt.Sprintf("%d out of %d", all-passes, all)}},
	}
	align(rows)
	w.rows(block, rows, len("checks_succeeded"))
	w.gap()
	for _, c := range checks {
		mark, color := markOf(c.Ok())
		w.add(block, w.paint(color, mark+" "+c.Name))
		if !c.Ok() {
			const percent = 100
			share := math.Floor(percent * float64(c.Passes) / float64(c.Passes+c.Fails))
			w.add(within, w.paint(color, fmt.Sprintf("↳  %.0f%% — ✓ %d / ✗ %d", share, c.Passes, c.Fails)))
		}
	}
	w.gap()
}

// counted are the cells of a counter that began with the test.
func (w *writer) counted(n float64) []string {
	cells := []string{plain(n, 0)}
	if w.s.took > 0 {
		const second = 1e3
		cells = append(cells, plain(n/(w.s.took/second), precision)+"/s")
	}
	return cells
}

// sections are those of k6's text, and which metrics belong to each.
//
//nolint:gochecknoglobals // a constant table
var sections = []struct {
	title string
	has   func(name string) bool
}{
	{"CUSTOM", func(string) bool { return false }}, // all that belong nowhere else
	{"HTTP", func(name string) bool { return strings.HasPrefix(name, "http_req") }},
	{"EXECUTION", beginsWith("vus", "iterations", "iteration_duration", "dropped_iterations")},
	{"NETWORK", beginsWith("data_sent", "data_received")},
	{"BROWSER", func(name string) bool {
		return strings.HasPrefix(name, "browser_") && !strings.HasPrefix(name, "browser_web_vital_")
	}},
	{"WEB_VITALS", beginsWith("browser_web_vital_")},
	{"GRPC", beginsWith("grpc_")},
	{"WEBSOCKETS", beginsWith("ws_")},
}

func beginsWith(prefixes ...string) func(string) bool {
	return func(name string) bool {
		for _, prefix := range prefixes {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	}
}

// left out are metrics that k6's compact text has not, or shows otherwise.
//
//nolint:gochecknoglobals // a constant table
var leftOut = beginsWith("checks", "group_duration", "http_req_blocked", "http_req_connecting", "http_req_receiving",
	"http_req_sending", "http_req_tls_handshaking", "http_req_waiting")

func (w *writer) metrics() {
	sectionRows := make([][]row, len(sections))
	var all []row
	widest := 0
	for i := range w.s.Metrics {
		m := &w.s.Metrics[i]
		if leftOut(m.Name) {
			continue
		}
		place := 0
		for j := range sections {
			if sections[j].has(m.Name) {
				place = j
			}
		}
		r := w.row(m)
		widest = max(widest, utf8.RuneCountInString(r.name))
		sectionRows[place], all = append(sectionRows[place], r), append(all, r)
	}
	align(all)
	for i, section := range sections {
		if len(sectionRows[i]) > 0 {
			w.add(block, w.paint(bold, section.title))
			w.rows(block, sectionRows[i], widest)
			w.gap()
		}
	}
}

// row is a metric, and what is said of it.
type row struct {
	name  string
	trend bool
	cells []string
}

func (w *writer) row(m *Metric) row {
	r := row{name: m.Name, trend: m.Type == "trend"}
	if of := parent(m.Name); of != m.Name {
		r.name = "  { " + strings.TrimSuffix(strings.TrimPrefix(m.Name, of+"{"), "}") + " }"
	}
	value := func(what string) string { return w.s.text(m, what, m.Values[what]) }
	switch m.Type {
	case "trend":
		for _, what := range w.s.stats {
			if _, known := m.Values[what]; known {
				r.cells = append(r.cells, what+"="+value(what))
			}
		}
	case "counter":
		r.cells = []string{value("count")}
		if _, known := m.Values["rate"]; known {
			r.cells = append(r.cells, value("rate")+"/s")
		}
	case "gauge":
		r.cells = []string{value("value"), "min=" + value("min"), "max=" + value("max")}
	case "rate":
		passes, fails := m.Values["passes"], m.Values["fails"]
		r.cells = []string{value("rate"), fmt.Sprintf("%.0f out of %.0f", passes, passes+fails)}
	default:
		r.cells = []string{"[no data]"}
	}
	return r
}

// align makes the cells of rows equally wide: those of trends, and those of others. Nothing stands behind the last cell
// of a row, which stays as it is.
func align(rows []row) {
	for _, trend := range []bool{true, false} {
		var widths []int
		for _, r := range rows {
			for i, cell := range r.cells {
				if r.trend != trend {
					break
				}
				if i == len(widths) {
					widths = append(widths, 0)
				}
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
		for _, r := range rows {
			for i := range r.cells[:max(0, len(r.cells)-1)] {
				if r.trend == trend {
					r.cells[i] += strings.Repeat(" ", widths[i]-utf8.RuneCountInString(r.cells[i]))
				}
			}
		}
	}
}

// rows writes metrics under each other, with dots behind their names, of which the widest has so many columns.
func (w *writer) rows(indent int, rows []row, widest int) {
	for _, r := range rows {
		const dots = 3
		cells := make([]string, len(r.cells))
		for i, cell := range r.cells {
			if what, value, found := strings.Cut(cell, "="); found {
				cells[i] = what + "=" + w.paint(cyan, value)
			} else {
				cells[i] = w.paint(cyan, cell)
			}
		}
		filled := strings.Repeat(".", widest-utf8.RuneCountInString(r.name)+dots)
		w.add(indent, r.name+filled+": "+strings.Join(cells, " "))
	}
}
