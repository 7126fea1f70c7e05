package args

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/grafana/sobek"
	"github.com/klauspost/compress/zstd"
)

// setBody reads the body of a target: a string, an ArrayBuffer, or an object, which becomes a form.
func (s *settings) setBody(f Field) error {
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
		fields, keys, err := f.Object(must)
		if err != nil {
			return err
		}
		return s.setForm(fields, keys, f.Path)
	default:
		return f.Wrong(must)
	}
	return nil
}

// compression reads the list of codings that a body is sent with.
func (f Field) compression() ([]string, error) {
	s, err := f.Text("a list of gzip, deflate, br and zstd")
	if err != nil {
		return nil, err
	}
	var codings []string
	for coding := range strings.SplitSeq(s, ",") {
		if coding = strings.TrimSpace(coding); coding == "" {
			continue
		}
		if !slices.Contains([]string{"gzip", "deflate", "br", "zstd"}, coding) {
			return nil, f.Wrong("a list of gzip, deflate, br and zstd")
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
