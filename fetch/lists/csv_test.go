package lists_test

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// A row's URL is kept, and nothing else of the row.
func TestCSVsURLsDoNotKeepTheirRows(t *testing.T) { //nolint:paralleltest // it looks at all of the memory
	const n, size = 200, 100_000
	row := "https://row.example/,post," + strings.Repeat("x", size) + "\n"
	l, err := lists.CSV(lists.Bytes("list", []byte("url,method,body\n"+strings.Repeat(row, n))),
		&lists.Columns{URL: "url", Method: "method", Body: "body", Comma: ','}, lists.Fail)
	require.NoError(t, err)
	before := inUse()
	all := urls(t, l)
	require.Less(t, inUse()-before, int64(n*size/4))
	runtime.KeepAlive(all)
	runtime.KeepAlive(l)
}

// inUse is the memory in use after a collection, in bytes.
func inUse() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestCSVReadsAllItsColumns(t *testing.T) {
	t.Parallel()
	text := "\ufeffaddress;what;name;accept;body\n" +
		"# a comment\n" +
		"https://row.example/1; post ;login;text/html;\"{\"\"a\"\": 1}\"\n" +
		"/b\n"
	l, err := lists.CSV(lists.Bytes("list", []byte(text)), &lists.Columns{
		URL: "address", Method: "what", Name: "name", Body: "body", Header: map[string]string{"Accept": "accept"},
		Comma: ';', Comment: '#',
	}, lists.Fail)
	require.NoError(t, err)
	r := l.Read()
	e, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, &lists.Entry{
		URL: "https://row.example/1", Method: "POST", Name: "login", Body: []byte(`{"a": 1}`),
		Header: http.Header{"Accept": {"text/html"}},
	}, e)
	e, err = r.Next()
	require.NoError(t, err)
	require.Equal(t, &lists.Entry{URL: "/b"}, e)
	require.True(t, e.IsURL())
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)

	l, err = lists.CSV(lists.Bytes("list", []byte("1,https://row.example/1\n2,https://row.example/2\n")),
		&lists.Columns{URL: "1", Numbered: true, Comma: ','}, lists.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://row.example/1", "https://row.example/2"}, urls(t, l))
}

// Quoted text is kept unchanged. Spaces around unquoted text are removed, except in a body.
func TestCSVKeepsTheBytesOfQuotedFields(t *testing.T) {
	t.Parallel()
	const a = "https://a.example/"
	for name, c := range map[string]struct {
		row  string
		want lists.Entry
	}{
		"spaces around what is not quoted": {a + " , put ,\t name , v ,b", lists.Entry{URL: a, Method: "PUT", Name: "name", Header: http.Header{"X": {"v"}}, Body: []byte("b")}},
		"spaces in a body":                 {a + ",put,,, b ", lists.Entry{URL: a, Method: "PUT", Body: []byte(" b ")}},
		"spaces in quotes":                 {a + `,put,"  name","` + "\tv " + `"," b "`, lists.Entry{URL: a, Method: "PUT", Name: "  name", Header: http.Header{"X": {"\tv "}}, Body: []byte(" b ")}},
		"line ends in quotes":              {a + ",put,,,\"a\r\nb\nc\rd\r\n\"", lists.Entry{URL: a, Method: "PUT", Body: []byte("a\r\nb\nc\rd\r\n")}},
		"quotes in quotes":                 {a + `,put,,,"""a"",b"""`, lists.Entry{URL: a, Method: "PUT", Body: []byte(`"a",b"`)}},
		"quotes around nothing":            {a + `,"","","",""`, lists.Entry{URL: a}},
		"what is no UTF-8":                 {a + ",put,,,\"\xff\x00\"", lists.Entry{URL: a, Method: "PUT", Body: []byte("\xff\x00")}},
	} {
		for end, text := range map[string]string{"": "", "LF": "\n", "CR LF": "\r\n"} {
			t.Run(name+", "+end, func(t *testing.T) {
				t.Parallel()
				l, err := lists.CSV(lists.Bytes("list", []byte("url, method ,name,x,body\r\n"+c.row+text)), &lists.Columns{
					URL: "url", Method: "method", Name: "name", Header: map[string]string{"X": "x"}, Body: "body", Comma: ',',
				}, lists.Fail)
				require.NoError(t, err)
				require.Equal(t, 1, l.Len())
				e, err := l.Read().Next()
				require.NoError(t, err)
				require.Equal(t, c.want, *e)
			})
		}
	}
	for text, says := range map[string]string{
		"url\n\" https://a.example/\"":     "list:2: the URL contains a space",
		"\" url \"\nhttps://a.example/":    `list:1: there is no column "url"; there are " url "`,
		"url\n\"https://a.example/\"x":     `list:2: extraneous or missing " in quoted-field`,
		"url\n\"https://a.example/\"\rx":   `list:2: extraneous or missing " in quoted-field`,
		"url\n \"https://a.example/\"":     `list:2: bare " in non-quoted-field`,
		"url,x\n/,\"a\nb\"c\n/2,\nhttp://": "list:2: a quote is not closed where its field ends",
	} {
		_, err := lists.CSV(lists.Bytes("list", []byte(text)), &lists.Columns{URL: "url", Comma: ','}, lists.Fail)
		require.ErrorContains(t, err, says)
	}
	_, err := lists.CSV(lists.Bytes("list", nil), &lists.Columns{URL: "url", Comma: '#', Comment: '#'}, lists.Fail)
	require.EqualError(t, err, "list: the separator and the comment character must differ; got '#'")
}
