package discover

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html/charset"
)

// encodings are those of the Encoding Standard.
//
//nolint:gochecknoglobals // a constant table
var encodings = []string{
	"utf-8", "ibm866", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8",
	"iso-8859-8-i", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16", "koi8-r", "koi8-u",
	"macintosh", "windows-874", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
	"windows-1255", "windows-1256", "windows-1257", "windows-1258", "x-mac-cyrillic", "gbk", "gb18030", "big5", "euc-jp",
	"iso-2022-jp", "shift_jis", "euc-kr", "replacement", "utf-16be", "utf-16le", "x-user-defined",
}

// ascii is what asciiLength passes.
func ascii() []byte {
	var all []byte
	for b := range byte(0x80) {
		if b != 0x1b {
			all = append(all, b)
		}
	}
	return all
}

func TestASCIIIsConvertedWhereItMeansSomethingElse(t *testing.T) {
	t.Parallel()
	for _, name := range encodings {
		found, canonical := charset.Lookup(name)
		require.NotNil(t, found, name)
		if converted, err := found.NewDecoder().Bytes(ascii()); keepsASCII(canonical) {
			require.NoError(t, err, name)
			assert.Equal(t, ascii(), converted, name)
		}
	}
	for _, name := range []string{"utf-16be", "utf-16le", "iso-2022-jp", "replacement"} {
		assert.False(t, keepsASCII(name), name)
	}
}

// FuzzDecode compares what is decoded from a stream with what the encoding makes of the whole.
func FuzzDecode(f *testing.F) {
	for i, seed := range []string{"<p>\x83\x5c</p>", "\x1b$B$\"\x1b(B<p>", "\x81", "<p>ä</p> \x8f\xa2\xb7", "a\x00b\x00", "<p>\xa4\xa2~{\x80\xff"} {
		f.Add([]byte(seed), uint8(i), uint8(3))
	}
	f.Fuzz(func(t *testing.T, document []byte, which, size uint8) {
		name := encodings[int(which)%len(encodings)]
		for _, mark := range []string{"\xef\xbb\xbf", "\xfe\xff", "\xff\xfe"} {
			if bytes.HasPrefix(document, []byte(mark)) {
				return
			}
		}
		found, canonical := charset.Lookup(name)
		want := document
		if canonical != "utf-8" {
			var err error
			want, err = found.NewDecoder().Bytes(document)
			require.NoError(t, err)
		}
		d := newDecoder("text/html; charset="+name, nil, "", western)
		var got []byte
		for part := range slices.Chunk(document, max(1, int(size))) {
			got = append(got, d.write(part)...)
		}
		got = append(got, d.close()...)
		require.Equal(t, string(want), string(got), name)
	})
}

func TestWhatADocumentDeclaresIsFoundWithoutReadingTags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, start, want string }{
		{"nothing", "<p>Text", ""},
		{"an element in capitals", "<p><META CHARSET=koi8-r>", "koi8-r"},
		{"another meta element", "<meta name=a content=b>", ""},
		{"one in a comment", "<!-- <meta charset=koi8-r> -->", ""},
		{"text that is UTF-8, which Chromium does not guess", "<p>ä<p>", ""},
		{"text that is not", "<p>\xe4<p>", ""},
	} {
		assert.Equal(t, test.want, declaredInHTML([]byte(test.start)), test.title)
	}
}
