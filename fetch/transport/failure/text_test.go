package failure

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBoundedText has texts of net/http and of what it uses. What a script has chosen stays. What a server or the
// network has chosen goes, and leaves no gap.
func TestBoundedText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`unsupported protocol scheme "ftp"`, `unsupported protocol scheme "ftp"`},
		{`unsupported protocol scheme ""`, `unsupported protocol scheme ""`},
		{`net/http: invalid header field name "b ad"`, `net/http: invalid header field name "b ad"`},
		{`net/http: invalid header field name "a\"b"`, `net/http: invalid header field name "a\"b"`},
		{`net/http: invalid header field value for "X-A"`, `net/http: invalid header field value for "X-A"`},
		{`net/http: invalid trailer field name "b ad"`, `net/http: invalid trailer field name "b ad"`},
		{`net/http: invalid method "B AD"`, `net/http: invalid method "B AD"`},
		{`invalid character " " in host name`, `invalid character " " in host name`},
		{`invalid URL escape "%zz"`, `invalid URL escape`},
		{`missing ']' in host`, `missing ']' in host`},
		{`too many transfer encodings: ["chunked" "odd"]`, `too many transfer encodings`},
		{`unsupported transfer encoding: "odd"`, `unsupported transfer encoding`},
		{`http: message cannot contain multiple Content-Length headers; got ["1" "2"]`, `http: message cannot contain multiple Content-Length headers`},
		{`bad Content-Length "odd"`, `bad Content-Length`},
		{`malformed HTTP response "SSH-2.0-OpenSSH"`, `malformed HTTP response`},
		{`malformed HTTP status code "abc"`, `malformed HTTP status code`},
		{`malformed HTTP version "HTTP/9"`, `malformed HTTP version`},
		{`malformed MIME header: missing colon: "odd"`, `malformed MIME header: missing colon`},
		{`malformed MIME header line: "odd: \"x"`, `malformed MIME header line`},
		{`failed to parse Location header "http://me:pw@%zz": parse "%zz": invalid URL escape "%zz"`, `failed to parse Location header: parse: invalid URL escape`},
		{`bad trailer key "Odd"`, `bad trailer key`},
		{`http2: response header list larger than advertised limit`, `http2: response header list larger than advertised limit`},
		{`x509: “A Name” certificate is not trusted`, `x509: certificate is not trusted`},
		{"flate: corrupt input before offset 123", `flate: corrupt input`},
		{"tls: oversized record received with length 20527", `tls: oversized record received`},
		{"tls: received record with version 3153 when expecting version 303", `tls: received record`},
		{"window size exceeded: 123456789 of 8388608", `window size exceeded: N of N`},
		{"net/http: server response headers exceeded 10485760 bytes; aborted", "net/http: server response headers exceeded 10485760 bytes; aborted"},
		{"read udp 10.0.0.1:53->10.0.0.2:53: i/o timeout", "read udp: i/o timeout"},
		{"dial tcp [fe80::1%eth0]:443: no route to host", "dial tcp: no route to host"},
		{"no route to ::ffff:10.0.0.1 or 2001:db8::7", "no route to or"},
		{"lookup web.test:8080 on port 5353", "lookup web.test on"},
		{"current time 2026-01-01T10:20:30Z is after 2025-12-31T00:00:00+01:00", "current time is after"},
		{"expired on Mon, 02 Jan 2006 15:04:05 GMT", "expired on"},
		{"gave up after 1.503s", "gave up after"},
		{"cannot get http://me:pw@host/x?y or //me:pw@host", "cannot get or"},
		{"a\n\tb\u2028c", "a b c"},
		{`"all of it"`, "unknown error"},
	} {
		assert.Equal(t, test.want, Bounded(test.text), test.text)
	}
}

// A server chooses the target of a redirect.
func TestSchemesOfRedirectsAreThoseThatAreKnown(t *testing.T) {
	t.Parallel()
	require.Equal(t, `unsupported protocol scheme "file"`, WithoutScheme(`unsupported protocol scheme "file"`))
	require.Equal(t, "unsupported protocol scheme", WithoutScheme(`unsupported protocol scheme "s3cret"`))
	require.Equal(t, "EOF", WithoutScheme("EOF"))
}

// What a text must not contain. It is repeated here, so that a mistake in the masks does not hide itself.
//
//nolint:gochecknoglobals // a constant table
var unfit = map[string]*regexp.Regexp{
	"an IPv4 address": regexp.MustCompile(`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`),
	"an IPv6 address": regexp.MustCompile(`[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{0,4}){2,7}`),
	"a port":          regexp.MustCompile(`[a-zA-Z0-9\]]:\d`),
	"a time":          regexp.MustCompile(`\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}`),
	"a number":        regexp.MustCompile(`\d{9,}`),
	"user info":       regexp.MustCompile(`//[^\s/"]*@`),
}

// FuzzBoundedText checks that any text becomes fit for a tag.
func FuzzBoundedText(f *testing.F) {
	for _, s := range []string{
		"", "plain", "read tcp 127.0.0.1:1->[::1%lo]:2: odd", "\"quoted\x00\"", "a\nb\tc", strings.Repeat("ü", 200), "`", "\xff\xfe",
		"\u0085\u2028", "1.2.3.1.2.3.4:5.4", "12:3:30:400", `invalid method "1.2.3.4:80 http://a:b@c"`, "//a//b@@", "1:::2", "::1:1::1",
		`invalid method "`, `invalid method "a" "b"`, "“a", "0x0x12", "2006-2006-01-02-01-02", "a:1:1.1.1.1", "1s1.1s1.1.1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, err := range []error{errors.New(s), Undecodable(errors.New(s))} {
			_, text := Classify(err, nil)
			require.NotEmpty(t, text)
			require.LessOrEqual(t, len(text), 200)
			require.True(t, utf8.ValidString(text), "%q", text)
			require.Negative(t, strings.IndexFunc(text, unicode.IsControl), "%q", text)
			require.Equal(t, strings.TrimSpace(text), text)
			for what, pattern := range unfit {
				require.NotRegexp(t, pattern, text, "%s in %q", what, text)
			}
		}
	})
}

// Texts that form more and more text to remove take no longer than others.
func TestBoundedTextsTakeBoundedTime(t *testing.T) {
	t.Parallel()
	nested := strings.Repeat("with length ", 200) + "1" + strings.Repeat(" 1", 199)
	require.Equal(t, "unknown error", Bounded(nested))
	quotes := strings.Repeat(`invalid method "a" `, 200)
	require.NotEmpty(t, Bounded(quotes))
}
