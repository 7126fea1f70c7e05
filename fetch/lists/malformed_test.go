package lists_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

func TestMalformedEntriesAreErrorsWithFileAndLineOrSkipped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open  opener
		text  string
		says  string
		left  []string
		stays bool // also when malformed entries are skipped
	}{
		"a line without a scheme": {
			open: lists.Lines, text: "https://a.example/\n\nexample.com\nhttps://b.example/\n",
			says: "list:3: the URL does not begin with http:// or https://",
			left: []string{"https://a.example/", "https://b.example/"}, //nolint:goconst // as in the text
		},
		"a line with a space": {
			open: lists.Lines, text: "https://a.example/ https://b.example/\n", says: "list:1: the URL contains a space",
		},
		"a line without a host": {open: lists.Lines, text: "http:///x", says: "list:1: the URL has no host"},
		"a line with a bad port": {
			open: lists.Lines, text: "/x\nhttp://me:secret@h:port/", says: "list:2: the URL cannot be parsed", left: []string{"/x"},
		},
		"a line that is too long": {
			open: lists.Lines, text: "https://a.example/\nhttps://b.example/" + strings.Repeat("b", 200_000) + "\nhttps://c.example/",
			says: "list:2: the line is too long", left: []string{"https://a.example/", "https://c.example/"},
		},
		"a row without a URL": {
			open: openCSV, text: "url,method\nhttps://a.example/,\n\"\",GET\nhttps://b.example/,PUT\n",
			says: "list:3: the URL is missing", left: []string{"https://a.example/", "https://b.example/"},
		},
		"a row with a stray quote": {
			open: openCSV, text: "url,method\nhttps://a.example/,\nhttps://\"b\".example/,GET\nhttps://c.example/,PUT\n",
			says: `list:3: bare " in non-quoted-field`, left: []string{"https://a.example/", "https://c.example/"},
		},
		"a line with a zero byte": {
			open: lists.Lines, text: "https://a.example/\x00\n", says: "list:1: the URL contains a control character",
		},
		"lines that end as they did on old Macs": {
			open: lists.Lines, text: "https://a.example/\rhttps://b.example/\r", says: "list:1: the URL contains a control character",
		},
		"a text in UTF-16": {
			open: lists.Lines, text: "\xff\xfeh\x00t\x00\n\x00", says: "list:1: the file is in UTF-16; it must be in UTF-8", stays: true,
		},
		"a row with a quote that does not end": {
			open: openCSV, text: "url,method\nhttps://a.example/,\n\"https://b.example/,GET\nhttps://c.example/,GET\n",
			says: "list:3: a quote is not closed where its field ends", stays: true,
		},
		"a row that is too short": {
			open: openCSV, text: "method,url\nGET\nGET,https://a.example/,x,y\n",
			says: "list:2: the URL is missing", left: []string{"https://a.example/"},
		},
		"a row with a method that would be a request": {
			open: openCSV, text: "url,method\nhttps://a.example/,\"GET / HTTP/1.1\nX: y\"\n",
			says: `list:2: "GET / HTTP/1.1\nX: Y" is no method`,
		},
		"a row with a body that nobody would send": {
			open: openCSVBodies, text: "url,method,body\n/a,post,x\n/b,,x\n/c,put,x\n",
			says: "list:3: there is a body, which GET requests are sent without", left: []string{"/a", "/c"},
		},
		"a HAR's body that nobody would send": {
			open: lists.HAR, text: `{"log": {"entries": [{"request": {"url": "/", "method": "head", "postData": {"text": "x"}}}]}}`,
			says: "list:1: there is a body, which HEAD requests are sent without",
		},
		"two columns of one name": {
			open: openCSV, text: "url,method,url\nhttps://a.example/,,https://b.example/\n",
			says: `list:1: there is more than one column "url"`, stays: true,
		},
		"no such column": {
			open: openCSV, text: "uri,method\n", says: `list:1: there is no column "url"; there are uri, method`, stays: true,
		},
		"an empty CSV": {open: openCSV, text: "", says: "list:1: the file is empty", stays: true},
		"a sitemap's entry without a URL": {
			open: openSitemap, text: "<urlset>\n<url><loc>https://a.example/</loc></url>\n<url>\n</url><url><loc>https://b.example/</loc></url></urlset>",
			says: "list:4: the <url> has no <loc>", left: []string{"https://a.example/", "https://b.example/"},
		},
		"a sitemap's entry with two URLs": {
			open: openSitemap, text: "<urlset><url><loc>https://a.example/</loc><loc>https://b.example/</loc></url></urlset>",
			says: "list:1: the <url> has more than one <loc>",
		},
		"a sitemap's URL that is an entity of its own": {
			open: openSitemap,
			text: "<!DOCTYPE x [<!ENTITY a \"https://a.example/\">]>\n<urlset><url><loc>&a;</loc></url></urlset>",
			says: "list:2: the URL does not begin with http:// or https://",
		},
		"a sitemap's URL that is longer than a line may be": {
			open: openSitemap, text: "<urlset><url><loc>https://a.example/" + strings.Repeat("x", 1<<16) + "</loc></url></urlset>",
			says: "list:1: the URL is too long",
		},
		"a sitemap with an entry that does not end": {
			open: openSitemap, text: "<urlset>\n<url><loc>https://a.example/</loc>\n<url><loc>https://b.example/</loc></url></urlset>",
			says: "list:3: the previous <url> is not closed", stays: true,
		},
		"a sitemap with an end too many": {
			open: openSitemap,
			text: "<urlset>\n<url><loc>https://a.example/</loc></url></url>\n<url><loc>https://b.example/</loc></url></urlset>",
			says: "list:2: the file is not XML: <urlset> ends with </url>", stays: true,
		},
		"a sitemap with an element around the rest": {
			open: openSitemap, text: "<urlset><x xmlns='y'>\n<loc>https://a.example/</loc></urlset>",
			says: "list:2: the file is not XML: <x> ends with </urlset>", stays: true,
		},
		"a sitemap with ends after the end": {
			open: openSitemap, text: "<urlset></urlset>\n</urlset>",
			says: "list:2: the file is not XML: </urlset> has no start tag", stays: true,
		},
		"a sitemap after a sitemap": {
			open: openSitemap, text: "<urlset></urlset>\n<urlset><url><loc>https://b.example/</loc></url></urlset>",
			says: "list:2: there is a <urlset> after the end", stays: true,
		},
		"a sitemap of text": {
			open: openSitemap, text: "https://a.example/\n", says: "the file is not a sitemap: it has no element", stays: true,
		},
		"a sitemap that is cut off": {
			open: openSitemap, text: "<urlset>\n<url><loc>https://a.example/</loc></url>\n<url>",
			says: "list:3: the file is incomplete", stays: true,
		},
		"no sitemap": {
			open: openSitemap, text: "\n<html></html>", says: "list:2: the file is not a sitemap: its root is <html>", stays: true,
		},
		"a HAR's entry with a number for its URL": {
			open: lists.HAR, text: "{\"log\": {\"entries\": [\n{\"request\": {\"url\": 1}},\n{\"request\": {\"url\": \"https://a.example/\"}}]}}",
			says: "list:2: the entry has a number for request.url", left: []string{"https://a.example/"},
		},
		"a HAR's entry with a host for its scheme": {
			open: lists.HAR, text: `{"log": {"entries": [{"request": {"url": "localhost:3000/"}}]}}`,
			says: "list:1: the URL does not begin with http:// or https://",
		},
		"a HAR's entry that is null": {
			open: lists.HAR, text: `{"log": {"entries": [null, {"request": {"url": "https://a.example/"}}]}}`,
			says: "list:1: the entry is no object", left: []string{"https://a.example/"},
		},
		"a HAR's header that would be two": {
			open: lists.HAR,
			text: `{"log": {"entries": [{"request": {"url": "https://a.example/", "headers": [{"name": "A", "value": "secret\r\nB: c"}]}}]}}`,
			says: "list:1: the header A has an invalid value",
		},
		"a HAR's body that is no base64": {
			open: lists.HAR, text: `{"log": {"entries": [{"request": {"url": "https://a.example/", "postData": {"encoding": "base64", "text": "?"}}}]}}`,
			says: "list:1: the body is invalid: illegal base64 data",
		},
		"a HAR whose entries end before their end": {
			open: lists.HAR,
			text: "{\"log\": {\"entries\": [{\"request\": {\"url\": \"https://a.example/\"}}],\n{\"request\": {\"url\": \"https://b.example/\"}}]}}",
			says: "list:2: the file is not JSON", stays: true,
		},
		"a HAR that is cut off after its entries": {
			open: lists.HAR, text: "{\"log\": {\"entries\": []\n}", says: "list:2: the file is incomplete", stays: true,
		},
		"a HAR without entries": {
			open: lists.HAR, text: "{\n\"log\": {}}", says: "list:2: the file is not a HAR file: it has no entries", stays: true,
		},
		"no HAR": {open: lists.HAR, text: "https://a.example/", says: "list:1: the file is not JSON", stays: true},
		"a HAR that is cut off": {
			open: lists.HAR, text: "{\"log\": {\"entries\": [{\"request\": {\"url\": \"https://a.example/\"}},\n",
			says: "list:2: the file is incomplete", stays: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.open(lists.Bytes("list", []byte(c.text)), lists.Fail)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "secret")
			malformed := &lists.MalformedError{}
			require.ErrorAs(t, err, &malformed)

			l, err := c.open(lists.Bytes("list", []byte(c.text)), lists.Skip)
			if c.stays {
				require.ErrorContains(t, err, c.says)
				return
			}
			require.NoError(t, err)
			require.Positive(t, l.Skipped())
			require.Equal(t, append([]string{}, c.left...), urls(t, l))
		})
	}
}

// Nobody knows what is missing of a compressed file, so nothing is skipped.
func TestCompressedFilesThatCannotBeReadOn(t *testing.T) {
	t.Parallel()
	for kind, k := range kinds {
		data := zip(t, k.file(3000))
		for name, c := range map[string]struct {
			data []byte
			says string
		}{
			"cut off":              {data[:len(data)/2], `^list:\d{3,}: the file is incomplete$`},
			"cut off in its head":  {data[:5], "^list:1: the file is incomplete$"},
			"followed by garbage":  {append(slices.Clone(data), "garbage that is no gzip"...), "^list:\\d{4,}: the file cannot be read: gzip: invalid header$"},
			"damaged at the start": {append(slices.Clone(data[:12]), make([]byte, 100)...), "^list:1: the file cannot be read: "},
		} {
			t.Run(kind+", "+name, func(t *testing.T) {
				t.Parallel()
				for _, onError := range []lists.OnError{lists.Fail, lists.Skip} {
					_, err := k.open(lists.Bytes("list", c.data), onError)
					require.Error(t, err)
					require.Regexp(t, c.says, err.Error())
				}
			})
		}
	}
}

func TestOddFilesThatAreMeant(t *testing.T) {
	t.Parallel()
	numbered := func(f lists.File, onError lists.OnError) (*lists.List, error) {
		return lists.CSV(f, &lists.Columns{URL: "0", Numbered: true, Comma: ','}, onError)
	}
	const a, b = "https://one.example/", "https://two.example/"
	one := zip(t, a+"\n")
	for name, c := range map[string]struct {
		open opener
		text string
		urls []string
	}{
		"an empty file":                             {lists.Lines, "", nil},
		"an empty file, compressed":                 {lists.Lines, string(zip(t, "")), nil},
		"gzip in several members":                   {lists.Lines, string(one) + string(zip(t, b)), []string{a, b}},
		"no newline at the end":                     {lists.Lines, a + "\r\n" + b, []string{a, b}},
		"lines after a byte order mark":             {lists.Lines, "\ufeff" + a, []string{a}},
		"a byte order mark, compressed":             {lists.Lines, string(zip(t, "\ufeff"+a)), []string{a}},
		"a comment that is longer than a line":      {lists.Lines, "# " + strings.Repeat("x", 200_000) + "\n" + b, []string{b}},
		"a quoted name after a byte order mark":     {openCSV, "\ufeff\"url\",\"method\"\n" + a + ",\n", []string{a}},
		"rows after a byte order mark":              {numbered, "\ufeff" + a + "\n", []string{a}},
		"a CSV with nothing but its names":          {openCSV, "url,method", nil},
		"a HAR after a byte order mark":             {lists.HAR, "\ufeff" + kinds["har"].file(1), []string{urlOf(0)}},
		"a sitemap after a byte order mark":         {openSitemap, "\ufeff<urlset><url><loc>" + a + "</loc></url></urlset>", []string{a}},
		"a sitemap with an & as it is":              {openSitemap, "<urlset><url><loc>" + a + "?b=1&c=2</loc></url></urlset>", []string{a + "?b=1&c=2"}},
		"a sitemap with CDATA":                      {openSitemap, "<urlset><url><loc><![CDATA[" + a + "?b&c]]></loc></url></urlset>", []string{a + "?b&c"}},
		"a sitemap with a prefix for its namespace": {openSitemap, `<s:urlset xmlns:s="x"><s:url><s:loc>` + a + "</s:loc></s:url></s:urlset>", []string{a}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := c.open(lists.Bytes("list", []byte(c.text)), lists.Fail)
			require.NoError(t, err)
			require.Zero(t, l.Skipped())
			require.Equal(t, append([]string{}, c.urls...), urls(t, l))
		})
	}
}
