package pictures

import (
	"embed"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/draw"
)

// side is the width and height of the drawings in art.
const side = 400.0

//go:embed art
var art embed.FS

// Colors are those of a drawing, by the names that it has for them: main, deep, light, accent, sole.
type Colors map[string]string

// shape is a path or an ellipse of a drawing.
type shape struct {
	XMLName       xml.Name
	D             string   `xml:"d,attr"`
	CX            float64  `xml:"cx,attr"`
	CY            float64  `xml:"cy,attr"`
	RX            float64  `xml:"rx,attr"`
	RY            float64  `xml:"ry,attr"`
	Fill          string   `xml:"fill,attr"`
	Stroke        string   `xml:"stroke,attr"`
	StrokeWidth   float64  `xml:"stroke-width,attr"`
	FillOpacity   *float64 `xml:"fill-opacity,attr"`
	StrokeOpacity *float64 `xml:"stroke-opacity,attr"`
}

// recolored returns a drawing as SVG.
func recolored(name string, colors Colors) (string, error) {
	text, err := art.ReadFile("art/" + name + ".svg")
	if err != nil {
		return "", err
	}
	drawing := string(text)
	for role, color := range colors {
		drawing = strings.ReplaceAll(drawing, `"`+role+`"`, `"`+color+`"`)
	}
	return drawing, nil
}

// paintDrawing paints a drawing on an image: factor times its size, with its corner at a point.
func paintDrawing(img *image.RGBA, name string, colors Colors, factor float64, corner draw.Point) error {
	text, err := recolored(name, colors)
	if err != nil {
		return err
	}
	var drawing struct {
		Shapes []shape `xml:",any"`
	}
	if err := xml.Unmarshal([]byte(text), &drawing); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, s := range drawing.Shapes {
		lines, err := s.lines(2 / factor)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if s.Fill != "none" {
			draw.Fill(img, draw.Scaled(lines, factor, corner), draw.Plain(s.color(s.Fill, s.FillOpacity)))
		}
		if s.Stroke != "" {
			outline := draw.Scaled(draw.Stroke(lines, s.StrokeWidth), factor, corner)
			draw.Fill(img, outline, draw.Plain(s.color(s.Stroke, s.StrokeOpacity)))
		}
	}
	return nil
}

func (s *shape) lines(step float64) ([]draw.Line, error) {
	if s.XMLName.Local == "ellipse" {
		return []draw.Line{draw.Ellipse(draw.Point{X: s.CX, Y: s.CY}, s.RX, s.RY, step)}, nil
	}
	return draw.Parse(s.D, step)
}

func (s *shape) color(text string, opacity *float64) color.NRGBA {
	if opacity == nil {
		return hex(text)
	}
	return faded(hex(text), *opacity)
}
