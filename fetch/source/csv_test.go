package source_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/source"
)

func TestCSVReadsAllItsColumns(t *testing.T) {
	t.Parallel()
	text := "\ufeffaddress;what;name;accept;body\n" +
		"# a comment\n" +
		"https://c.example/; post ;login;text/html;\"{\"\"a\"\": 1}\"\n" +
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
		URL: "https://c.example/", Method: "POST", Name: "login", Body: []byte(`{"a": 1}`),
		Header: http.Header{"Accept": {"text/html"}},
	}, e)
	e, err = r.Next()
	require.NoError(t, err)
	require.Equal(t, &source.Entry{URL: "/b"}, e)
	require.True(t, e.IsURL())
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)

	l, err = source.CSV(source.Bytes("list", []byte("1,https://c.example/\n2,https://d.example/\n")),
		&source.Columns{URL: "1", Numbered: true, Comma: ','}, source.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://c.example/", "https://d.example/"}, urls(t, l))
}
