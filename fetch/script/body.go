package script

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/grafana/sobek"
	"github.com/klauspost/compress/zstd"
	"go.k6.io/k6/v2/js/common"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
)

// setBody reads the body of a target: a string, an ArrayBuffer, or an object, which becomes a form, or a multipart form
// if it has a file in it. It sets the Content-Type of a form, which the target's own headers may replace.
func (s *settings) setBody(f field) error {
	if f.nullish() {
		return nil
	}
	const must = "a string, an ArrayBuffer or an object"
	switch body := f.export().(type) {
	case string:
		s.Body = []byte(body)
	case []byte:
		s.Body = slices.Clone(body) // the script may go on writing to it
	case sobek.ArrayBuffer:
		s.Body = slices.Clone(body.Bytes())
	case nil:
		fields, keys, err := f.object(must)
		if err != nil {
			return err
		}
		return s.setForm(fields, keys, f.path)
	default:
		return f.wrong(must)
	}
	return nil
}

// formPart is one field of a form.
type formPart struct {
	key   string
	value any
}

func (s *settings) setForm(fields []field, keys []string, path string) error {
	parts := make([]formPart, len(keys))
	hasFile := false
	for i, key := range keys {
		value, err := fields[i].copied()
		if err != nil {
			return err
		}
		parts[i] = formPart{key, value}
		_, isFile := value.(*k6http.FileData)
		hasFile = hasFile || isFile
	}
	if hasFile {
		return s.setMultipart(parts, path)
	}
	values := make(url.Values, len(parts))
	for _, part := range parts {
		if list, ok := part.value.([]any); ok {
			for _, item := range list {
				values.Add(part.key, fmt.Sprint(item))
			}
			continue
		}
		values.Set(part.key, fmt.Sprint(part.value))
	}
	s.Body = []byte(values.Encode())
	s.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return nil
}

func (s *settings) setMultipart(parts []formPart, path string) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, part := range parts {
		if err := writePart(w, part.key, part.value); err != nil {
			return &misuse{fmt.Sprintf("%s.%s cannot be sent: %s", path, shown(part.key), err)}
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	s.Body = body.Bytes()
	s.Header.Set("Content-Type", w.FormDataContentType())
	return nil
}

func writePart(w *multipart.Writer, key string, value any) error {
	file, ok := value.(*k6http.FileData)
	if !ok {
		return w.WriteField(key, fmt.Sprint(value))
	}
	data, err := common.ToBytes(file.Data)
	if err != nil {
		return err
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`,
			escape.Replace(key), escape.Replace(file.Filename))},
		"Content-Type": {file.ContentType},
	})
	if err != nil {
		return err
	}
	_, err = part.Write(data)
	return err
}

// compression reads the list of codings that a body is sent with.
func (f field) compression() ([]string, error) {
	s, err := f.text("a list of gzip, deflate, br and zstd")
	if err != nil {
		return nil, err
	}
	var codings []string
	for coding := range strings.SplitSeq(s, ",") {
		if coding = strings.TrimSpace(coding); coding == "" {
			continue
		}
		if !slices.Contains([]string{"gzip", "deflate", "br", "zstd"}, coding) {
			return nil, f.wrong("a list of gzip, deflate, br and zstd")
		}
		codings = append(codings, coding)
	}
	return codings, nil
}

// compress applies the codings to the body, and says so in Content-Encoding unless the script says otherwise itself.
func (s *settings) compress(logger interface{ Warnf(string, ...any) }, where string) error {
	if s.Body == nil || len(s.compression) == 0 {
		return nil
	}
	s.Given = s.Body
	for _, coding := range s.compression {
		var out bytes.Buffer
		w, err := encoder(coding, &out)
		if err != nil {
			return err
		}
		if _, err = w.Write(s.Body); err != nil {
			return err
		}
		if err = w.Close(); err != nil {
			return err
		}
		s.Body = out.Bytes()
	}
	codings := strings.Join(s.compression, ", ")
	switch own := s.Header.Get("Content-Encoding"); own {
	case "":
		s.Header.Set("Content-Encoding", codings)
	case codings:
	default:
		logger.Warnf("There's a mismatch between the desired compression %q and the Content-Encoding header %q of %s; "+
			"the header has precedence.", codings, own, where)
	}
	return nil
}

func encoder(coding string, w io.Writer) (io.WriteCloser, error) {
	switch coding {
	case "deflate":
		return zlib.NewWriter(w), nil
	case "br":
		return brotli.NewWriter(w), nil
	case "zstd":
		return zstd.NewWriter(w)
	default:
		return gzip.NewWriter(w), nil
	}
}
