package lists_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// read reads a stream to its end: its URLs, and what is wrong with the others.
func read(t *testing.T, r io.Reader) (urls, wrong []string) {
	t.Helper()
	s := lists.NewStream("-", r)
	for range 1000 {
		var e lists.Entry
		malformed := &lists.MalformedError{}
		switch err := s.Next(&e); {
		case err == nil:
			urls = append(urls, e.URL)
		case errors.Is(err, io.EOF):
			return urls, wrong
		case errors.As(err, &malformed):
			wrong = append(wrong, malformed.Error()+" "+e.URL)
			if malformed.Broken() {
				return urls, wrong
			}
		default:
			require.NoError(t, err)
		}
	}
	require.Fail(t, "there is no end")
	return nil, nil
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func TestStreams(t *testing.T) {
	t.Parallel()
	const two = "http://a.test/\n# none\n\n  http://b.test/ # comment\r\n"
	both := []string{"http://a.test/", "http://b.test/"}
	long := strings.Repeat("x", 1<<16)
	for name, test := range map[string]struct {
		text        string
		urls, wrong []string
	}{
		"nothing":                               {"", nil, nil},
		"lines":                                 {two, both, nil},
		"a last line without an end":            {strings.TrimSpace(two), both, nil},
		"a byte order mark":                     {"\ufeff" + two, both, nil},
		"gzip":                                  {zipped(t, two), both, nil},
		"gzip of a byte order mark":             {zipped(t, "\ufeff"+two), both, nil},
		"UTF-16":                                {"\xff\xfeh\x00", nil, []string{"-:1: the text is in UTF-16; it must be in UTF-8 "}},
		"a gzip that is cut off":                {zipped(t, strings.Repeat(two, 100))[:60], both, []string{"-:5: the file is incomplete "}},
		"half of a gzip":                        {zipped(t, two)[:5], nil, []string{"-:1: the file is incomplete "}},
		"a line that is no URL, between others": {"http://a.test/\npage\nhttp://b.test/", both, []string{"-:2: the URL does not begin with http:// or https:// page"}},
		"a line that is too long":               {"http://a.test/\nhttp://" + long + "\nhttp://b.test/", both, []string{"-:2: the line is too long "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			urls, wrong := read(t, strings.NewReader(test.text))
			require.Equal(t, test.urls, urls)
			require.Equal(t, test.wrong, wrong)
		})
	}
}

func TestAStreamHandsALineOverAsItComes(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	s := lists.NewStream("-", r)
	defer func() { require.NoError(t, w.Close()) }()
	for i, url := range []string{"http://a.test/", "http://b.test/"} {
		go func() { _, _ = io.WriteString(w, url+"\n") }()
		var e lists.Entry
		require.NoError(t, s.Next(&e))
		require.Equal(t, url, e.URL)
		require.Equal(t, i+1, s.Line())
	}
}
