package discover

import "slices"

// enterSVG notes a start tag, as far as it begins or ends SVG. It reports whether the element is one of SVG.
func (c *context) enterSVG(name string, selfClosing bool) bool {
	if c.inSVG() && endsSVG(name) {
		for c.inSVG() {
			c.foreign = c.foreign[:len(c.foreign)-1]
		}
		return false
	}
	inSVG := c.inSVG() || name == "svg"
	if inSVG && !selfClosing && len(c.foreign) < maxTemplates {
		switch name {
		case "svg":
			c.foreign = append(c.foreign, true)
		case "foreignobject", "desc":
			c.foreign = append(c.foreign, false)
		}
	}
	return inSVG
}

// leaveSVG notes an end tag. It ends what is open in the element, too.
func (c *context) leaveSVG(name string) {
	var svg bool
	switch name {
	case "svg":
		svg = true
	case "foreignobject", "desc":
	default:
		return
	}
	for i, is := range slices.Backward(c.foreign) {
		if is == svg {
			c.foreign = c.foreign[:i]
			return
		}
	}
}

// fetchedInSVG reports whether an element in SVG may refer to something. The preload scanners of browsers do not know
// that links and inputs are others there.
func fetchedInSVG(name string) bool {
	switch name {
	case "script", "style", "image", "use", "feimage", "link", "input":
		return true
	default:
		return false
	}
}

// endsSVG reports whether a start tag ends the SVG that it is in (HTML, section 13.2.6.5).
func endsSVG(name string) bool {
	switch name {
	case "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed",
		"h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p",
		"pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var":
		return true
	default:
		return false
	}
}
