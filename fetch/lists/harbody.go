package lists

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/form"
)

// postData is the body of a recorded request: its text, or the parameters of its form. Browsers record the text, other
// tools the parameters alone.
type postData struct {
	MimeType string      `json:"mimeType"`
	Text     string      `json:"text"`
	Encoding string      `json:"encoding"`
	Params   []postParam `json:"params"`
}

type postParam struct {
	nameValue

	FileName    *string `json:"fileName"`
	ContentType string  `json:"contentType"`
}

// The content types of forms.
const (
	urlencoded = "application/x-www-form-urlencoded"
	multipart  = "multipart/form-data"
	plainText  = "text/plain"
)

// body returns the body, and the Content-Type to send it with. An empty Content-Type means the one in the headers,
// sent.
func (p *postData) body(sent, creator string) (body []byte, contentType string, err error) {
	if sent == "" {
		contentType = p.MimeType
	}
	kind, boundary := mediaType(sent)
	recorded, recordedBoundary := mediaType(p.MimeType)
	if kind == "" {
		kind = recorded
	}
	if boundary == "" {
		boundary = recordedBoundary
	}
	if p.Text == "" && len(p.Params) > 0 {
		return p.form(kind, boundary, sent, creator)
	}
	body, err = p.text(kind)
	if err != nil || kind != multipart || boundary != "" && strings.Contains(sent, boundary) {
		return body, contentType, err
	}
	// The header of the request does not name the boundary, but the body does.
	if boundary == "" {
		boundary = firstBoundary(body)
	}
	if boundary == "" {
		return body, contentType, nil
	}
	return body, mime.FormatMediaType(multipart, map[string]string{"boundary": boundary}), nil
}

// mediaType splits a Content-Type into its media type and its boundary, if it has one.
func mediaType(contentType string) (kind, boundary string) {
	kind, params, _ := mime.ParseMediaType(contentType) // the media type is also returned if the parameters are invalid
	return kind, params["boundary"]
}

// headersOfForm matches the headers that Firefox records before the body of a form.
var headersOfForm = regexp.MustCompile(`^(?i:content-(?:type|length): *[^\r\n]*\r\n)+\r\n`)

func (p *postData) text(kind string) ([]byte, error) {
	if p.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(p.Text)
	}
	text := p.Text
	if kind == multipart || kind == urlencoded {
		text = text[len(headersOfForm.FindString(text)):]
	}
	return []byte(text), nil
}

// firstBoundary is the boundary on the first line of a multipart body, empty if there is none.
func firstBoundary(body []byte) string {
	line, _, ok := bytes.Cut(body, []byte("\n"))
	const most = 70
	boundary, hasDashes := strings.CutPrefix(string(bytes.TrimRight(line, "\r")), "--")
	if !ok || !hasDashes || boundary == "" || len(boundary) > most {
		return ""
	}
	return boundary
}

// form builds the body of a form.
func (p *postData) form(kind, boundary, sent, creator string) (body []byte, contentType string, err error) {
	switch {
	case kind == multipart, kind == "" && p.hasFile():
		body, contentType, err = form.Multipart(p.parts(), boundary)
		if _, own := mediaType(sent); own != "" {
			contentType = ""
		}
		return body, contentType, err
	case kind == urlencoded, kind == "":
		contentType = urlencoded
		if sent != "" {
			contentType = ""
		}
		return p.pairs("&", encoderOf(p.Params, creator)), contentType, nil
	case kind == plainText:
		body = append(p.pairs("\r\n", func(s string) string { return s }), "\r\n"...)
		if sent == "" {
			contentType = p.MimeType
		}
		return body, contentType, nil
	default:
		return nil, "", fmt.Errorf("it has parameters and no text, but a form is never %s", kind)
	}
}

func (p *postData) hasFile() bool {
	for i := range p.Params {
		if p.Params[i].FileName != nil {
			return true
		}
	}
	return false
}

func (p *postData) parts() []form.Part {
	parts := make([]form.Part, len(p.Params))
	for i, param := range p.Params {
		parts[i] = form.Part{Name: param.Name, ContentType: param.ContentType, Content: []byte(param.Value)}
		if param.FileName != nil {
			parts[i].IsFile, parts[i].FileName = true, *param.FileName
		}
	}
	return parts
}

// pairs are the names and values of a form without files.
func (p *postData) pairs(between string, encode func(string) string) []byte {
	var b bytes.Buffer
	for i, param := range p.Params {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(encode(param.Name) + "=" + encode(param.Value))
	}
	return b.Bytes()
}

// encoderOf returns the function that encodes the parameters of a form. It does nothing if they are encoded: Chrome and
// Safari record them as sent, Firefox decodes them. For other recorders, one encoded parameter means that all are.
func encoderOf(params []postParam, creator string) func(string) string {
	asSent := creator == "WebInspector" || strings.HasPrefix(creator, "WebKit")
	encoded := asSent
	for _, param := range params {
		isRaw := !isEncoded(param.Name, asSent) || !isEncoded(param.Value, asSent)
		if creator == "Firefox" || isRaw || strings.Contains(param.Name, "=") {
			return url.QueryEscape
		}
		encoded = encoded || strings.Contains(param.Name+param.Value, "%")
	}
	if !encoded {
		return url.QueryEscape
	}
	return func(s string) string { return s }
}

// isEncoded reports whether a text can be part of a form unchanged. Encoders leave few characters unencoded, but
// scripts build forms themselves. So asSent allows all of ASCII that does not end the part.
func isEncoded(s string, asSent bool) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.*+~!'()", c) >= 0:
		case c == '%':
			if len(s) <= i+2 || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
		case !asSent, c <= ' ', c >= 0x7f, c == '&':
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
