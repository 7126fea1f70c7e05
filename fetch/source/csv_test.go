package source_test

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/source"
)

// What is kept of a row is its URL, not what is next to it.
func TestCSVsURLsDoNotKeepTheirRows(t *testing.T) { //nolint:paralleltest // it looks at all of the memory
	const n, size = 200, 100_000
	row := "https://row.example/," + strings.Repeat("x", size) + "\n"
	l, err := source.CSV(source.Bytes("list", []byte("url,body\n"+strings.Repeat(row, n))),
		&source.Columns{URL: "url", Body: "body", Comma: ','}, source.Fail)
	require.NoError(t, err)
	before := inUse()
	all := urls(t, l)
	require.Less(t, inUse()-before, int64(n*size/4))
	runtime.KeepAlive(all)
	runtime.KeepAlive(l)
}

// inUse is what there is in memory after a collection.
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
	l, err := source.CSV(source.Bytes("list", []byte(text)), &source.Columns{
		URL: "address", Method: "what", Name: "name", Body: "body", Header: map[string]string{"Accept": "accept"},
		Comma: ';', Comment: '#',
	}, source.Fail)
	require.NoError(t, err)
	r := l.Read()
	e, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, &source.Entry{
		URL: "https://row.example/1", Method: "POST", Name: "login", Body: []byte(`{"a": 1}`),
		Header: http.Header{"Accept": {"text/html"}},
	}, e)
	e, err = r.Next()
	require.NoError(t, err)
	require.Equal(t, &source.Entry{URL: "/b"}, e)
	require.True(t, e.IsURL())
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)

	l, err = source.CSV(source.Bytes("list", []byte("1,https://row.example/1\n2,https://row.example/2\n")),
		&source.Columns{URL: "1", Numbered: true, Comma: ','}, source.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://row.example/1", "https://row.example/2"}, urls(t, l))
}
