package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// underway is what the last line of a live view says of a run.
type underway struct {
	what     string // which run it is, where there are several
	progress fetch.Progress
	took     time.Duration
	slowest  time.Duration
	ending   string // what is being waited for, once the run is to end
}

const (
	leastFooter = 50 // columns in which there is a bar
	footerBar   = 24
)

// footer is the last line, in fewer columns than the terminal has, so that it never breaks. What does not fit is left
// out, beginning with what matters least.
func (u *underway) footer(width int, colors bool) string {
	room := width - 1
	line := ""
	if u.progress.Count > 0 && !u.progress.Open && width >= leastFooter {
		line = u.bar(min(footerBar, width/4), colors) //nolint:mnd // the rest is for figures
	}
	for i, part := range u.parts() {
		joint := ", "
		if i == 0 {
			joint = ""
		}
		if columns.Of(columns.Plain(line))+columns.Of(joint+part) > room {
			continue
		}
		line += joint + part
	}
	return line
}

// parts are the figures, the most important first.
func (u *underway) parts() []string {
	p := u.progress
	of := fmt.Sprintf("%s of %s", phrase.Number(p.Finished), phrase.Number(p.Count))
	if p.Open {
		of = phrase.Number(p.Finished) + " so far"
	}
	if u.what != "" {
		of = u.what + ": " + of
	}
	parts := []string{of}
	if u.ending != "" {
		parts = append(parts, u.ending)
	}
	if p.Failed > 0 {
		parts = append(parts, phrase.Number(p.Failed)+" failed")
	}
	seconds := u.took.Seconds()
	if p.Finished == 0 || seconds <= 0 {
		return parts
	}
	rate := float64(p.Finished) / seconds
	parts = append(parts, report.PerSecond(rate)+"/s")
	if u.slowest > 0 {
		parts = append(parts, "slowest "+phrase.Short(u.slowest))
	}
	if left := p.Count - p.Finished; left > 0 && !p.Open && u.took > time.Second && u.ending == "" {
		parts = append(parts, "about "+report.About(time.Duration(float64(left)/rate*float64(time.Second)))+" left")
	}
	return parts
}

// bar says how far the run is, in eighths of a cell.
func (u *underway) bar(cells int, colors bool) string {
	const steps = 8
	done := cells * steps * u.progress.Finished / max(u.progress.Count, 1)
	full := strings.Repeat("█", done/steps)
	if part := done % steps; part > 0 {
		full += string(rune('█' + steps - part))
	}
	rest := strings.Repeat(" ", cells-columns.Of(full))
	percent := fmt.Sprintf("%3d %% ", 100*u.progress.Finished/max(u.progress.Count, 1)) //nolint:mnd // percent
	if colors {
		full = columns.Paint(columns.Green, full)
	}
	return "▕" + full + rest + "▏" + percent
}
