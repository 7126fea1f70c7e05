package draw_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

func TestStroke(t *testing.T) {
	t.Parallel()
	const width = 4
	ends := 3.0 * width * width / 4 // a half circle in six parts at each end
	cases := []struct {
		name, path string
		want       float64 // its area
	}{
		{"a line has round ends", "M10 10L40 10", 30*width + ends},
		{"its direction does not matter", "M40 10L10 10", 30*width + ends},
		{"repeated points do not matter", "M10 10L10 10L40 10L40 10", 30*width + ends},
		{"a corner is pointed", "M10 10L40 10L40 40", 60*width + ends},
		{"a ring has a hole", "M10 10L40 10L40 40L10 40Z", 120 * width},
		{"the other way round", "M10 10L10 40L40 40L40 10Z", 120 * width},
		{"one that returns to its start", "M10 10L40 10L40 40L10 40L10 10Z", 120 * width},
		{"a point is nothing", "M10 10L10 10", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines, err := draw.Parse(c.path, 1)
			require.NoError(t, err)
			outlines := draw.Stroke(lines, width)
			img := draw.Blank(50, 50)
			draw.Fill(img, outlines, draw.Plain(white))
			require.InDelta(t, c.want, covered(img), 2.5)
		})
	}
}

// A corner ends at most as far out as the line is wide.
func TestStrokeCutsSharpCornersOff(t *testing.T) {
	t.Parallel()
	const width = 4.0
	for _, path := range []string{"M10 10L40 11L10 12", "M10 10L40 10L10 10.001", "M10 10L40 10L10 10", "M10 0L40 15L10 30"} {
		lines, err := draw.Parse(path, 1)
		require.NoError(t, err)
		for _, outline := range draw.Stroke(lines, width) {
			for _, p := range outline.Points {
				require.LessOrEqual(t, p.X, 40+width, path)
			}
		}
	}
}

// All outlines turn the same way, so that lines of one shape may cross without a hole.
func TestStrokesTurnTheSameWay(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"M10 10L40 10", "M40 10L10 10", "M10 40L10 10", "M10 10C30 10 40 20 40 40"} {
		lines, err := draw.Parse(path, 2)
		require.NoError(t, err)
		for _, outline := range draw.Stroke(lines, 6) {
			require.Less(t, area(outline), 0.0, path)
		}
	}
	cross, err := draw.Parse("M10 25L40 25M25 40L25 10", 1)
	require.NoError(t, err)
	img := draw.Blank(50, 50)
	draw.Fill(img, draw.Stroke(cross, 6), draw.Plain(white))
	require.Equal(t, uint8(255), img.RGBAAt(25, 25).R)
	require.Less(t, covered(img), 2*30*6+2*math.Pi*9-30.0)
}
