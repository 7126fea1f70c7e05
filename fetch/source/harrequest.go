package source

import (
	"bytes"
	"encoding/base64"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// recorded are the headers of a recorded request that say what was asked for. How the browser spoke with the server is
// for whoever asks again to decide.
func recorded(headers []nameValue) http.Header {
	kept := make(http.Header, len(headers))
	for _, h := range headers {
		switch name := http.CanonicalHeaderKey(h.Name); name {
		case "Host", "Connection", "Content-Length", "Expect", "Http2-Settings", "Keep-Alive", "Proxy-Connection", "Te",
			"Trailer", "Transfer-Encoding", "Upgrade":
		default:
			if !strings.HasPrefix(name, ":") {
				kept.Add(name, h.Value)
			}
		}
	}
	if cookies := kept["Cookie"]; len(cookies) > 1 { // HTTP/2 may have several, HTTP/1.1 may not
		kept["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	return kept
}

// postData is the body of a recorded request.
type postData struct {
	MimeType string      `json:"mimeType"`
	Text     string      `json:"text"`
	Encoding string      `json:"encoding"`
	Params   []postParam `json:"params"`
}

type postParam struct {
	nameValue

	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
}

// body is the text, or the form that was sent, in its order.
func (p *postData) body() ([]byte, error) {
	if p.Text != "" || len(p.Params) == 0 {
		if p.Encoding == "base64" {
			return base64.StdEncoding.DecodeString(p.Text)
		}
		return []byte(p.Text), nil
	}
	if kind, params, err := mime.ParseMediaType(p.MimeType); err == nil && kind == "multipart/form-data" {
		return multipartForm(p.Params, params["boundary"])
	}
	var form bytes.Buffer
	for i, param := range p.Params {
		if i > 0 {
			form.WriteByte('&')
		}
		form.WriteString(url.QueryEscape(param.Name) + "=" + url.QueryEscape(param.Value))
	}
	return form.Bytes(), nil
}

// multipartForm is a form with the boundary that the recorded header names.
func multipartForm(params []postParam, boundary string) ([]byte, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	if err := w.SetBoundary(boundary); err != nil {
		return nil, err
	}
	for _, param := range params {
		disposition := map[string]string{"name": param.Name}
		if param.FileName != "" {
			disposition["filename"] = param.FileName
		}
		header := textproto.MIMEHeader{"Content-Disposition": {mime.FormatMediaType("form-data", disposition)}}
		if param.ContentType != "" {
			header.Set("Content-Type", param.ContentType)
		}
		part, err := w.CreatePart(header)
		if err != nil {
			return nil, err
		}
		if _, err = part.Write([]byte(param.Value)); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return form.Bytes(), err
}
