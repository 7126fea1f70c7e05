package shop_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

const hashed = `\.([0-9a-f]{8})\.\w+$`

// asset returns the URL of a file, which has its hash in its name.
func asset(t *testing.T, client *http.Client, base, folder, name string) string {
	t.Helper()
	page := get(t, client, base+"/shop/boots/mire").body
	page = append(page, get(t, client, base+"/shop/").body...)
	found := regexp.MustCompile("/" + folder + "/assets/" + name + `\.[0-9a-f]{8}\.\w+`).Find(page)
	require.NotEmpty(t, found, name)
	return base + string(found)
}

func TestCaching(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	const forever, daily = "public, max-age=31536000, immutable", "public, max-age=86400"
	cases := []struct {
		name, target, rule string
		validator          string // the field that it is compared by
	}{
		{"a page", base + "/shop/", "no-cache", "Etag"},
		{"a frame", base + "/shop/map", "no-cache", "Etag"},
		{"a stylesheet", asset(t, client, base, "shop", "shop"), forever, "Etag"},
		{"a script of the CDN", asset(t, client, base, "cdn", "theme"), forever, "Etag"},
		{"a font", asset(t, client, base, "cdn", "letters"), forever, "Etag"},
		{"a video", asset(t, client, base, "cdn", "night"), forever, "Etag"},
		{"a picture", base + "/cdn/images/mire-320.jpg", daily, "Last-Modified"},
		{"a tile of the map", base + "/cdn/images/map-1-2.png", daily, "Last-Modified"},
		{"the basket", base + "/shop/basket.json", "no-store", ""},
		{"a redirect", base + "/shop/campaign", "no-cache", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			first := get(t, client, c.target)
			require.Equal(t, c.rule, first.header.Get("Cache-Control"))
			if hash := regexp.MustCompile(hashed).FindStringSubmatch(c.target); hash != nil {
				sum := sha256.Sum256(first.body)
				require.Equal(t, hash[1], hex.EncodeToString(sum[:4]), "another content would have another name")
				require.Equal(t, "public, max-age=31536000, immutable", c.rule)
			}
			for field, condition := range map[string]string{"Etag": "If-None-Match", "Last-Modified": "If-Modified-Since"} {
				value := first.header.Get(field)
				require.Equal(t, field == c.validator, value != "", field)
				if value == "" {
					continue
				}
				same := get(t, client, c.target, condition, value)
				require.Equal(t, http.StatusNotModified, same.status)
				require.Empty(t, same.body)
				require.Equal(t, c.rule, same.header.Get("Cache-Control"))
				require.Equal(t, value, same.header.Get(field))
			}
			other := get(t, client, c.target, "If-None-Match", `"other"`, "If-Modified-Since", "Mon, 02 Jan 2006 15:04:05 GMT")
			require.Equal(t, first.status, other.status)
			require.Equal(t, first.body, other.body)
		})
	}
}

// A client may name several versions, and compare weakly.
func TestPagesCompareETags(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	etag := get(t, client, base+"/shop/boots").header.Get("Etag")
	cases := []struct {
		name, condition string
		status          int
	}{
		{"the version", etag, http.StatusNotModified},
		{"the same, as a strong one", etag[len("W/"):], http.StatusNotModified},
		{"among others", `"other", ` + etag, http.StatusNotModified},
		{"any", "*", http.StatusNotModified},
		{"another", `W/"other"`, http.StatusOK},
		{"none", "", http.StatusOK},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.status, get(t, client, base+"/shop/boots", "If-None-Match", c.condition).status)
		})
	}
	require.NotEqual(t, etag, get(t, client, base+"/shop/camp").header.Get("Etag"), "another page is another version")
}

func TestCompression(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	cases := []struct {
		name, target, accept string
		packed               bool
	}{
		{"a page", base + "/shop/", "gzip, deflate, br", true},
		{"a page for who does not know gzip", base + "/shop/", "identity", false},
		{"a page for who refuses gzip", base + "/shop/", "gzip;q=0, *", false},
		{"a page for who takes anything", base + "/shop/", "*", true},
		{"a page for who prefers another coding", base + "/shop/", "br, GZIP ; q=0.5", true},
		{"a stylesheet", asset(t, client, base, "shop", "shop"), "gzip", true},
		{"a script", asset(t, client, base, "shop", "app"), "gzip", true},
		{"a drawing", asset(t, client, base, "shop", "logo"), "gzip", true},
		{"captions", asset(t, client, base, "cdn", "captions"), "gzip", true},
		{"a script for who does not know gzip", asset(t, client, base, "shop", "app"), "", false},
		{"a picture", base + "/cdn/images/mire-320.jpg", "gzip", false},
		{"a font", asset(t, client, base, "cdn", "letters"), "gzip", false},
		{"a video", asset(t, client, base, "cdn", "night"), "gzip", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plain := get(t, client, c.target, "Accept-Encoding", "identity")
			require.Empty(t, plain.header.Get("Content-Encoding"))
			got := get(t, client, c.target, "Accept-Encoding", c.accept)
			isText := regexp.MustCompile(`\.(jpg|woff2|webm)$`).FindString(c.target) == ""
			require.Equal(t, isText, got.header.Get("Vary") == "Accept-Encoding")
			if !c.packed {
				require.Empty(t, got.header.Get("Content-Encoding"))
				require.Equal(t, plain.body, got.body)
				return
			}
			require.Equal(t, "gzip", got.header.Get("Content-Encoding"))
			r, err := gzip.NewReader(bytes.NewReader(got.body))
			require.NoError(t, err)
			body, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, plain.body, body)
			again := get(t, client, c.target, "Accept-Encoding", c.accept, "If-None-Match", got.header.Get("Etag"))
			require.Equal(t, http.StatusNotModified, again.status)
		})
	}
}

// What is compressed is another version, unless it is compared weakly.
func TestCompressedFilesHaveAnETagOfTheirOwn(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	target := asset(t, client, base, "shop", "shop")
	plain, packed := get(t, client, target), get(t, client, target, "Accept-Encoding", "gzip")
	require.NotEqual(t, plain.header.Get("Etag"), packed.header.Get("Etag"))
	require.Less(t, len(packed.body), len(plain.body)/2)
	crossed := get(t, client, target, "Accept-Encoding", "gzip", "If-None-Match", plain.header.Get("Etag"))
	require.Equal(t, http.StatusOK, crossed.status)
}

// Players ask for parts of a video. Parts are never compressed.
func TestParts(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	for _, name := range []string{"night", "captions"} {
		target := asset(t, client, base, "cdn", name)
		whole := get(t, client, target)
		part := get(t, client, target, "Range", "bytes=10-19", "Accept-Encoding", "gzip")
		require.Equal(t, http.StatusPartialContent, part.status)
		require.Equal(t, whole.body[10:20], part.body)
	}
}

// Only what is on the CDN may be read by pages of other origins, and not all of that.
func TestCORS(t *testing.T) {
	t.Parallel()
	base, client := open(t)
	cases := []struct{ name, target, want string }{
		{"a font", asset(t, client, base, "cdn", "letters"), "*"},
		{"a picture", base + "/cdn/images/mire-320.jpg", "*"},
		{"a file of the shop", asset(t, client, base, "shop", "shop"), ""},
		{"a page", base + "/shop/", ""},
		{"the basket", base + "/shop/basket.json", ""},
		{"the font that must not be used", base + "/cdn/private/letters.woff2", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := get(t, client, c.target, "Origin", "http://127.0.0.1:1")
			require.Equal(t, http.StatusOK, a.status)
			require.Equal(t, c.want, a.header.Get("Access-Control-Allow-Origin"))
			require.Equal(t, c.want, a.header.Get("Timing-Allow-Origin"))
		})
	}
}
