package expect_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
)

func pattern(text string) expect.Pattern {
	return expect.Pattern{Regexp: regexp.MustCompile(text), Source: "/" + text + "/"}
}

func value(text string) (v any) {
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err)
	}
	return v
}

// judged returns what of a response is not met.
func judged(resp *expect.Response, body string, pieces int, checks ...*expect.Check) (unmet []string) {
	var e *expect.Expectation
	for _, part := range expect.Parts() {
		e = e.With(part, ofPart(part, checks)...)
	}
	var judge expect.Judge
	if into := judge.Begin(e, false); into != nil {
		for len(body) > 0 {
			n := min(pieces, len(body))
			_, _ = io.WriteString(into, body[:n])
			body = body[n:]
		}
	}
	for _, u := range judge.End(resp) {
		unmet = append(unmet, u.Text())
	}
	return unmet
}

func ofPart(part expect.Part, checks []*expect.Check) (own []*expect.Check) {
	for _, check := range checks {
		if strings.HasPrefix(check.Name, strings.TrimSuffix(string(part), "s")) || part == expect.Status && strings.HasPrefix(check.Name, "status") {
			own = append(own, check)
		}
	}
	return own
}

func TestWhatIsMet(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	certificate := &x509.Certificate{NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(0, 0, 10)}
	const body = `{"user":{"name":"Ada","age":36,"tags":["a","b"],"none":null},"ok":true}`
	hello, empty := sha256.Sum256([]byte("hello")), sha256.Sum256(nil)
	for _, test := range []struct {
		about string
		check *expect.Check
		body  string
		want  string // empty if it is met
	}{
		{"a status in a range", expect.StatusIn([][2]int{{200, 299}}), "", ""},
		{"another status", expect.StatusIn([][2]int{{404, 404}}), "", "status == 404: 200"},
		{"a header", expect.Header("X-Kind", "page"), "", ""},
		{"its name in any case", expect.Header("x-kind", "page"), "", ""},
		{"another value", expect.Header("x-kind", "soft"), "", `header x-kind == "soft": "page"`},
		{"several lines are one list", expect.Header("x-two", "a, b"), "", ""},
		{"a header that is missing", expect.Header("x-none", ""), "", `header x-none == "": it is absent`},
		{"a header that matches", expect.HeaderMatches("x-kind", pattern("^p")), "", ""},
		{"a header that does not", expect.HeaderMatches("x-kind", pattern("^q")), "", `header x-kind matches /^q/: "page"`},
		{"a header that is absent", expect.HeaderAbsent("x-none"), "", ""},
		{"a header that is not", expect.HeaderAbsent("x-kind"), "", `header x-kind is absent: "page"`},
		{"a cookie is not shown", expect.HeaderAbsent("set-cookie"), "", "header set-cookie is absent: it has another value"},
		{"a password is not shown", expect.Header("location", "/"), "", `header location == "/": "https://****:****@a.example/"`},
		{"a text", expect.Contains("hell"), "hello", ""},
		{"a text at the end", expect.Contains("lo"), "hello", ""},
		{"the whole text", expect.Contains("hello"), "hello", ""},
		{"a text that repeats itself", expect.Contains("aab"), "aaaab", ""},
		{"one byte", expect.Contains("o"), "hello", ""},
		{"a text that is not there", expect.Contains("Hell"), "hello", `body contains "Hell": not in 5 bytes`},
		{"a text longer than the body", expect.Contains("hello!"), "hello", `body contains "hello!": not in 5 bytes`},
		{"a text in no body", expect.Contains("a"), "", `body contains "a": the body is empty`},
		{"a text in one byte", expect.Contains("a"), "b", `body contains "a": not in 1 byte`},
		{"bytes of a character", expect.Contains("é"), "caf\xc3\xa9", ""},
		{"no such text", expect.Lacks("not found"), "hello", ""},
		{"nothing lacks everything", expect.Lacks("a"), "", ""},
		{"a text that must not be there", expect.Lacks("ell"), "hello", `body lacks "ell": it is there`},
		{"a pattern", expect.Matches(pattern(`h.l+o`)), "hello", ""},
		{"another pattern", expect.Matches(pattern(`^e`)), "hello", `body matches /^e/: not in 5 bytes`},
		{"a digest", expect.SHA256(hello), "hello", ""},
		{"one of several digests", expect.SHA256(empty, hello), "hello", ""},
		{"the digest of nothing", expect.SHA256(empty), "", ""},
		{
			"another digest", expect.SHA256(hello), "hella",
			fmt.Sprintf("body sha256 == %x: %x", hello, sha256.Sum256([]byte("hella"))),
		},
		{"a text in JSON", expect.JSONValue("user.name", "Ada"), body, ""},
		{"a number", expect.JSONValue("user.age", 36.0), body, ""},
		{"true", expect.JSONValue("ok", true), body, ""},
		{"null", expect.JSONValue("user.none", nil), body, ""},
		{"a list", expect.JSONValue("user.tags", value(`["a","b"]`)), body, ""},
		{"an object", expect.JSONValue("@this.user", value(`{"age":36,"name":"Ada","tags":["a","b"],"none":null}`)), body, ""},
		{"a count", expect.JSONValue("user.tags.#", 2.0), body, ""},
		{"a text that matches", expect.JSONMatches("user.name", pattern("^A")), body, ""},
		{"another number", expect.JSONValue("user.age", 37.0), body, "json user.age == 37: 36"},
		{"a text is no number", expect.JSONValue("user.age", "36"), body, `json user.age == "36": 36`},
		{"another text", expect.JSONValue("user.name", "Bob"), body, `json user.name == "Bob": "Ada"`},
		{"nothing is not null", expect.JSONValue("user.no", nil), body, "json user.no == null: nothing is there"},
		{"a number matches nothing", expect.JSONMatches("user.age", pattern("36")), body, "json user.age matches /36/: 36"},
		{"no JSON", expect.JSONValue("ok", true), "<html>", "json ok == true: the body is not JSON"},
		{"no body at all", expect.JSONValue("ok", true), "", "json ok == true: the body is not JSON"},
		{"a certificate", expect.CertificateFor(10), "", ""},
		{"one that ends soon", expect.CertificateFor(14), "", "certificate valid for 14 days: 10"},
	} {
		t.Run(test.about, func(t *testing.T) {
			t.Parallel()
			resp := &expect.Response{
				Status: 200, Certificate: certificate, At: now,
				Header: func() http.Header {
					return http.Header{
						"X-Kind": {"page"}, "X-Two": {"a", "b"}, "Set-Cookie": {"id=secret"},
						"Location": {"https://user:secret@a.example/"},
					}
				},
			}
			var want []string
			if test.want != "" {
				want = []string{test.want}
			}
			for pieces := 1; pieces <= len(test.body)+1; pieces++ {
				require.Equal(t, want, judged(resp, test.body, pieces, test.check), "in pieces of %d", pieces)
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	for want, certificate := range map[string]*x509.Certificate{
		"there is none":       nil,
		"it is not valid yet": {NotBefore: now.Add(time.Hour), NotAfter: now.AddDate(1, 0, 0)},
		"-1":                  {NotAfter: now.AddDate(0, 0, -1)},
	} {
		unmet := judged(&expect.Response{Certificate: certificate, At: now}, "", 1, expect.CertificateFor(0))
		require.Equal(t, []string{"certificate valid for 0 days: " + want}, unmet)
	}
}

// What is said is bounded and printable, whatever is expected and whatever comes.
func TestTextsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\x00é\u202e\n", 1000)
	resp := &expect.Response{Header: func() http.Header { return http.Header{"X": {long}} }}
	text, err := json.Marshal(map[string]string{"a": long})
	require.NoError(t, err)
	unmet := judged(
		resp, string(text), 100, expect.Contains(long), expect.Lacks(`"a"`), expect.Matches(pattern("^"+strings.Repeat("x", 1000))),
		expect.Header("x", strings.Repeat("é", 1000)), expect.HeaderMatches("x", pattern("^$")),
		expect.JSONValue("a", strings.Repeat("x", 1000)), expect.JSONValue(strings.Repeat("a", 1000), nil),
	)
	require.Len(t, unmet, 7)
	for _, text := range unmet {
		require.Less(t, len(text), 1000)
		require.NotContains(t, text, "\n")
		require.NotContains(t, text, "\x00")
		require.NotContains(t, text, "\u202e")
	}
}

// Parts are replaced one by one, and what is there already is not changed.
func TestPartsWinOneByOne(t *testing.T) {
	t.Parallel()
	var none *expect.Expectation
	one := none.With(expect.Body, expect.Contains("a"), expect.Lacks("b"), expect.Contains("a"))
	two := one.With(expect.Status, expect.StatusIn([][2]int{{200, 200}})).With(expect.Body, expect.Contains("c"))
	names := func(e *expect.Expectation) (names []string) {
		for _, check := range e.Checks() {
			names = append(names, check.Name)
			require.Equal(t, budget.Expected, check.Key)
		}
		return names
	}
	require.Equal(t, []string{`body contains "a"`, `body lacks "b"`}, names(one))
	require.Equal(t, []string{"status == 200", `body contains "c"`}, names(two))
	require.Nil(t, one.With(expect.Body))
	require.Empty(t, none.Checks())
	require.False(t, none.ReadsBody() || none.NeedsBody())
	require.True(t, two.ReadsBody() && !two.NeedsBody())
	require.True(t, two.With(expect.JSON, expect.JSONValue("a", nil)).NeedsBody())
}

// A text is found exactly where it is, however the body is split.
func FuzzContains(f *testing.F) {
	f.Add("hello world", "o w", uint8(3))
	f.Add("aaaaaab", "aab", uint8(2))
	f.Fuzz(func(t *testing.T, body, text string, pieces uint8) {
		if text == "" {
			return // the script must not ask for it
		}
		unmet := judged(&expect.Response{}, body, max(1, int(pieces)), expect.Contains(text))
		require.Equal(t, strings.Contains(body, text), unmet == nil)
	})
}
