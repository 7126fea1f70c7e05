package cache

import (
	"strings"
	"time"
)

// directives are those of a Cache-Control field that concern a private cache (section 5.2). s-maxage,
// proxy-revalidate and no-transform do not. A time is absent if it was not given, and zero if it was malformed and
// section 4.2.1 wants that to mean stale.
type directives struct {
	noCache, noStore                                       bool
	mustRevalidate, mustUnderstand, public, own, immutable bool // own: private
	onlyIfCached                                           bool

	maxAge, minFresh, maxStale, staleWhileRevalidate time.Duration

	// fields are those that no-cache="…" names (section 5.2.2.4).
	fields []string
}

// absent is the value of a time that a field does not give.
const absent time.Duration = -1

const ows = " \t"

// longest is the greatest time that the cache calculates with (section 1.2.2). Sums of a few of them do not overflow.
const longest = (1 << 31) * time.Second

// parseDirectives reads the lines of a Cache-Control field. Unknown directives are ignored (section 5.2.3). Of several
// with the same name, the first one counts (section 4.2.1).
func parseDirectives(lines []string) directives {
	d := directives{maxAge: absent, minFresh: absent, maxStale: absent, staleWhileRevalidate: absent}
	for _, line := range lines {
		for line != "" {
			var one directive
			one, line = nextDirective(line)
			d.add(&one)
		}
	}
	return d
}

func (d *directives) add(one *directive) {
	switch {
	case one.is("no-cache"):
		d.addNoCache(one)
	case one.is("no-store"):
		d.noStore = true
	case one.is("must-revalidate"):
		d.mustRevalidate = true
	case one.is("must-understand"):
		d.mustUnderstand = true
	case one.is("public"):
		d.public = true
	case one.is("private"):
		d.own = true
	case one.is("immutable"):
		d.immutable = true
	case one.is("only-if-cached"):
		d.onlyIfCached = true
	case one.is("max-age"):
		first(&d.maxAge, one.seconds(0))
	case one.is("min-fresh"):
		first(&d.minFresh, one.seconds(absent))
	case one.is("stale-while-revalidate"):
		first(&d.staleWhileRevalidate, one.seconds(absent))
	case one.is("max-stale"):
		if one.form == bare { // however stale
			first(&d.maxStale, longest)
			return
		}
		first(&d.maxStale, one.seconds(absent))
	}
}

// addNoCache distinguishes the form with field names, which the response may be used without, from the plain one.
// Section 5.2 wants names to be read without quotes too. Without any name, it means the plain one.
func (d *directives) addNoCache(one *directive) {
	count := len(d.fields)
	if one.form == token || one.form == quoted {
		for name := range strings.SplitSeq(one.value, ",") {
			if name = strings.Trim(name, ows); name != "" {
				d.fields = append(d.fields, name)
			}
		}
	}
	d.noCache = d.noCache || len(d.fields) == count
}

func first(have *time.Duration, value time.Duration) {
	if *have == absent {
		*have = value
	}
}

// directive is one member of a Cache-Control field.
type directive struct {
	name, value string
	form        form
}

// form is how a directive's argument was written (section 5.2).
type form int

const (
	bare form = iota // without an argument
	token
	quoted
	malformed
)

// nextDirective splits the first member off a list (RFC 9110, section 5.6.1). Both are empty at its end.
func nextDirective(line string) (one directive, rest string) {
	line = strings.TrimLeft(line, ows+",")
	end := strings.IndexAny(line, "=,")
	if end < 0 || line[end] == ',' {
		one.name, rest, _ = strings.Cut(line, ",")
		one.name = strings.TrimRight(one.name, ows)
		return one, rest
	}
	one = directive{name: strings.TrimRight(line[:end], ows), form: token}
	malforms := len(one.name) < end // Chromium ignores "max-age =1", and accepts "max-age= 1"
	value := strings.TrimLeft(line[end+1:], ows)
	if text, tail, ok := quotedString(value); ok {
		one.value, one.form = text, quoted
		tail, rest, _ = strings.Cut(tail, ",")
		malforms = malforms || strings.Trim(tail, ows) != ""
	} else {
		// A quote without an end hides nothing: the list goes on at the next comma.
		malforms = malforms || strings.HasPrefix(value, `"`)
		value, rest, _ = strings.Cut(value, ",")
		one.value = strings.TrimRight(value, ows)
	}
	if malforms {
		one.form = malformed
	}
	return one, rest
}

// quotedString reads a quoted-string at the beginning (RFC 9110, section 5.6.4) and returns what follows it. It is
// false without an opening or a closing quote.
func quotedString(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	escaped := false
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			text = s[1:i]
			if escaped {
				text = unescape(text)
			}
			return text, s[i+1:], true
		}
	}
	return "", "", false
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (d *directive) is(name string) bool { return strings.EqualFold(d.name, name) }

// seconds returns the argument of a directive that takes delta-seconds, or what a malformed one means. Section 5.2
// wants both forms to be read.
func (d *directive) seconds(otherwise time.Duration) time.Duration {
	if d.form == token || d.form == quoted {
		if t, ok := deltaSeconds(d.value); ok {
			return t
		}
	}
	return otherwise
}

// deltaSeconds reads a number of seconds. Greater ones than the cache calculates with are the greatest (section 1.2.2).
func deltaSeconds(s string) (time.Duration, bool) {
	if s == "" {
		return 0, false
	}
	seconds := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		seconds = min(seconds*10+int64(s[i]-'0'), int64(longest/time.Second))
	}
	return time.Duration(seconds) * time.Second, true
}
