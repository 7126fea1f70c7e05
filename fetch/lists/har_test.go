package lists_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
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
				{"name": "Content-Length", "value": map[bool]string{true: "0", false: "3"}[post == nil]},
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
	l, err := lists.HAR(lists.Bytes("list", data), lists.Fail)
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
		"--xx\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nabc\r\n--xx--\r\n",
		"\xff\x00", "",
	}, bodies)
	require.Equal(t, []string{
		plainText, urlencoded, "multipart/form-data; boundary=xx", "application/octet-stream", "",
	}, kinds)
}

// Browsers also record requests that are not HTTP, or without a response.
func TestHARLeavesOutWhatIsNoHTTP(t *testing.T) {
	t.Parallel()
	request := func(url, more string) string { return `{"request": {"url": "` + url + `"` + more + `}}` }
	const page = "https://page.example/"
	for name, entry := range map[string]string{
		"a data: URL":             request("data:image/png;base64,AA==", ""),
		"a wss: URL":              request("wss://a.example/", ""),
		"a blob: URL":             request("blob:https://a.example/1", ""),
		"an extension of Chrome":  request("chrome-extension://a/b.js", ""),
		"a WebSocket of Chrome":   `{"_resourceType": "websocket", "request": {"url": "https://a.example/"}, "response": {"status": 0}}`,
		"a WebSocket of Firefox":  `{"request": {"method": "GET", "url": "https://a.example/"}, "response": {"status": 101}}`,
		"a WebSocket's header":    request("https://a.example/", `, "headers": [{"name": "upgrade", "value": "WebSocket"}]`),
		"a tunnel":                request("https://a.example/", `, "method": "connect"`),
		"a blocked request":       `{"response": {"x": [{}], "status": 0}, "request": {"url": "https://a.example/"}}`,
		"an aborted upload":       `{"request": {"url": "https://a.example/", "bodySize": 7}, "response": {"status": 0}}`,
		"a request without a URL": `{"response": {"status": 0}, "request": {"url": ""}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := `{"log": {"entries": [` + entry + "," + request(page, "") + "]}}"
			l, err := lists.HAR(lists.Bytes("list", []byte(text)), lists.Fail)
			require.NoError(t, err)
			require.Equal(t, []string{page}, urls(t, l))
			require.Equal(t, 1, l.Skipped())
		})
	}
	for name, entry := range map[string]string{
		"an upgrade to HTTP/2":         request(page, `, "headers": [{"name": "Upgrade", "value": "h2c"}]`),
		"an entry without a response":  request(page, ""),
		"a response without a status":  `{"request": {"url": "` + page + `"}, "response": {}}`,
		"a response that is null":      `{"request": {"url": "` + page + `"}, "response": null}`,
		"a status that is no number":   `{"request": {"url": "` + page + `"}, "response": {"status": "0"}}`,
		"a type that is no string":     `{"_resourceType": 1, "request": {"url": "` + page + `"}}`,
		"a body of unknown size":       request(page, `, "bodySize": -1`),
		"a size that is no number":     request(page, `, "bodySize": "x"`),
		"a request in its last values": `{"request": {"url": 1}, "request": {"url": "` + page + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := lists.HAR(lists.Bytes("list", []byte(`{"log": {"entries": [`+entry+"]}}")), lists.Fail)
			require.NoError(t, err)
			require.Equal(t, []string{page}, urls(t, l))
		})
	}
}

// A recorded body is sent as it was, and its header says what it is.
func TestHARBodies(t *testing.T) {
	t.Parallel()
	const (
		parts = "\r\nContent-Disposition: form-data; name=\"größe\"; filename=\"a b.txt\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--"
		param = `"params": [{"name": "größe", "fileName": "a b.txt", "contentType": "text/plain", "value": "x"}]`
		head  = "Content-Type: multipart/form-data; boundary=bb\\r\\nContent-Length: 9\\r\\n\\r\\n"
		own   = "--bb\\r\\n\\r\\nx"
		mixed = "multipart/form-data; boundary=bb"
	)
	for name, c := range map[string]struct {
		creator, header, post string
		body, contentType     string
		wrong                 string
	}{
		"a boundary in the header":        {header: mixed, post: `"mimeType": "multipart/form-data", ` + param, body: "--bb" + parts + "bb--\r\n", contentType: mixed},
		"a boundary in the type alone":    {post: `"mimeType": "multipart/form-data; boundary=bb", ` + param, body: "--bb" + parts + "bb--\r\n", contentType: mixed},
		"a header without the boundary":   {header: multipart, post: `"mimeType": "multipart/form-data; boundary=bb", ` + param, body: "--bb" + parts + "bb--\r\n", contentType: mixed},
		"two boundaries":                  {header: mixed, post: `"mimeType": "multipart/form-data; boundary=cc", ` + param, body: "--bb" + parts + "bb--\r\n", contentType: mixed},
		"a boundary that is in a part":    {header: mixed, post: `"params": [{"name": "a", "value": "--bb"}]`, wrong: "part 0 of the form contains its boundary"},
		"a text without a boundary":       {header: multipart, post: `"text": "` + own + `"`, body: "--bb\r\n\r\nx", contentType: mixed},
		"a text whose type has it":        {header: multipart, post: `"mimeType": "` + mixed + `", "text": "` + own + `"`, body: "--bb\r\n\r\nx", contentType: mixed},
		"a text with Firefox's headers":   {header: mixed, post: `"text": "` + head + own + `"`, body: "--bb\r\n\r\nx", contentType: mixed},
		"a text and parameters":           {header: mixed, post: `"text": "` + own + `", ` + param, body: "--bb\r\n\r\nx", contentType: mixed},
		"Chrome's parameters":             {creator: chrome, header: urlencoded, post: `"params": [{"name": "a%20b", "value": "1+2"}]`, body: "a%20b=1+2", contentType: urlencoded},
		"Chrome's parameters of a script": {creator: chrome, header: urlencoded, post: `"params": [{"name": "a[b]", "value": "https://c/d%20e?f=g"}, {"name": "h", "value": "YQ=="}]`, body: "a[b]=https://c/d%20e?f=g&h=YQ==", contentType: urlencoded},
		"Safari's parameters of a script": {creator: "WebKit Web Inspector", header: urlencoded, post: `"params": [{"name": "a", "value": "b,c%2Cd"}]`, body: "a=b,c%2Cd", contentType: urlencoded},
		"Chrome's parameters with an &":   {creator: chrome, header: urlencoded, post: `"params": [{"name": "a", "value": "b&c"}]`, body: "a=b%26c", contentType: urlencoded},
		"Chrome's name with an =":         {creator: chrome, header: urlencoded, post: `"params": [{"name": "a=b", "value": "c"}]`, body: "a%3Db=c", contentType: urlencoded},
		"others' URLs in parameters":      {header: urlencoded, post: `"params": [{"name": "a", "value": "https://b/c%20d"}]`, body: "a=https%3A%2F%2Fb%2Fc%2520d", contentType: urlencoded},
		"Chrome's parameters, not so":     {creator: chrome, header: urlencoded, post: `"params": [{"name": "a b", "value": "100%"}]`, body: "a+b=100%25", contentType: urlencoded},
		"Firefox's parameters":            {creator: "Firefox", header: urlencoded, post: `"params": [{"name": "a%20b", "value": "1+2"}]`, body: "a%2520b=1%2B2", contentType: urlencoded},
		"encoded parameters of others":    {header: urlencoded, post: `"params": [{"name": "a", "value": "%C3%BC"}, {"name": "b"}]`, body: "a=%C3%BC&b=", contentType: urlencoded},
		"decoded parameters of others":    {header: urlencoded, post: `"params": [{"name": "a", "value": "ü%41"}, {"name": "b", "value": "1+2"}]`, body: "a=%C3%BC%2541&b=1%2B2", contentType: urlencoded},
		"parameters of plain text":        {header: plainText, post: `"params": [{"name": "a", "value": "b c"}, {"name": "d", "value": "e"}]`, body: "a=b c\r\nd=e\r\n", contentType: plainText},
		"parameters without any type":     {post: `"params": [{"name": "a b", "value": "c"}]`, body: "a+b=c", contentType: urlencoded},
		"parameters of JSON":              {header: "application/json", post: `"params": [{"name": "a", "value": "b"}]`, wrong: "it has parameters and no text, but a form is never application/json"},
		"a body that was not recorded":    {post: `"mimeType": "text/plain", "text": ""}, "bodySize": 5, "x": {"y": 1`, wrong: "its 5 bytes were not recorded"},
		"a text that is no form's":        {header: plainText, post: `"text": "Content-Type: a\r\n\r\nb"`, body: "Content-Type: a\r\n\r\nb", contentType: plainText},
		"a type that cannot be parsed":    {header: "multipart/form-data; boundary=", post: `"mimeType": "` + mixed + `", ` + param, body: "--bb" + parts + "bb--\r\n", contentType: mixed},
		"a size without a recorded body":  {post: `"mimeType": ""}, "bodySize": 1e3, "x": {"y": 1`, wrong: "its 1000 bytes were not recorded"},
		"a form's file without any type":  {post: `"params": [{"name": "größe", "fileName": "a b.txt", "contentType": "text/plain", "value": "x"}]`, body: "--*" + parts + "*--\r\n", contentType: "multipart/form-data; boundary=*"},
		"no boundary where there is none": {header: multipart, post: param, body: "--*" + parts + "*--\r\n", contentType: "multipart/form-data; boundary=*"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			headers := ""
			if c.header != "" {
				headers = `{"name": "content-type", "value": "` + c.header + `"}`
			}
			text := `{"log": {"creator": {"name": "` + c.creator + `"}, "entries": [{"request": {"method": "POST", "url": "https://a.example/", ` +
				`"headers": [` + headers + `], "postData": {` + c.post + "}}}]}}"
			l, err := lists.HAR(lists.Bytes("list", []byte(text)), lists.Fail)
			if c.wrong != "" {
				require.EqualError(t, err, "list:1: the body is invalid: "+c.wrong)
				l, err = lists.HAR(lists.Bytes("list", []byte(text)), lists.Skip)
				require.NoError(t, err)
				require.Equal(t, []int{0, 1}, []int{l.Len(), l.Skipped()})
				return
			}
			require.NoError(t, err)
			e, err := l.Read().Next()
			require.NoError(t, err)
			contentType, body := e.Header.Get("Content-Type"), string(e.Body)
			if boundary, ok := strings.CutPrefix(contentType, "multipart/form-data; boundary=--"); ok { // that was chosen
				contentType = strings.ReplaceAll(contentType, "--"+boundary, "*")
				body = strings.ReplaceAll(body, "--"+boundary, "*")
			}
			require.Equal(t, c.contentType, contentType)
			require.Equal(t, c.body, body)
		})
	}
}

const (
	urlencoded = "application/x-www-form-urlencoded"
	multipart  = "multipart/form-data"
	plainText  = "text/plain"

	// chrome is what Chrome calls itself in what it records.
	chrome = "WebInspector"
)

// The recorder is named before the entries, and also applies to entries that are read from the middle.
func TestHARKnowsItsCreatorEverywhere(t *testing.T) {
	t.Parallel()
	const n = 600
	text := `{"log": {"creator": {"version": "1", "name": "WebInspector"}, "entries": [` + entries(n, ",", func(i int) string {
		return fmt.Sprintf(`{"request": {"method": "POST", "url": %q, "postData": {"params": [{"name": "a", "value": "1+2"}]}}}`, urlOf(i))
	}) + "]}}"
	l, err := lists.HAR(lists.Bytes("list", []byte(text)), lists.Fail)
	require.NoError(t, err)
	for _, e := range l.Slice(513, n).All(func(err error) { require.NoError(t, err) }) {
		require.Equal(t, "a=1+2", string(e.Body))
	}
}

// Entries are read from memory as they were in the file: every byte of a body, headers that repeat, and an empty body
// as well as none. The lengths of the first URLs look like the beginning of a compressed file and of UTF-16.
func TestHAREntriesAreReadAsTheyWere(t *testing.T) {
	t.Parallel()
	const n = 300
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i)
	}
	for _, size := range []int{0x1f, 0x1f8b, 32_639} {
		first := "/" + strings.Repeat("x", size-1)
		text := `{"log": {"entries": [{"request": {"url": "` + first + `"}},` + entries(n, ",", func(i int) string {
			body, _ := json.Marshal(data[:i])
			return fmt.Sprintf(`{"request": {"method": "PUT", "url": "/", "headers": [{"name": "b", "value": "2"}, {"name": "B", "value": "1"}, `+
				`{"name": "a", "value": ""}, {"name": "content-type", "value": "x/y"}], "postData": {"text": %s, "encoding": "base64"}}}`, body)
		}) + `, {"request": {"method": "PUT", "url": "/", "postData": {"mimeType": "multipart/form-data", "text": "Content-Length: 0\r\n\r\n"}}}]}}`
		l, err := lists.HAR(lists.Bytes("list", []byte(text)), lists.Fail)
		require.NoError(t, err)
		for i, e := range l.All(func(err error) { require.NoError(t, err) }) {
			switch i {
			case 0:
				require.Equal(t, &lists.Entry{URL: first}, e)
			case 1:
				require.Nil(t, e.Body)
			case n + 1:
				require.Equal(t, []byte{}, e.Body)
			default:
				require.Equal(t, http.Header{"B": {"2", "1"}, "A": {""}, "Content-Type": {"x/y"}}, e.Header)
				require.Equal(t, data[:i-1], e.Body)
			}
		}
		last, err := l.Slice(n, n+1).Read().Next()
		require.NoError(t, err)
		require.Equal(t, data[:n-1], last.Body)
	}
}

func TestHARIsStrictAboutItsJSON(t *testing.T) {
	t.Parallel()
	const entry = `{"request": {"url": "https://a.example/"}}`
	for text, says := range map[string]string{
		`{"log": {"entries": [` + entry + `], "entries": []}}`:                      "list:1: there is more than one entries",
		`{"log": {"entries": [` + entry + `]}, "log": {}}`:                          "list:1: there is more than one log",
		`{"log": {"entries": [` + entry + `]}} {}`:                                  "something follows its end",
		`{"log": {"entries": [` + entry + entry + `]}}`:                             `there is '{' where ',' should be`,
		`{"log": {"entries": [` + entry + `,]}}`:                                    "there is something that is no value",
		`{"log": {"entries": [{"request": {"url": "https://a/"},}]}}`:               `there is '}' where '"' should be`,
		`{"log": {"entries": {}}}`:                                                  "log.entries is not an array",
		`{"log": {"entries": [01]}}`:                                                "there is something that is no value",
		`{"log": {"a": nul, "entries": []}}`:                                        "there is something that is no value",
		`{"log": {"a": [1}, "entries": []}}`:                                        `there is '}' after a value`,
		`{"log": {"a": {1: 2}, "entries": []}}`:                                     `there is '1' where '"' should be`,
		"{\"log\": {\"a\": \"\n\", \"entries\": []}}":                               `there is '\n' in a string`,
		`{"log": {"a": {"b" 1}, "entries": []}}`:                                    `there is '1' where ':' should be`,
		`[]`:                                                                        "the file is not a HAR file: it has no log",
		`{"log": null}`:                                                             "the file is not a HAR file: it has no entries",
		`{"log": {"entries": [1]}}`:                                                 "the entry is no object",
		`{"log": {"entries": [{"request": []}]}}`:                                   "the entry has an array for request",
		`{"log": {"entries": [{"request": {"url": "https://a/\x"}}]}}`:              "invalid character 'x' in string escape code",
		`{"log": {"entries": [{"request": {"url": "https://a/", "headers": {}}}]}}`: "the entry has an object for request.headers",
	} {
		_, err := lists.HAR(lists.Bytes("list", []byte(text)), lists.Fail)
		require.ErrorContains(t, err, says, text)
	}
	l, err := lists.HAR(lists.Bytes("list", []byte(`{"l\u006fg": {"entries": [ {"\u0072equest": {"url": "https://a.example/\ud83d\ude00"}} ] , "x": [{},[],1.5e3,true,{"a":[{}]}]} , "y": {}}`+"\n")), lists.Fail)
	require.NoError(t, err)
	require.Equal(t, []string{"https://a.example/😀"}, urls(t, l))
}
