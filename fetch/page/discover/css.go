package discover

import (
	"net/url"
)

// CSS is a scanner of one stylesheet.
type CSS struct {
	decoder *decoder
	sheet   *sheet
}

// NewCSS returns a scanner of a stylesheet at base. The content type is that of the response. Found is called for each
// resource, in the order of the stylesheet.
func NewCSS(base *url.URL, contentType string, options Options, found func(Resource)) *CSS {
	return &CSS{
		decoder: newDecoder(contentType, declaredInCSS, options.Charset, "utf-8"),
		sheet:   newSheet(base, newFinder(options, 0, found)),
	}
}

// Write takes bytes of the stylesheet. It never fails.
func (c *CSS) Write(p []byte) (int, error) {
	c.sheet.write(c.decoder.write(p))
	return len(p), nil
}

// Close ends the stylesheet. An unfinished rule at its end counts, as in browsers.
func (c *CSS) Close() {
	c.sheet.write(c.decoder.close())
	c.sheet.close()
}

// Charset returns the name of the stylesheet's encoding, as far as it is known yet.
func (c *CSS) Charset() string { return c.decoder.charset() }
