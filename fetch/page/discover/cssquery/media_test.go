package cssquery_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

func desktop() cssquery.Environment {
	return cssquery.Environment{Width: 1280, Height: 720, DPR: 2}
}

func TestMediaQueries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, query string
		want         bool
	}{
		{"an empty list matches", "", true},
		{"spaces are an empty list", "  ", true},
		{"a comment is an empty list", "/* screen */", true},
		{"all matches", "all", true},
		{"screen matches", "screen", true},
		{"case does not matter", "SCREEN AND (MIN-WIDTH: 1PX)", true},
		{"print does not match", "print", false},
		{"speech does not match", "speech", false},
		{"an unknown type does not match", "projector-3d", false},
		{"not print matches", "not print", true},
		{"not screen does not match", "not screen", false},
		{"only screen matches", "only screen", true},
		{"a list matches if one does", "print, screen", true},
		{"a list does not match if none does", "print, speech", false},
		{"an invalid query leaves the others", "&test, screen", true},
		{"an invalid query does not match", "&test", false},
		{"an empty query in a list does not match", "print,", false},

		{"a least width", "(min-width: 1280px)", true},
		{"a least width that is too large", "(min-width: 1281px)", false},
		{"a most width", "(max-width: 1280px)", true},
		{"a most width that is too small", "(max-width: 1279px)", false},
		{"an exact width", "(width: 1280px)", true},
		{"a width in em", "(min-width: 80em)", true},
		{"a width in em that is too large", "(min-width: 80.1em)", false},
		{"a height", "(max-height: 719px)", false},
		{"a calculated width", "(min-width: calc(80em + 1px))", false},
		{"a width needs a unit", "(min-width: 100)", false},
		{"zero needs none", "(min-width: 0)", true},
		{"and is both", "screen and (min-width: 600px) and (max-width: 2000px)", true},
		{"and needs both", "screen and (min-width: 600px) and (max-width: 1000px)", false},
		{"and needs the type", "print and (min-width: 600px)", false},
		{"not negates all of it", "not screen and (min-width: 2000px)", true},
		{"a condition needs no type", "(min-width: 600px) and (orientation: landscape)", true},
		{"or is one of them", "(min-width: 9000px) or (orientation: landscape)", true},
		{"both operators do not mix", "(min-width: 1px) and (min-width: 1px) or (min-width: 1px)", false},
		{"or is invalid behind a type", "screen and (min-width: 1px) or (min-width: 1px)", false},
		{"parentheses nest", "((min-width: 1px) and (max-width: 9000px)) or (monochrome)", true},
		{"not negates a condition", "not (orientation: portrait)", true},
		{"not negates within", "(min-width: 1px) and (not (orientation: portrait))", true},
		{"not stands behind a type", "screen and not (monochrome)", true},
		{"and needs a space", "screen and(min-width: 1px)", false},
		{"a type needs an and", "screen (min-width: 1px)", false},
		{"and is no type", "and", false},
		{"two types are invalid", "screen print", false},

		{"a range with a greater", "(width > 1279px)", true},
		{"a range with a greater that is equal", "(width > 1280px)", false},
		{"a range with a less or equal", "(width <= 1280px)", true},
		{"a range with the value first", "(600px < width)", true},
		{"a range with both", "(600px <= width <= 1280px)", true},
		{"a range with both that is too small", "(600px <= width < 1280px)", false},
		{"a range downwards", "(1280px >= width > 600px)", true},
		{"a range of both directions is invalid", "(600px < width > 100px)", false},
		{"a range that is equal", "(width = 1280px)", true},

		{"the orientation", "(orientation: landscape)", true},
		{"the other orientation", "(orientation: portrait)", false},
		{"an aspect ratio", "(aspect-ratio: 16/9)", true},
		{"a least aspect ratio", "(min-aspect-ratio: 2 / 1)", false},
		{"a resolution in dppx", "(min-resolution: 2dppx)", true},
		{"a resolution in x", "(min-resolution: 2.1x)", false},
		{"a resolution in dpi", "(min-resolution: 192dpi)", true},
		{"a resolution in dpcm", "(resolution > 75dpcm)", true},
		{"the ratio of WebKit", "(-webkit-min-device-pixel-ratio: 1.5)", true},
		{"the ratio of Firefox is unknown", "(min--moz-device-pixel-ratio: 1)", false},
		{"a light color scheme", "(prefers-color-scheme: light)", true},
		{"no dark one", "(prefers-color-scheme: dark)", false},
		{"a color screen", "(color)", true},
		{"bits of color", "(min-color: 8)", true},
		{"no monochrome one", "(monochrome)", false},
		{"a mouse hovers", "(hover: hover) and (pointer: fine)", true},
		{"it is not coarse", "(any-pointer: coarse)", false},
		{"motion is not reduced", "(prefers-reduced-motion)", false},
		{"motion has no preference", "(prefers-reduced-motion: no-preference)", true},
		{"scripts run", "(scripting: enabled)", true},

		{"an unknown feature does not match", "(foo: bar)", false},
		{"nor does its opposite", "not (foo: bar)", false},
		{"nor is it true without a value", "(foo)", false},
		{"an unknown value does not match", "(orientation: square)", false},
		{"nor does its opposite", "not (orientation: square)", false},
		{"an unknown one does not matter next to a true one", "(foo) or (color)", true},
		{"an unknown one does not matter next to a false one", "not ((foo) and (monochrome))", true},
		{"an unknown function does not match", "foo(bar)", false},
		{"a negative width does not match", "(max-width: -1px)", false},
		{"what is not closed is closed at the end", "(min-width: 1px", true},
		{"what is closed too often is invalid", "(min-width: 1px))", false},
	} {
		assert.Equal(t, test.want, desktop().Matches(test.query), "%s: %s", test.title, test.query)
	}
}

func TestMediaQueriesDependOnTheScreen(t *testing.T) {
	t.Parallel()
	dark := desktop()
	dark.Dark = true
	assert.True(t, dark.Matches("(prefers-color-scheme: dark)"))
	phone := cssquery.Environment{Width: 390, Height: 844, DPR: 3}
	assert.True(t, phone.Matches("(orientation: portrait) and (max-width: 30em)"))
	assert.False(t, desktop().Matches("(orientation: portrait)"))
}

func TestLongAndDeepQueriesDoNotMatch(t *testing.T) {
	t.Parallel()
	assert.True(t, desktop().Matches(strings.Repeat("print,", 100)+"screen"))
	assert.False(t, desktop().Matches(strings.Repeat("print,", 1000)+"screen"))
	assert.True(t, desktop().Matches(strings.Repeat("(", 20)+"color"+strings.Repeat(")", 20)))
	assert.False(t, desktop().Matches(strings.Repeat("(", 200)+"color"+strings.Repeat(")", 200)))
}

func TestSupports(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, condition string
		want             bool
	}{
		{"a property counts as supported", "(display: grid)", true},
		{"its opposite is false", "not (display: grid)", false},
		{"and is both", "(display: grid) and (not (display: inline-grid))", false},
		{"or is one", "(display: grid) or (-ms-ime-align: auto)", true},
		{"another browser's property is not", "(-moz-appearance: none)", false},
		{"a value of another browser is not", "(display: -ms-grid)", false},
		{"that of a phone is not", "(-webkit-touch-callout: none)", false},
		{"its opposite is", "not (-webkit-touch-callout: none)", true},
		{"a custom property is", "(--foo: green)", true},
		{"a selector is", "selector(:has(a))", true},
		{"a font format is", "font-format(woff2)", true},
		{"an old font format is not", "font-format(embedded-opentype)", false},
		{"a font technique is", "font-tech(color-COLRv1)", true},
		{"a rare font technique is not", "font-tech(incremental)", false},
		{"a function of the future is not", "named-feature(foo)", false},
		{"nor is its opposite", "not named-feature(foo)", false},
		{"a property without a value is not", "(display)", false},
		{"nothing is not", "", false},
		{"a declaration without parentheses is not", "display: grid", false},
	} {
		tokens, _ := csstoken.All([]byte(test.condition), 100)
		assert.Equal(t, test.want, cssquery.Supports(tokens), "%s: %s", test.title, test.condition)
	}
	for condition, want := range map[string]struct{ supported, fetched bool }{
		"display: grid":       {true, true}, // imports need no parentheses around a declaration
		"-moz-display: a":     {false, false},
		"(-moz-display: a)":   {false, true},
		"not (display: grid)": {false, true},
		"":                    {false, true},
	} {
		tokens, _ := csstoken.All([]byte(condition), 100)
		supported, fetched := cssquery.SupportsImport(tokens)
		assert.Equal(t, want, struct{ supported, fetched bool }{supported, fetched}, condition)
	}
}
