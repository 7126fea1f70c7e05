package lists_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// Whatever is in the middle of a file, a list reads the same entries from anywhere as from the beginning.
func FuzzLists(f *testing.F) {
	for _, junk := range []string{
		"", "\n", "\r", "\x00", "\"", "\"\n", "<", "</url>", "<url>", "<!--", "<![CDATA[", "&", "]]>", "{", "}", ",", "]", "null,",
		"# x\n", "\xff", "\ufeff", "\nftp://x\n", "https://a b/\n", "</urlset>", "<url/>", "<a:b xmlns:a='c'>",
		"<urlset>", " xmlns='x'", "</url>text<url>", ",\"request\":{}", ",\"entries\":[]",
	} {
		f.Add(uint8(0), uint16(9000), junk, false)
		f.Add(uint8(1), uint16(9001), junk, false)
		f.Add(uint8(2), uint16(12_345), junk, true)
		f.Add(uint8(3), uint16(30_000), junk, false)
		f.Add(uint8(4), uint16(20_000), junk, false)
	}
	const (
		n    = 600
		most = 3 // the number of entries that the inserted text may add or remove
	)
	names := []string{"csv", "har", "lines", "sitemap", "paced har"}
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = kinds[name].file(n)
	}
	f.Fuzz(func(t *testing.T, which uint8, at uint16, junk string, zipped bool) {
		k, text := kinds[names[int(which)%len(names)]], texts[int(which)%len(names)]
		where := int(at) % len(text)
		data := []byte(text[:where] + junk + text[where:])
		if zipped {
			data = zip(t, string(data))
		}
		for _, onError := range []lists.OnError{lists.Fail, lists.Skip} {
			l, err := k.open(lists.Bytes("list", data), onError)
			if err != nil {
				malformed := &lists.MalformedError{}
				require.ErrorAs(t, err, &malformed)
				require.Positive(t, malformed.Line)
				continue
			}
			all := urls(t, l)
			require.GreaterOrEqual(t, len(all)+l.Skipped(), n-most, "entries are lost")
			for _, from := range []int{255, 256, 257, 300, 511, 512, 513, l.Len() - 1} {
				from = max(0, min(from, l.Len()))
				to := min(from+3, l.Len())
				require.True(t, slices.Equal(all[from:to], urls(t, l.Slice(from, to))), "from %d to %d", from, to)
			}
		}
	})
}

// The JSON reader accepts what encoding/json accepts, and reads the same values. It leaves checking escapes to
// encoding/json.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		"", " ", "null", "1", "-0.5e+3", "01", "1.", "nul", "tru e", "\"a\"", "\"\\u00e4\\\"\"", "\"\\x\"", "\"\n\"", "\"", "\xff", "\"\xff\"",
		"[]", "[ ]", "[1,]", "[,1]", "[1 2]", "[1 , [2,{}]]", "{}", `{"a":1}`, `{"a": [ 1 , {"b" : null} ] }`, `{"a"}`, `{"a":}`, `{"a":1,}`,
		`{1:2}`, "[1}", `{"a":1]`, "[[[[", "{}{}", "[1]]", "\ufeff{}", "[\"a\",\n\t\"b\"]\r\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := lists.CompactJSON(data)
		var want bytes.Buffer
		valid := json.Compact(&want, data) == nil
		if valid && len(data) < 1000 { // below the limits of numbers and of nesting
			require.NoError(t, err)
			require.Equal(t, want.String(), string(got))
		}
		if err == nil && !valid {
			require.False(t, json.Valid(got), "only an escape is left to encoding/json")
			require.Contains(t, string(got), `\`)
		}
	})
}

// The CSV reader reads the same as encoding/csv, where that does not change line ends.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"", "\n", "\r\n", "\r", "a", "a,b\nc,d\n", ",", ",\n,", "a,\r\n", "\"a\"", "\"a,b\",c\r\n\"d\ne\"\n", "\"\"", "\"\"\"\"", "\"a\"\r",
		"a\"b", "\"a\"b", "\"a", "\"a\nb\"c", "\"a\n", "#c\na", "#", " #a", "a\rb", "\"a\"\rb", "§a§b", "ä\na", "\xc3a", "\xc2\"", "a,b\n\nc",
	} {
		for _, comma := range ",§" {
			f.Add([]byte(text), comma, 'ä')
			f.Add([]byte(text), comma, '#')
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, comma, comment rune) {
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma, r.Comment, r.FieldsPerRecord = comma, comment, -1
		var want [][]string
		var wantErr error
		for wantErr == nil {
			var row []string
			if row, wantErr = r.Read(); wantErr == nil {
				want = append(want, row)
			}
		}
		if strings.Contains(wantErr.Error(), "invalid field or comment delimiter") {
			return
		}
		got, err := lists.ReadCSV(data, comma, comment)
		require.Equal(t, errors.Is(wantErr, io.EOF), errors.Is(err, io.EOF), "%v, but %v", err, wantErr)
		require.Len(t, got, len(want))
		for i := range want {
			for k := range got[i] {
				got[i][k] = strings.ReplaceAll(got[i][k], "\r\n", "\n")
			}
			require.Equal(t, want[i], got[i])
		}
	})
}
