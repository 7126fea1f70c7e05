package draw_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

func TestParse(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, path string
		want       []draw.Line
	}{
		{"nothing", "", nil},
		{"a line", "M0 1L2 3", []draw.Line{{Points: []draw.Point{{X: 0, Y: 1}, {X: 2, Y: 3}}}}},
		{"commas and spaces", " M 0,1 L 2 , 3 ", []draw.Line{{Points: []draw.Point{{X: 0, Y: 1}, {X: 2, Y: 3}}}}},
		{"a command for several points", "M0 0 1 1L2 2 3 3", []draw.Line{
			{Points: []draw.Point{{X: 0, Y: 0}, {X: 1, Y: 1}, {X: 2, Y: 2}, {X: 3, Y: 3}}},
		}},
		{"two lines, one closed", "M0 0L1 0ZM5 5L6 6", []draw.Line{
			{Points: []draw.Point{{X: 0, Y: 0}, {X: 1, Y: 0}}, Closed: true},
			{Points: []draw.Point{{X: 5, Y: 5}, {X: 6, Y: 6}}},
		}},
		{"a curve in sides of the step", "M0 0C1 0 2 0 3 0", []draw.Line{
			{Points: []draw.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 2, Y: 0}, {X: 3, Y: 0}}},
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines, err := draw.Parse(c.path, 1)
			require.NoError(t, err)
			require.Len(t, lines, len(c.want))
			for i, line := range lines {
				require.Equal(t, c.want[i].Closed, line.Closed)
				require.Len(t, line.Points, len(c.want[i].Points))
				for j, p := range line.Points {
					require.InDelta(t, c.want[i].Points[j].X, p.X, 1e-9)
					require.InDelta(t, c.want[i].Points[j].Y, p.Y, 1e-9)
				}
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, path, want string }{
		{"no first point", "L1 1", "a number where a line begins"},
		{"numbers alone", "1 1", "a number where a line begins"},
		{"numbers behind the end of a line", "M0 0L1 1Z2 2", "a number where a line begins"},
		{"an end alone", "Z", "an end where a line begins"},
		{"half a point", "M1", "M lacks numbers"},
		{"half a curve", "M0 0C1 1 2 2L3 3", "C lacks numbers"},
		{"half a point before an end", "M0 0L1Z", "L lacks numbers"},
		{"another command", "M0 0H1", `"0H1" is no number`},
		{"no finite number", "M0 Inf", `"Inf" is no number`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := draw.Parse(c.path, 1)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// FuzzParse holds that no path makes more points than its text allows for.
func FuzzParse(f *testing.F) {
	f.Add("M0 0L1 0ZM5 5C6 6 7 7 8 8")
	f.Add("M1e308 0C-1e308 0 1e308 0 0 0")
	f.Fuzz(func(t *testing.T, path string) {
		lines, err := draw.Parse(path, 4)
		points := 0
		for _, line := range lines {
			points += len(line.Points)
		}
		if err == nil && points > 256*len(path) {
			t.Errorf("%d points of %q", points, path)
		}
	})
}

func TestScaled(t *testing.T) {
	t.Parallel()
	lines := []draw.Line{{Points: []draw.Point{{X: 1, Y: 2}}, Closed: true}}
	scaled := draw.Scaled(lines, 3, draw.Point{X: 10, Y: 20})
	require.Equal(t, []draw.Line{{Points: []draw.Point{{X: 13, Y: 26}}, Closed: true}}, scaled)
	require.Equal(t, draw.Point{X: 1, Y: 2}, lines[0].Points[0], "the lines themselves stay")
}

func TestEllipse(t *testing.T) {
	t.Parallel()
	ellipse := draw.Ellipse(draw.Point{X: 100, Y: 50}, 40, 20, 1)
	require.True(t, ellipse.Closed)
	require.InDelta(t, math.Pi*40*20, math.Abs(area(ellipse)), 5)
}

// area is what a closed line encloses: positive if it turns from x to y.
func area(line draw.Line) float64 {
	sum := 0.0
	for i, p := range line.Points {
		q := line.Points[(i+1)%len(line.Points)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return sum / 2
}
