package discover

import "strings"

// script finds a script that browsers with modules run.
func (s *scanner) script(a attributes) {
	kind, module := scriptType(a)
	if !kind {
		return
	}
	if a.has("nomodule") && !module || !runsAtLoad(a) && !module {
		return
	}
	reference := a.get("src")
	if s.context.inSVG() {
		reference = svgReference(a)
	}
	async, deferred := a.has("async"), a.has("defer")
	resource := linked(a, Script)
	resource.Element = "script"
	resource.Blocking = !async && !deferred && !module
	resource.Late = !resource.Blocking
	if module {
		resource.CrossOrigin = max(resource.CrossOrigin, Anonymous)
	}
	s.finder.find(s.base, reference, resource, importance{
		hint: hint(a), lazy: async || deferred, module: module, inDocument: true,
		blocking: resource.Blocking && !s.inBody,
	})
}

// scriptType reports whether a script element is JavaScript, and whether it is a module (HTML, section 4.12.1.1).
func scriptType(a attributes) (script, module bool) {
	kind, hasType := a.lookup("type")
	language, hasLanguage := a.lookup("language")
	switch {
	case hasType && kind == "", !hasType && (!hasLanguage || language == ""):
		return true, false
	case hasType:
		kind = trimSpace(kind)
		return isJavaScript(strings.ToLower(kind)) || equalFold(kind, "module"), equalFold(kind, "module")
	default:
		return isJavaScript("text/" + strings.ToLower(language)), false
	}
}

// runsAtLoad reports whether a script is no handler of an event, as Internet Explorer had them.
func runsAtLoad(a attributes) bool {
	event, hasEvent := a.lookup("event")
	target, hasTarget := a.lookup("for")
	if !hasEvent || !hasTarget {
		return true
	}
	event, target = trimSpace(event), trimSpace(target)
	return equalFold(target, "window") && (equalFold(event, "onload") || equalFold(event, "onload()"))
}

// isJavaScript reports whether a media type, in lower case and without parameters, is JavaScript (MIME Sniffing,
// section 4.6).
func isJavaScript(essence string) bool {
	switch essence {
	case "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript",
		"text/ecmascript", "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2",
		"text/javascript1.3", "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript",
		"text/x-ecmascript", "text/x-javascript":
		return true
	default:
		return false
	}
}
