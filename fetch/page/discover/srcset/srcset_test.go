package srcset_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/srcset"
)

// chosen returns the image of a srcset without a src, in a page of 1000 pixels.
func chosen(set string) string {
	return srcset.Choose(srcset.Parse(set), "", 1000, 1)
}

// TestParse has the cases of web-platform-tests' parse-a-srcset-attribute.html.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, set, want string }{
		{"an empty srcset has no image", "", ""},
		{"a comma is no image", ",", ""},
		{"commas are no image", ",,,", ""},
		{"spaces are around", "  a  1x  ", "a"},
		{"tabs are spaces", "\t\ta\t\t1x\t\t", "a"},
		{"newlines are spaces", "\n\na\n\n1x\n\n", "a"},
		{"form feeds are spaces", "\f\fa\f\f1x\f\f", "a"},
		{"carriage returns are spaces", "\r\ra\r\r1x\r\r", "a"},
		{"a vertical tab is part of the URL", "\v\va\v\v1x\v\v", "\v\va\v\v1x\v\v"},
		{"U+000E is part of the URL", "\x0ea\x0e1x", "\x0ea\x0e1x"},
		{"a no-break space is part of the URL", "\u00a0a", "\u00a0a"},
		{"a no-break space at the end as well", "a\u00a0", "a\u00a0"},
		{"a URL needs no descriptor", "a", "a"},
		{"a space behind it changes nothing", "a ", "a"},
		{"a comma behind a space ends the candidate", "a ,", "a"},
		{"a comma behind the URL ends the candidate", "a,", "a"},
		{"commas behind the URL are one", "a,,,", "a"},
		{"spaces between commas change nothing", "a,, , ", "a"},
		{"a space before it changes nothing", " a", "a"},
		{"commas before it are skipped", ",,,a", "a"},
		{"commas and spaces before it are skipped", " , ,,a", "a"},
		{"commas in a URL are part of it", "data:,x 1x", "data:,x"},
		{"a comma ends descriptors", "a 1x,", "a"},

		{"parentheses hide commas", "a ( , b 1x, ), c", "c"},
		{"parentheses do not nest", "a ((( , b 1x, ), c", "c"},
		{"square brackets hide nothing", "a [ , b 1x, ], c", "b"},
		{"braces hide nothing", "a { , b 1x, }, c", "b"},
		{"quotes hide nothing", "a \" , b 1x, \", c", "b"},
		{"a backslash escapes nothing", `a \,data:;\,b, c`, `data:;\,b`},
		{"an open parenthesis makes a candidate invalid", "a, b (", "a"},
		{"an open parenthesis with spaces as well", "a, b (  ", "a"},
		{"an open parenthesis with a comma as well", "a, b (,", "a"},
		{"an open parenthesis with a descriptor as well", "a, b (x", "a"},
		{"empty parentheses are no descriptor", "a, b ()", "a"},
		{"an open parenthesis takes the rest", "a (, b", ""},
		{"comments of CSS are none", "a /*, b, c */", "b"},
		{"comments of C are none", "a //, b", "b"},

		{"an unknown descriptor makes a candidate invalid", "a foo", ""},
		{"two unknown ones as well", "a foo bar", ""},
		{"an unknown one before x as well", "a foo 1x", ""},
		{"an unknown one around x as well", "a foo 1x foo", ""},
		{"an unknown one before w as well", "a foo 1w", ""},
		{"an unknown one around w as well", "a foo 1w foo", ""},
		{"x twice is invalid", "a 1x 1x", ""},
		{"w twice is invalid", "a 1w 1w", ""},
		{"w and x are invalid", "a 1w 1x", ""},
		{"x and w are invalid", "a 1x 1w", ""},
		{"w and h are valid", "a 1w 1h", "a"},
		{"h and w are valid", "a 1h 1w", "a"},
		{"h twice is invalid", "a 1h 1h", ""},
		{"h and x are invalid", "a 1h 1x", ""},
		{"h, w and x are invalid", "a 1h 1w 1x", ""},
		{"x, w and h are invalid", "a 1x 1w 1h", ""},
		{"h alone is invalid", "a 1h", ""},
		{"h with an unknown one is invalid", "a 1h foo", ""},
		{"an unknown one with h is invalid", "a foo 1h", ""},
		{"a width of zero is invalid", "a 0w", ""},
		{"a negative width is invalid", "a -1w", ""},
		{"a negative width behind another is invalid", "a 1w -1w", ""},
		{"a width with a point is invalid", "a 1.0w", ""},
		{"a width with an exponent is invalid", "a 1e0w", ""},
		{"a width of many letters is invalid", "a 1www", ""},
		{"a width with a plus is invalid", "a +1w", ""},
		{"W is no descriptor", "a 1W", ""},
		{"an infinite width is invalid", "a Infinityw", ""},
		{"a width that is no number is invalid", "a NaNw", ""},
		{"a hexadecimal width is invalid", "a 0x1w", ""},
		{"a control character in a width is invalid", "a 1\x01w", ""},
		{"a no-break space in a width is invalid", "a 1\u00a0w", ""},
		{"an ideographic space before a width is invalid", "a \u30001w", ""},
		{"a density of zero is valid", "a 0x", "a"},
		{"a density of minus zero is valid", "a -0x", "a"},
		{"a density of minus zero behind another is invalid", "a 1x -0x", ""},
		{"a negative density is invalid", "a -1x", ""},
		{"a density may have an exponent", "a 1e0x", "a"},
		{"a density may have a capital exponent", "a 1E0x", "a"},
		{"a density may have a negative exponent", "a 1e-1x", "a"},
		{"a density may have a point and an exponent", "a 1.5e1x", "a"},
		{"a minus is no density", "a -x", ""},
		{"a point is no density", "a .x", ""},
		{"a minus and a point are no density", "a -.x", ""},
		{"a density has digits behind its point", "a 1.x", ""},
		{"a density may begin with a point", "a .5x", "a"},
		{"a density may begin with a point and have an exponent", "a .5e1x", "a"},
		{"an exponent has no point", "a 1e1.5x", ""},
		{"a density may have a point", "a 1.0x", "a"},
		{"a density with a plus is invalid", "a +1x", ""},
		{"X is no descriptor", "a 1X", ""},
		{"an infinite density is invalid", "a Infinityx", ""},
		{"a density that is no number is invalid", "a NaNx", ""},
		{"a hexadecimal density is invalid", "a 0x1x", ""},
		{"a control character in a density is invalid", "a 1\x01x", ""},
		{"an underscore in a density is invalid", "a 1_0x", ""},
		{"a height of zero is invalid", "a 1w 0h", ""},
		{"a negative height is invalid", "a 1w -1h", ""},
		{"a height with a point is invalid", "a 1w 1.0h", ""},
		{"a height with an exponent is invalid", "a 1w 1e0h", ""},
		{"a height of many letters is invalid", "a 1w 1hhh", ""},
		{"a height with a plus is invalid", "a 1w +1h", ""},
		{"H is no descriptor", "a 1w 1H", ""},
		{"an infinite height is invalid", "a 1w Infinityh", ""},
	} {
		assert.Equal(t, test.want, chosen(test.set), "%s: %q", test.title, test.set)
	}
}

// TestChoose has the cases of select-an-image-source.html, and those of Chromium's choice.
func TestChoose(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, set, src string
		size, dpr       float64
		want            string
	}{
		{"of equals it is the first", "a 1x, b 1x", "", 1000, 1, "a"},
		{"without a descriptor it is 1x", "a , b 1x", "", 1000, 1, "a"},
		{"1x equals no descriptor", "a 1x, b", "", 1000, 1, "a"},
		{"of equal widths it is the first", "a 1w, b 1w", "", 1000, 1, "a"},
		{"a height makes no difference", "a 1w 2h, b 1w 1h", "", 1000, 1, "a"},
		{"a width may equal a density", "a 1w, b 1x", "", 1, 1, "a"},
		{"a density may equal a width", "a 1x, b 1w", "", 1, 1, "a"},
		{"a width in half a pixel equals 2x", "a 1w, b 2x", "", 0.5, 1, "a"},
		{"src counts as 1x", "b 2x", "a", 1000, 1, "a"},
		{"a candidate of 1x is preferred to src", "b 1x", "a", 1000, 1, "b"},
		{"src does not count next to widths", "b 10w", "a", 1000, 1, "b"},
		{"src counts if no candidate is valid", "b 1q", "a", 1000, 1, "a"},
		{"nothing is chosen of nothing", "", "", 1000, 1, ""},
		{"the screen's density is chosen", "a 1x, b 2x, c 3x", "", 1000, 2, "b"},
		{"the next higher one is chosen", "a 1x, b 1.5x, c 4x", "", 1000, 2, "c"},
		{"even if a lower one is much nearer", "a 1.9x, b 4x", "", 1000, 2, "b"},
		{"the highest is chosen if none is enough", "a 0.5x, b 1.4x", "", 1000, 2, "b"},
		{"of the highest it is the first", "a 1x, b 1.4x, c 1.4x", "", 1000, 2, "b"},
		{"the order does not matter", "c 3x, b 2x, a 1x", "", 1000, 2, "b"},
		{"widths are densities in a size", "a 300w, b 600w, c 1200w, d 2400w", "", 600, 2, "c"},
		{"the least is enough for a small size", "a 300w, b 600w", "", 200, 1, "a"},
		{"in no size each width is enough", "a 300w, b 600w", "", 0, 1, "a"},
	} {
		assert.Equal(t, test.want, srcset.Choose(srcset.Parse(test.set), test.src, test.size, test.dpr), test.title)
	}
}

func TestAtMostSoManyCandidatesCount(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("a 1x,", 1000)
	assert.Len(t, srcset.Parse(many), 128)
	assert.Equal(t, "a", srcset.Choose(srcset.Parse(many+"b 2x"), "", 1, 2), "what is behind them does not count")
}

// sizes that web-platform-tests' parse-a-sizes-attribute.html expects to be as good as 1px, in a viewport of 1000.
//
//nolint:gochecknoglobals // a table
var onePixel = []string{
	"1px", "0", "-0", "+0", "+1px", ".1px", "0.1em", "0.1ex", "0.1ch", "0.1rem", "0.1vw", "0.1vh", "0.1vmin", "0.1vmax",
	"0.1cm", "1mm", "1q", "0.01in", "0.1pc", "0.1pt", "/* */1px/* */", " /**/ /**/ 1px /**/ /**/ ",
	"(),1px", "x(),1px", "{},1px", "[],1px", "1px,(", "1px,x(", "1px,{", "1px,[", `\(,1px`, `x\(,1px`, `\{,1px`, `\[,1px`,
	`1\p\x`, "calc(1px)", "min(1px, 100px)", "min(-100px, 1px)", "(min-width:0) calc(1px)",
	"(min-width:0) min(1px, 100px)", "(min-width:0) max(-100px, 1px)", "(min-width:calc(0px)) 1px",
	"(min-width:0) 1px, 100vw", "(min-width:0) 1px, (min-width:0) 100vw, 100vw", "(min-width:0) 1px",
	"not (min-width:0) 100vw, 1px", "(min-width:unknown-mf-value) 100vw, 1px", "not (min-width:unknown-mf-value) 100vw, 1px",
	"(min-width:-1px) 100vw, 1px", "not (min-width:-1px) 100vw, 1px", "(unknown-mf-name) 100vw, 1px",
	"not (unknown-mf-name) 100vw, 1px", `(unknown "general-enclosed") 100vw, 1px`,
	`not (unknown "general-enclosed") 100vw, 1px`, "unknown-general-enclosed(foo) 100vw, 1px",
	"not unknown-general-enclosed(foo) 100vw, 1px", "print 100vw, 1px", "not print 100vw, 1px",
	"unknown-media-type 100vw, 1px", "not unknown-media-type 100vw, 1px", "(min-width:0) or (min-width:0) 1px",
	"(min-width:0) or (unknown-mf-name) 1px", "(min-width:0) or (min-width:unknown-mf-value) 1px",
	"(min-width:0) or (min-width:-1px) 1px", `(min-width:0) or (unknown "general-enclosed") 1px`,
	"(min-width:0) or unknown-general-enclosed(foo) 1px", "(min-width:0) or (!) 100vw, 1px",
	"(min-width:0) or unknown-media-type 100vw, 1px", "(123) 100vw, 1px", "not (123) 100vw, 1px", "(!) 100vw, 1px",
	"not (!) 100vw, 1px", "! 100vw, 1px", "not ! 100vw, 1px", "(]) 100vw, 1px", "not (]) 100vw, 1px", "] 100vw, 1px",
	"not ] 100vw, 1px", "(}) 100vw, 1px", "not (}) 100vw, 1px", "} 100vw, 1px", "not } 100vw, 1px", ") 100vw, 1px",
	"not ) 100vw, 1px", "(;) 100vw, 1px", "not (;) 100vw, 1px", "(.) 100vw, 1px", "not (.) 100vw, 1px", "; 100vw, 1px",
	"not ; 100vw, 1px", ", 1px", "1px,", "(min-width:0) 1px,", "-0e-0px", "+0.11e+01px", "0.2e1px", "0.3E1px", ".4E1px",
	"all 100vw, 1px", "all and (min-width:0) 100vw, 1px", "min-width:0 100vw, 1px", "1px, 100vw",
	"1px, (min-width:0) 100vw", "1px, foo bar", "(min-width:0) 1px, foo bar", `("grammar does not match") 100vw, 1px`,
	`not ("grammar does not match") 100vw, 1px`, "(unknown-general-enclosed !) 100vw, 1px",
	"not (unknown-general-enclosed !) 100vw, 1px", "(min-width:0) or (unknown-general-enclosed !) 1px",
	`not ((min-width:0) or (unknown "general-enclosed")) 100vw, 1px`,
	"(max-width:0) or (unknown-general-enclosed !) 100vw, 1px",
	`not ((max-width:0) or (unknown "general-enclosed")) 100vw, 1px`, "calc(1px", "min(1px, 200vw", "max(-200vw, 1px",
	"(min-width:0) calc(1px", "(min-width:0) min(1px, 200vw", "(min-width:0) max(-200vw, 1px",
}

// sizes that the same test expects to be as good as none, which is the width of the viewport.
//
//nolint:gochecknoglobals // a table
var wholeWidth = []string{
	"100vw", "", ",", "-1px", "1", "0.1%", "0.1deg", "0.1grad", "0.1rad", "0.1turn", "0.1s", "0.1ms", "0.1Hz", "0.1kHz",
	"0.1dpi", "0.1dpcm", "0.1dppx", "0.1x", "attr(data-foo, length, 1px)", "attr(data-foo, px, 1px)", "toggle(1px)",
	"inherit", "auto", "initial", "unset", "default", "1/* */px", "1p/* */x", "-/**/0", "((),1px", "x(x(),1px", "{{},1px",
	"[[],1px", "1px !important", `\1px`, "all 1px", "all and (min-width:0) 1px", "min-width:0 1px", "100vw, 1px",
	"100vw, (min-width:0) 1px", "foo bar", "foo-bar", "(min-width:0) 1px foo bar", "(min-width:0) 0.1%",
	"(min-width:0) 1", "-1e0px", "1e1.5px", "var(--foo)",
}

func TestSize(t *testing.T) {
	t.Parallel()
	environment := cssquery.Environment{Width: 1000, Height: 1000, DPR: 1}
	image := func(sizes string) string {
		return srcset.Choose(srcset.Parse("small 50w, large 51w"), "", srcset.Size(sizes, environment, false), 1)
	}
	for _, sizes := range onePixel {
		assert.Equal(t, "small", image(sizes), "as good as 1px: %q", sizes)
	}
	for _, sizes := range wholeWidth {
		assert.Equal(t, "large", image(sizes), "as good as none: %q", sizes)
	}
}

func TestSizeIsTheOneWhoseConditionIsTrue(t *testing.T) {
	t.Parallel()
	environment := cssquery.Environment{Width: 800, Height: 600, DPR: 1}
	for _, test := range []struct {
		title, sizes string
		want         float64
	}{
		{"the first that is true", "(min-width: 1000px) 500px, (min-width: 600px) 400px, 100vw", 400},
		{"the last has none", "(min-width: 1000px) 500px, 50vw", 400},
		{"the height has a unit as well", "50vh", 300},
		{"em is 16 pixels", "10em", 160},
		{"rem is 16 pixels", "(max-width: 60rem) 20rem, 1px", 320},
		{"calc subtracts", "calc(100vw - 32px)", 768},
		{"calc multiplies and divides", "calc((100vw - 2 * 10px) / 3)", 260},
		{"calc needs spaces around a minus", "calc(100vw -32px)", 800},
		{"clamp has three arguments", "clamp(100px, 50vw, 300px)", 300},
		{"lengths and numbers do not add", "calc(100vw - 3)", 800},
		{"nothing is divided by zero", "calc(100vw / 0)", 800},
		{"a negative calc is zero", "calc(1px - 2px)", 0},
		{"auto is for lazy images, others are as wide as the viewport", "auto, 400px", 800},
		{"auto behind a condition that is false", "(min-width: 1000px) 1px, AUTO, 400px", 800},
		{"auto behind a size does not count", "400px, auto", 400},
		{"auto with a condition is invalid", "(min-width: 1px) auto, 400px", 400},
	} {
		assert.InDelta(t, test.want, srcset.Size(test.sizes, environment, false), 0.001, test.title)
	}
}

func TestLongSizesCountAsNone(t *testing.T) {
	t.Parallel()
	environment := cssquery.Environment{Width: 800, Height: 600, DPR: 1}
	require.InDelta(t, 1, srcset.Size(strings.Repeat("foo bar,", 100)+"1px", environment, false), 0)
	require.InDelta(t, 800, srcset.Size(strings.Repeat("foo bar,", 1000)+"1px", environment, false), 0)
	require.InDelta(t, 800, srcset.Size(strings.Repeat("(", 500)+" 1px", environment, false), 0, "however deep they nest")
	require.InDelta(t, 800, srcset.Size(strings.Repeat("calc(", 500)+"1px", environment, false), 0)
}

func FuzzSrcset(f *testing.F) {
	f.Add("a 1x, b 2x", "(min-width: 1px) 50vw, 100vw")
	f.Add("a 100w 1h, b 200w,c", "calc(100vw - (2 * 3px)), max(1px, 2em")
	f.Add("a ( , b 1x", "not ((min-width:0) or (unknown \"x\")) 1px, (1 < width <= 3) 2px")
	f.Add("data:,a 1.5e1x", "\\(,1px/* */, ]")
	f.Fuzz(func(t *testing.T, set, sizes string) {
		environment := cssquery.Environment{Width: 1000, Height: 500, DPR: 1.5}
		size := srcset.Size(sizes, environment, false)
		require.GreaterOrEqual(t, size, 0.0)
		candidates := srcset.Parse(set)
		require.LessOrEqual(t, len(candidates), 128)
		chosen := srcset.Choose(candidates, "", size, environment.DPR)
		require.Equal(t, len(candidates) > 0, chosen != "", "one is chosen if there is one")
		require.Contains(t, set, chosen)
		for _, candidate := range candidates {
			require.GreaterOrEqual(t, candidate.Density, 0.0)
			require.NotContains(t, candidate.URL, " ")
		}
	})
}
