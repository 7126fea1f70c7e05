package cut

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// recorder records the tags that Tags finds.
type recorder struct{ tags []string }

func (r *recorder) Tag(name, raw []byte) string {
	r.tags = append(r.tags, string(raw))
	return RawText(name)
}

func (r *recorder) EndTag(name []byte) { r.tags = append(r.tags, "/"+string(name)) }
func (r *recorder) Text([]byte)        {}

// tagsOf returns the tags that golang.org/x/net/html finds in a whole document.
func tagsOf(document []byte) []string {
	var tags []string
	for tokenizer := html.NewTokenizer(bytes.NewReader(document)); ; {
		switch tokenizer.Next() {
		case html.ErrorToken:
			return tags
		case html.StartTagToken, html.SelfClosingTagToken:
			tags = append(tags, string(tokenizer.Raw()))
		case html.EndTagToken:
			tags = append(tags, "/"+string(nameOf(tokenizer.Raw())))
		default:
		}
	}
}

// FuzzTags compares the tags that are cut from a stream with those that the tokenizer finds in the whole. In scripts
// with comments it differs from HTML: it ends the escape at any "<" that begins no tag.
func FuzzTags(f *testing.F) {
	for _, seed := range []string{
		`<a href="b>c" d='e' f=g/h>text</a ><br/><p / =x>`, `<!-- a -- b --!><!--><!---><!-- -><b>--><!DOCTYPE html><!x><!-><c>`,
		`<script>"</scriptx></SCRIPT\n><title></titl></title><textarea><b></textarea/><style></style>`, `<?a?></ b><//><></c d="e>">`,
		`<iframe><img></iframe><noscript><p></noscript><xmp></xmp><noembed></noembed><noframes></noframes><plaintext><a>`, `<a ="b>c"><a b = c><d  e=''f><g =h>`,
	} {
		f.Add([]byte(seed), uint8(1))
	}
	f.Fuzz(func(t *testing.T, document []byte, size uint8) {
		if len(document) > 10_000 || bytes.Contains(document, []byte("<!--")) && strings.Contains(strings.ToLower(string(document)), "<script") {
			return
		}
		var found recorder
		c := NewTags(&found, func() bool { return false })
		for rest := document; len(rest) > 0; {
			n := min(max(1, int(size)), len(rest))
			c.Write(rest[:n])
			rest = rest[n:]
		}
		require.Equal(t, tagsOf(document), found.tags)
	})
}
