package altsvc_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/altsvc"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, field, want string }{
		// RFC 7838, section 3.
		{"an example with a port alone", `h2=":8000"`, `h2=":8000"; ma=86400`},
		{"an example with a host", `h2="new.example.org:80"`, `h2="new.example.org:80"; ma=86400`},
		{"an example of two services", `h2="alt.example.com:8000", h2=":443"`, `h2="alt.example.com:8000"; ma=86400|h2=":443"; ma=86400`},
		{"an example of an encoded name", `w%3Dx%3Ay#z=":443"`, `w%3Dx%3Ay#z=":443"; ma=86400`},
		{"an example of an encoded percent sign", `x%25y=":443"`, `x%25y=":443"; ma=86400`},
		{"an example with an age (3.1)", `h2=":443"; ma=3600`, `h2=":443"; ma=3600`},
		{"an example that persists (3.1)", `h2=":443"; ma=2592000; persist=1`, `h2=":443"; ma=2592000; persist=1`},
		{"an example of an unknown parameter (3)", `h2=":443"; ma=3600; foo="a, \"b\""`, `h2=":443"; ma=3600`},
		{"clear withdraws", `clear`, `clear`},
		{"clear displaces what is beside it (3)", `h2=":443", clear, h3=":1"`, `clear`},
		{"clear is case-sensitive", `Clear`, ``},
		{"clear in quotes is none", `a="b, clear, c"`, ``},
		{"clear with a parameter is none", `clear; ma=1`, ``},

		{"without white space, and with all of it", "h3=\":1\";ma=1,\th3=\":2\" \t;\t ma=2 ,,", `h3=":1"; ma=1|h3=":2"; ma=2`},
		{"a quoted age, in upper case", `h3=":1"; MA="5"`, `h3=":1"; ma=5`},
		{"the first age counts", `h3=":1"; ma=5; ma=6`, `h3=":1"; ma=5`},
		{"a great age is cut", `h3=":1"; ma=99999999999999999999`, `h3=":1"; ma=2147483648`},
		{"a malformed age invalidates", `h3=":1"; ma=-1, h3=":2"; ma=`, ``},
		{"another persist is ignored", `h3=":1"; ma=5; persist=2`, `h3=":1"; ma=5`},
		{"quoted pairs", `h3="\a.\b:4\43"; ma=1`, `h3="a.b:443"; ma=1`},
		{"IPv6 in brackets", `h3="[2001:DB8::1]:443"; ma=1`, `h3="[2001:db8::1]:443"; ma=1`},
		{"IPv4, and a host in upper case", `h3="10.0.0.1:1"; ma=1, h3="A.EXAMPLE.:1"; ma=1`, `h3="10.0.0.1:1"; ma=1|h3="a.example.:1"; ma=1`},
		{"drafts are names of their own", `h3-29=":443"; ma=1`, `h3-29=":443"; ma=1`},
		{"what a token allows is not encoded", `h%33=":443"`, ``},
		{"hexadecimal digits are in upper case", `w%3dx=":443"`, ``},
		{"encoding that is cut off", `w%3=":443", w%=":443"`, ``},
		{"ports that do not exist", `h3=":0", h3=":65536", h3=":-1", h3=":", h3="a", h3=":99999999999999999999"`, ``},
		{"the last port", `h3=":065535"; ma=1`, `h3=":65535"; ma=1`},
		{"authorities that are more than that", `h3="u@a:1", h3="a/b:1", h3=":1/x", h3="https://a:1", h3="a b:1", h3="%41:1"`, ``},
		{"IPv6 that is wrong", `h3="::1:443", h3="[::1:443", h3="[::1%25eth0]:1", h3="[10.0.0.1]:1", h3="[v1.a]:1"`, ``},
		{"without quotes, name or value", `h3=:443, =":443", h3, h3=, h3 =":1", h3= ":1"`, ``},
		{"parameters that are wrong", `h3=":1"; ma, h3=":1";, h3=":1" ma=1, h3=":1"; =1, h3=":1"; a = 1`, ``},
		{"an invalid entry does not hide the next", `h3=":0"; x="a,b\",", h3=":1"; ma=1`, `h3=":1"; ma=1`},
		{"a quote without an end hides the rest of its line", `h3=":1"; ma=1, h3=":2, h3=":3"` + "\n" + `h3=":4"; ma=1`, `h3=":1"; ma=1|h3=":4"; ma=1`},
		{"control characters", "h3=\":1\"; a=\"\x00\", h3=\":1\"; a=\"\\\x7f\"", ``},
		{"nothing", " ,\t,\n", ``},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, parsed(strings.Split(c.field, "\n")))
		})
	}
}

// parsed is what Parse returns, as text.
func parsed(lines []string) string {
	services, clears := altsvc.Parse(lines)
	if clears {
		return "clear"
	}
	texts := make([]string, len(services))
	for i, s := range services {
		texts[i] = s.String()
	}
	return strings.Join(texts, "|")
}

func TestParseIsBounded(t *testing.T) {
	t.Parallel()
	services, clears := altsvc.Parse([]string{strings.Repeat(`h3=":443",`, 1000)})
	require.Len(t, services, altsvc.MaxServices)
	require.False(t, clears)
	require.Empty(t, parsed([]string{strings.Repeat("a", 256) + `=":1"`, strings.Repeat("%00", 256) + `=":1"`, `h3="` + strings.Repeat("a", 256) + `:1"`}))
}

// Whatever the field, what Parse returns is bounded and valid, and reads the same when it is written again.
func FuzzAltSvc(f *testing.F) {
	for _, line := range []string{
		"", "clear", `h3=":443"; ma=2592000,h3-29=":443"; ma=2592000`, `w%3Dx%3Ay#z="[::1]:443"; persist=1`, `h3="\a:1"; x="\"`,
		`h3=":0", h2="a.b:1";ma="3"`, "%FF=\":1\"", `h3=",clear,`, `%`, `"`, `\`,
	} {
		f.Add(line, line)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		lines := []string{first, second}
		services, clears := altsvc.Parse(lines)
		require.LessOrEqual(t, len(services), altsvc.MaxServices)
		if clears {
			require.Empty(t, services)
			require.Contains(t, first+" "+second, "clear")
			return
		}
		for _, s := range services {
			require.NotEmpty(t, s.Protocol)
			require.True(t, 0 < s.Port && s.Port < 1<<16)
			require.True(t, 0 <= s.MaxAge && s.MaxAge%time.Second == 0)
			require.NotContains(t, s.Host, "@")
		}
		text := parsed(lines)
		require.Equal(t, text, parsed([]string{strings.ReplaceAll(text, "|", ",")}))
	})
}
