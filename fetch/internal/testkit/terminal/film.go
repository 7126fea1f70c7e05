package terminal

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
)

// Film is what a screen looked like over time.
type Film struct {
	frames []frame
}

// frame is a screen and when it was so.
type frame struct {
	at   time.Duration
	rows [][]run
}

// run is a piece of a row in one colour.
type run struct {
	column int
	text   string
	color  int
}

// Shoot adds the screen as it is, if it has changed.
func (f *Film) Shoot(t *Terminal, at time.Duration) {
	rows := t.runs()
	if n := len(f.frames); n > 0 && slices.EqualFunc(f.frames[n-1].rows, rows, slices.Equal) {
		return
	}
	f.frames = append(f.frames, frame{at, rows})
}

// runs are the lines of the screen, which must not be longer than its rows.
func (t *Terminal) runs() [][]run {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make([][]run, len(t.lines))
	for i, line := range t.lines {
		for column, c := range line {
			last := len(rows[i]) - 1
			if last >= 0 && rows[i][last].color == c.color {
				rows[i][last].text += c.text
			} else {
				rows[i] = append(rows[i], run{column, c.text, c.color})
			}
		}
	}
	return rows
}

// colors of a terminal, by their numbers.
//
//nolint:gochecknoglobals // a constant table
var colors = map[int]string{
	0: "#d4d4d4", 2: "#8a8a8a", 31: "#f14c4c", 32: "#23d18b", 33: "#e5c07b", 34: "#3b8eea", 35: "#d670d6", 36: "#29b8db",
	90: "#7f7f7f",
}

const (
	letter, leading = 8.4, 19 // of a fixed font of 14 pixels
	margin          = 14
	pause           = 4 * time.Second // before it begins again
)

// SVG returns the film as a picture that moves. Its first row is a command, as a shell shows it. Whoever wants no
// motion sees the end.
func (f *Film) SVG(columns int, command, title string) string {
	most := 0
	for _, one := range f.frames {
		most = max(most, len(one.rows))
	}
	width, height := int(float64(columns)*letter)+2*margin, (most+1)*leading+2*margin
	last := f.frames[len(f.frames)-1]
	length := last.at + pause
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
<title>%s</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; fill: %s }
.film { animation: film %.2fs steps(1) infinite }
@media (prefers-reduced-motion: reduce) { .film { animation: none; transform: translateX(%dpx) } }
@keyframes film {
`, width, height, width, height, html.EscapeString(title), colors[0], length.Seconds(), -(len(f.frames)-1)*width)
	for i, one := range f.frames {
		at := 0.
		if i > 0 {
			at = 100 * float64(one.at) / float64(length)
		}
		fmt.Fprintf(&out, "%.2f%% { transform: translateX(%dpx) }\n", at, -i*width)
	}
	fmt.Fprintf(&out, "100%% { transform: translateX(%dpx) }\n}\n</style>\n", -(len(f.frames)-1)*width)
	fmt.Fprintf(&out, "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#1e1e1e\"/>\n", width, height)
	fmt.Fprintf(&out, "<text x=\"%d\" y=\"%d\"><tspan fill=\"%s\">$</tspan> %s</text>\n",
		margin, margin+leading-5, colors[32], html.EscapeString(command))
	out.WriteString("<g class=\"film\">\n")
	for i, one := range f.frames {
		for j, row := range one.rows {
			for _, piece := range row {
				if strings.TrimSpace(piece.text) == "" {
					continue
				}
				fmt.Fprintf(&out, "<text x=\"%.1f\" y=\"%d\" style=\"fill: %s\">%s</text>\n",
					float64(i*width+margin)+float64(piece.column)*letter, margin+(j+2)*leading-5,
					colors[piece.color], html.EscapeString(strings.TrimRight(piece.text, " ")))
			}
		}
	}
	out.WriteString("</g>\n</svg>\n")
	return out.String()
}
