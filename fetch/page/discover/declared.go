package discover

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// western is the encoding of documents that declare none.
const western = "windows-1252"

// declaredInHTML returns the encoding that the start of a document declares: by a meta element, or else by the
// declaration of XML at its very beginning. Nothing is taken for UTF-8 because it looks like that, as in Chromium.
func declaredInHTML(start []byte) string {
	if !mentions(start, "<meta") && !bytes.HasPrefix(start, []byte("<?xml")) {
		return "" // without reading any tags
	}
	tokenizer := html.NewTokenizer(bytes.NewReader(start))
	for {
		switch tokenizer.Next() {
		case html.ErrorToken:
			return declaredInXML(start)
		case html.StartTagToken, html.SelfClosingTagToken:
			if token := tokenizer.Token(); token.Data == "meta" {
				if name := declaredInMeta(token.Attr); name != "" {
					return name
				}
			}
		default:
		}
	}
}

// declaredInMeta returns the encoding that a meta element declares, or nothing.
func declaredInMeta(attributes []html.Attribute) string {
	var pragma bool
	var label, content string
	for _, a := range attributes {
		switch a.Key {
		case "charset":
			label = a.Val
		case "content":
			content = labelIn(a.Val)
		case "http-equiv":
			pragma = strings.EqualFold(a.Val, "content-type")
		}
	}
	if label == "" && pragma {
		label = content
	}
	return encodingOfText(label)
}

// labelIn returns what is behind "charset=" in a content type. Anything else may be around it.
func labelIn(content string) string {
	_, label, _ := strings.Cut(strings.ToLower(content), "charset")
	label, ok := strings.CutPrefix(trimSpace(label), "=")
	if label = trimSpace(label); !ok || label == "" {
		return ""
	}
	if quote := label[:1]; quote == `"` || quote == "'" {
		label, _, _ = strings.Cut(label[1:], quote)
		return label
	}
	if end := strings.IndexAny(label, "; \t\r\n\f"); end >= 0 {
		label = label[:end]
	}
	return label
}

// declaredInXML returns the encoding that a declaration of XML states, or nothing.
func declaredInXML(start []byte) string {
	rest, ok := bytes.CutPrefix(start, []byte("<?xml"))
	declaration, _, closed := bytes.Cut(rest, []byte(">"))
	_, value, found := bytes.Cut(declaration, []byte("encoding"))
	value, equals := bytes.CutPrefix(bytes.TrimSpace(value), []byte("="))
	value = bytes.TrimSpace(value)
	if !ok || !closed || !found || !equals || len(value) == 0 || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	label, _, _ := bytes.Cut(value[1:], value[:1])
	return encodingOfText(string(label))
}

// encodingOfText returns the name of the encoding of a label that stands in a text. UTF-16 cannot be true there.
func encodingOfText(label string) string {
	_, name := charset.Lookup(label)
	if strings.HasPrefix(name, "utf-16") {
		return "utf-8"
	}
	return name
}

// declaredInCSS returns the encoding of @charset (CSS Syntax, section 3.2), or nothing.
func declaredInCSS(start []byte) string {
	rest, ok := bytes.CutPrefix(start, []byte(`@charset "`))
	label, _, closed := bytes.Cut(rest, []byte(`";`))
	if !ok || !closed {
		return ""
	}
	return encodingOfText(string(label))
}
