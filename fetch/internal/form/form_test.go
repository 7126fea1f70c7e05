package form_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/form"
)

func TestPartsAreWrittenAsBrowsersWriteThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		part form.Part
		want string
	}{
		"a field has its name in quotes": {
			form.Part{Name: "a b", Content: []byte("c&d")}, "name=\"a b\"\r\n\r\nc&d",
		},
		"a file has a name and a type": {
			form.Part{Name: "f", FileName: "a b.txt", ContentType: "text/plain", Content: []byte("x")},
			"name=\"f\"; filename=\"a b.txt\"\r\nContent-Type: text/plain\r\n\r\nx",
		},
		"a file without a name stays a file": {
			form.Part{Name: "f", IsFile: true, ContentType: "application/octet-stream"},
			"name=\"f\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n",
		},
		"names are UTF-8": {
			form.Part{Name: "größe", FileName: "日本.txt"}, "name=\"größe\"; filename=\"日本.txt\"\r\n\r\n",
		},
		"quotes and line breaks are escaped, and nothing else": {
			form.Part{Name: "a\"\r\n%\\;", FileName: "\"\n'%22"},
			"name=\"a%22%0D%0A%\\;\"; filename=\"%22%0A'%22\"\r\n\r\n",
		},
		"a file keeps its bytes": {
			form.Part{Name: "f", IsFile: true, Content: []byte("\xff\x00\n\r\"")},
			"name=\"f\"; filename=\"\"\r\n\r\n\xff\x00\n\r\"",
		},
		"a field has line breaks of one kind": {
			form.Part{Name: "f", Content: []byte("\xff\x00\n\r\"")}, "name=\"f\"\r\n\r\n\xff\x00\r\n\r\n\"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, contentType, err := form.Multipart([]form.Part{c.part}, "xx")
			require.NoError(t, err)
			require.Equal(t, "multipart/form-data; boundary=xx", contentType)
			require.Equal(t, "--xx\r\nContent-Disposition: form-data; "+c.want+"\r\n--xx--\r\n", string(body))
		})
	}
}

// Chromium has written the golden file. The tests of reports check that.
func TestFormsAreThoseOfABrowser(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/browser.json")
	require.NoError(t, err)
	var golden struct {
		Parts []struct {
			Name, Value, Type, Content string
			File                       *string
		}
		Body string
	}
	require.NoError(t, json.Unmarshal(data, &golden))
	require.NotEmpty(t, golden.Parts)
	parts := make([]form.Part, len(golden.Parts))
	for i, p := range golden.Parts {
		parts[i] = form.Part{Name: p.Name, Content: []byte(p.Value)}
		if p.File != nil {
			parts[i] = form.Part{Name: p.Name, FileName: *p.File, IsFile: true, ContentType: p.Type, Content: []byte(p.Content)}
		}
	}
	body, _, err := form.Multipart(parts, "BOUNDARY")
	require.NoError(t, err)
	require.Equal(t, golden.Body, string(body))
}

func TestBoundaries(t *testing.T) {
	t.Parallel()
	parts := []form.Part{{Name: "a", Content: []byte("secret\r--xx")}} // which becomes a line break and the delimiter
	for boundary, says := range map[string]string{
		"xx":                    "part 0 of the form contains its boundary",
		"a\r\nb":                "the boundary of the form is invalid",
		strings.Repeat("x", 71): "the boundary of the form is invalid",
	} {
		_, _, err := form.Multipart(parts, boundary)
		require.EqualError(t, err, says)
	}
	_, _, err := form.Multipart([]form.Part{{ContentType: "a\r\nb"}}, "")
	require.EqualError(t, err, "the content type of part 0 of the form is invalid")

	_, contentType, err := form.Multipart(nil, "a b:c")
	require.NoError(t, err)
	require.Equal(t, `multipart/form-data; boundary="a b:c"`, contentType)

	body, contentType, err := form.Multipart(parts, "")
	require.NoError(t, err)
	again, _, err := form.Multipart(parts, "")
	require.NoError(t, err)
	require.Equal(t, body, again, "the same boundary for the same parts")
	other, _, err := form.Multipart([]form.Part{{Name: "a"}}, "")
	require.NoError(t, err)
	require.NotEqual(t, body[:80], other[:80])
	require.Equal(t, "secret\r\n--xx", string(read(t, body, contentType)[0].Content))
}

// read reads a form with Go's own reader.
func read(t *testing.T, body []byte, contentType string) []form.Part {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	require.NoError(t, err)
	parts := []form.Part{}
	for r := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF { //nolint:errorlint // as NextRawPart documents it
			return parts
		}
		require.NoError(t, err)
		content, err := io.ReadAll(p)
		require.NoError(t, err)
		parts = append(parts, form.Part{Name: p.FormName(), FileName: p.FileName(), Content: content})
	}
}

// nodeReads makes Node read a form: name, file name, type and content of each part.
const nodeReads = `
const chunks = [];
process.stdin.on('data', (c) => chunks.push(c)).on('end', async () => {
	const { body, contentType } = JSON.parse(Buffer.concat(chunks));
	const form = await new Response(Buffer.from(body, 'base64'), { headers: { 'content-type': contentType } }).formData();
	const out = [];
	for (const [name, value] of form) {
		if (typeof value === 'string') out.push([name, '', '', value]);
		else out.push([name, value.name, value.type, await value.text()]);
	}
	console.log(JSON.stringify(out));
});`

// A reader that is not ours, and that follows the standard of browsers, must read what was written.
func TestNodeReadsForms(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no node")
	}
	require.NoError(t, err)
	for _, boundary := range []string{"", "----WebKitFormBoundary7MA4YWxkTrZu0gW"} {
		body, contentType, err := form.Multipart([]form.Part{
			{Name: "größe", FileName: "a b.txt", ContentType: "text/plain", Content: []byte("one\r\ntwo\n")},
			{Name: `a"b`, Content: []byte("c&d=ü")},
			{Name: "lines\r\nof\nname", FileName: "\"x\"\r\n.txt", ContentType: "image/png", Content: []byte("--x")},
			{Name: "empty", Content: nil},
			{Name: "percent%41", Content: []byte("%41")},
		}, boundary)
		require.NoError(t, err)
		in, err := json.Marshal(map[string]any{"body": body, "contentType": contentType})
		require.NoError(t, err)
		command := exec.CommandContext(t.Context(), node, "-e", nodeReads)
		command.Stdin = bytes.NewReader(in)
		out, err := command.Output()
		require.NoError(t, err)
		var got [][]string
		require.NoError(t, json.Unmarshal(out, &got))
		require.Equal(t, [][]string{
			{"größe", "a b.txt", "text/plain", "one\r\ntwo\n"},
			{`a"b`, "", "", "c&d=ü"},
			{"lines\r\nof\r\nname", "\"x\"\r\n.txt", "image/png", "--x"},
			{"empty", "", "", ""},
			{"percent%41", "", "", "%41"},
		}, got)
	}
}

func FuzzMultipart(f *testing.F) {
	f.Add("größe", "a b.txt", []byte("x"), "")
	f.Add("a\"\r\n", "", []byte("--xx"), "xx")
	f.Add("a", "b", []byte("\r\n--x"), "x")
	f.Fuzz(func(t *testing.T, name, fileName string, content []byte, boundary string) {
		refused := func(r rune) bool { return unicode.IsControl(r) && r != '\r' && r != '\n' }
		if strings.ContainsFunc(name+fileName, refused) { // by Go's reader, not by browsers
			return
		}
		body, contentType, err := form.Multipart([]form.Part{
			{Name: name, FileName: fileName, IsFile: true, Content: content}, {Name: "last"},
		}, boundary)
		if err != nil {
			return
		}
		parts := read(t, body, contentType)
		require.Len(t, parts, 2)
		require.Equal(t, string(content), string(parts[0].Content))
	})
}
