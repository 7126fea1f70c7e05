package source_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/source"
)

func TestHARKeepsWhatWasAskedForAndHow(t *testing.T) {
	t.Parallel()
	entry := func(postData string) map[string]any {
		var post any
		require.NoError(t, json.Unmarshal([]byte(postData), &post))
		return map[string]any{"request": map[string]any{
			"method": "POST", "url": "https://har.example/",
			"headers": []map[string]string{
				{"name": ":authority", "value": "a.example"},
				{"name": "Host", "value": "a.example"},
				{"name": "Content-Length", "value": "3"},
				{"name": "Connection", "value": "keep-alive"},
				{"name": "Expect", "value": "100-continue"},
				{"name": "accept", "value": "text/html"},
				{"name": "cookie", "value": "a=b"},
				{"name": "cookie", "value": "c=d"},
			},
			"postData": post,
		}}
	}
	data, err := json.Marshal(map[string]any{"log": map[string]any{"entries": []any{
		entry(`{"mimeType": "text/plain", "text": "abc"}`),
		entry(`{"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "b b", "value": "c&d"}, {"name": "a"}]}`),
		entry(`{"mimeType": "multipart/form-data; boundary=xx", "params": [{"name": "f", "fileName": "a.txt", "contentType": "text/plain", "value": "abc"}]}`),
		entry(`{"mimeType": "application/octet-stream", "encoding": "base64", "text": "/wA="}`),
		entry(`null`),
	}}})
	require.NoError(t, err)
	l, err := source.HAR(source.Bytes("list", data), source.Fail)
	require.NoError(t, err)
	bodies, kinds := []string{}, []string{}
	for _, e := range l.All(func(err error) { require.NoError(t, err) }) {
		kinds = append(kinds, e.Header.Get("Content-Type"))
		e.Header.Del("Content-Type")
		require.Equal(t, http.Header{"Accept": {"text/html"}, "Cookie": {"a=b; c=d"}}, e.Header)
		bodies = append(bodies, string(e.Body))
	}
	require.Equal(t, []string{
		"abc", "b+b=c%26d&a=",
		"--xx\r\nContent-Disposition: form-data; filename=a.txt; name=f\r\nContent-Type: text/plain\r\n\r\nabc\r\n--xx--\r\n",
		"\xff\x00", "",
	}, bodies)
	require.Equal(t, []string{
		"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=xx", "application/octet-stream", "",
	}, kinds)
}

// Of what a browser records, not all is HTTP.
func TestHARLeavesOutWhatIsNoHTTP(t *testing.T) {
	t.Parallel()
	all := []string{"data:image/png;base64,AA==", "https://page.example/", "wss://a.example/", "blob:https://a.example/1", "chrome-extension://a/b.js"}
	text := `{"log": {"entries": [` + entries(len(all), ",", func(i int) string {
		return `{"request": {"url": "` + all[i] + `"}}`
	}) + "]}}"
	l, err := source.HAR(source.Bytes("list", []byte(text)), source.Fail)
	require.NoError(t, err)
	require.Equal(t, all[1:2], urls(t, l))
	require.Equal(t, 4, l.Skipped())
}
