package discover

// context is which elements are open, as far as it matters to what is fetched.
type context struct {
	templates []bool // whether each open template is inert
	deeper    int    // open templates beyond maxTemplates
	foreign   []bool // open svg elements, and false for elements in them that hold HTML
	picture   picture
	media     media
	objects   []bool // whether each open object shows what it refers to, instead of its content
}

// maxTemplates bounds how deep templates, objects and SVG are told apart.
const maxTemplates = 64

// inSVG reports whether an element would be one of SVG.
func (c *context) inSVG() bool { return len(c.foreign) > 0 && c.foreign[len(c.foreign)-1] }

// inert reports whether what follows is in a template, which nothing is fetched for. The content of a shadow root is
// not.
func (c *context) inert() bool {
	if c.deeper > 0 {
		return true
	}
	for _, inert := range c.templates {
		if inert {
			return true
		}
	}
	return false
}

// enter notes a start tag.
func (c *context) enter(name string, a attributes) {
	switch name {
	case "template":
		if len(c.templates) == maxTemplates {
			c.deeper++
			return
		}
		mode := a.get("shadowrootmode")
		c.templates = append(c.templates, !equalFold(mode, "open") && !equalFold(mode, "closed"))
	case "object":
		if !c.inert() && len(c.objects) < maxTemplates {
			c.objects = append(c.objects, trimmed(a, "data") != "" && displayable(a.get("type"), a.get("data")))
		}
	}
}

// nest notes an element in a picture, which may be of no other interest.
func (c *context) nest(name string, open bool) {
	if !c.picture.open || c.inert() {
		return
	}
	switch name {
	case "picture", "source", "img", "br", "wbr", "hr", "input", "embed", "track", "link", "meta", "base", "area", "col":
	default:
		if open {
			c.picture.inner++
		} else {
			c.picture.inner = max(0, c.picture.inner-1)
		}
	}
}

// leave notes an end tag.
func (c *context) leave(name string) {
	c.nest(name, false)
	if name == "template" {
		c.leaveTemplate()
		return
	}
	if c.inert() {
		return
	}
	switch name {
	case "picture":
		c.picture = picture{}
	case "audio", "video":
		c.media = media{}
	case "object":
		if len(c.objects) > 0 {
			c.objects = c.objects[:len(c.objects)-1]
		}
	}
}

func (c *context) leaveTemplate() {
	switch {
	case c.deeper > 0:
		c.deeper--
	case len(c.templates) > 0:
		c.templates = c.templates[:len(c.templates)-1]
	}
}

// shown reports whether an object around shows what it refers to, so that objects in its content are not loaded.
func (c *context) shown(but int) bool {
	for _, shown := range c.objects[:max(0, len(c.objects)-but)] {
		if shown {
			return true
		}
	}
	return false
}
