package k6summary

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/jsontext"
)

// The JSON of what k6 hands to handleSummary: as it always was, and with --new-machine-readable-summary.
type (
	document struct {
		Options struct {
			Stats []string `json:"summaryTrendStats"`
			Unit  string   `json:"summaryTimeUnit"`
		} `json:"options"`
		State struct {
			Duration float64 `json:"testRunDurationMs"`
		} `json:"state"`
		Metrics map[string]metricText `json:"metrics"`
		Root    *groupText            `json:"root_group"`
		Results *resultsText          `json:"results"`
	}
	metricText struct {
		Name       string              `json:"name"`
		Type       string              `json:"type"`
		Contains   string              `json:"contains"`
		Values     map[string]*float64 `json:"values"` // nil where it is no number in JSON
		Thresholds map[string]struct {
			Ok bool `json:"ok"`
		} `json:"thresholds"`
	}
	groupText struct {
		Path   string      `json:"path"`
		Groups []groupText `json:"groups"`
		Checks []checkText `json:"checks"`
	}
	checkText struct {
		Name   string `json:"name"`
		Passes int    `json:"passes"`
		Fails  int    `json:"fails"`
	}
	resultsText struct {
		Checks struct {
			Results []checkText `json:"results"`
		} `json:"checks"`
		Metrics []metricText `json:"metrics"`
	}
)

// defaultStats are k6's.
//
//nolint:gochecknoglobals // a constant list
var defaultStats = []string{"avg", "min", "med", "max", "p(90)", "p(95)"}

// maxDepth is how deeply groups may be nested.
const maxDepth = 1000

// Read reads the JSON of what k6 hands to handleSummary. The error says what is wrong with it.
func Read(data []byte) (*Summary, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, jsontext.InWords(err)
	}
	s := &Summary{stats: d.Options.Stats, unit: d.Options.Unit, took: d.State.Duration}
	if len(s.stats) == 0 {
		s.stats = defaultStats
	}
	switch {
	case d.Results != nil:
		s.Machine = true
		s.addMachine(d.Results)
	case d.Metrics == nil:
		return nil, errors.New("metrics is missing")
	case d.Root == nil:
		return nil, errors.New("root_group is missing")
	default:
		for name, text := range d.Metrics {
			s.addMetric(name, &text)
		}
		if err := s.addGroup(d.Root, 0); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(s.Metrics, func(a, b Metric) int { return compareNames(a.Name, b.Name) })
	slices.SortFunc(s.Thresholds, func(a, b Threshold) int {
		if order := compareNames(a.Metric, b.Metric); order != 0 {
			return order
		}
		return strings.Compare(a.Expression, b.Expression)
	})
	return s, nil
}

func (s *Summary) addMetric(name string, text *metricText) {
	m := Metric{Name: name, Type: text.Type, Contains: text.Contains, Values: make(map[string]float64, len(text.Values))}
	for what, value := range text.Values {
		if value != nil {
			m.Values[what] = *value
		}
	}
	s.Metrics = append(s.Metrics, m)
	for expression, became := range text.Thresholds {
		s.Thresholds = append(s.Thresholds, Threshold{
			Metric: name, Expression: strings.TrimSpace(expression), Ok: became.Ok, Value: s.compared(&m, expression),
		})
	}
}

// compared is the value that a threshold compares, in words.
func (s *Summary) compared(m *Metric, expression string) string {
	what, _, _ := strings.Cut(strings.NewReplacer(">", "<", "=", "<", "!", "<").Replace(expression), "<")
	what = strings.TrimSpace(what)
	value, known := m.Values[what]
	if !known {
		return ""
	}
	text := s.text(m, what, value)
	if m.Type == "counter" && what == "rate" {
		text += "/s"
	}
	return what + "=" + text
}

func (s *Summary) addGroup(g *groupText, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("root_group has groups in more than %d others", maxDepth)
	}
	for _, c := range g.Checks {
		s.Checks = append(s.Checks, Check{strings.TrimPrefix(g.Path, "::"), c.Name, c.Passes, c.Fails})
	}
	for i := range g.Groups {
		if err := s.addGroup(&g.Groups[i], depth+1); err != nil {
			return err
		}
	}
	return nil
}

// addMachine reads the machine-readable summary, which calls some values otherwise.
func (s *Summary) addMachine(r *resultsText) {
	for _, c := range r.Checks.Results {
		s.Checks = append(s.Checks, Check{"", c.Name, c.Passes, c.Fails})
	}
	for i := range r.Metrics {
		text := &r.Metrics[i]
		for from, to := range map[string]string{"p90": "p(90)", "p95": "p(95)", "matches": "passes"} {
			if value, ok := text.Values[from]; ok {
				text.Values[to] = value
			}
		}
		if all, passes := text.Values["total"], text.Values["matches"]; all != nil && passes != nil {
			fails := *all - *passes
			text.Values["fails"] = &fails
		}
		s.addMetric(text.Name, text)
	}
}
