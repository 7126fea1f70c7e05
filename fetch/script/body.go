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
	switch body := f.export().(type) {
	case string:
		s.Body = []byte(body)
	case []byte:
		s.Body = body
	case sobek.ArrayBuffer:
		s.Body = slices.Clone(body.Bytes()) // the script may go on writing to it
	case map[string]any:
		return s.setForm(body, f.path)
	default:
		return f.wrong("a string, an ArrayBuffer or an object")
	}
	return nil
}

func (s *settings) setForm(form map[string]any, path string) error {
	for _, value := range form {
		if _, ok := value.(*k6http.FileData); ok {
			return s.setMultipart(form, path)
		}
	}
	values := make(url.Values, len(form))
	for key, value := range form {
		if list, ok := value.([]any); ok {
			for _, item := range list {
				values.Add(key, fmt.Sprint(item))
			}
			continue
		}
		values.Set(key, fmt.Sprint(value))
	}
	s.Body = []byte(values.Encode())
	s.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return nil
}

func (s *settings) setMultipart(form map[string]any, path string) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, value := range form {
		if err := writePart(w, key, value); err != nil {
			return &misuse{fmt.Sprintf("%s.%s cannot be sent: %s", path, key, err)}
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
