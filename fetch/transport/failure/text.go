package failure

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// maxErrorText bounds a text in bytes, without what is put around it, such as "lookup: ".
const maxErrorText = 160

// maxRead is how many bytes of an error's text are looked at, because it may quote megabytes of a header.
const maxRead = 4096

// Error texts are values of tags. Each value makes time series that k6, and everything after it, keeps. So a text may
// contain what a script has chosen, such as the name of a header, because a script chooses few. It must not contain
// what a server chooses: no bytes of its answer, no addresses, ports or times, and no unbounded numbers.
var (
	controlText = regexp.MustCompile(`[\p{Cc}\x{2028}\x{2029}]+`)
	// scriptText matches what a script has chosen, as net/http and net/url quote it.
	scriptText = regexp.MustCompile(`(?:unsupported protocol scheme|invalid method|invalid character|` +
		`invalid (?:header|trailer) field (?:name|value for)) $`)
	// quotedText matches a quotation, or a list of them, with the words that lead to it.
	quotedText = regexp.MustCompile("(?:; got)?\\s*\\[?(?:\\s*(?:" + strings.Join([]string{
		"\"(?:\\\\.|[^\"\\\\])*(?:\"|$)", "`[^`]*(?:`|$)", "“[^”]*(?:”|$)",
	}, "|") + "))+(?:\\s*\\])?")
	// theirText matches what servers choose and nobody quotes, with the words that lead to it: numbers and URLs.
	theirText = regexp.MustCompile(`(?i)\s*(?:` + strings.Join([]string{
		`\b[a-z][a-z0-9+.-]*://\S*`, `//[^\s@]*@\S*`,
		`(?:before )?\boffset \d+`, `with length \d+`, `with version [0-9a-f]+ when expecting version [0-9a-f]+`,
		`stream id \d+;?`, `0x[0-9a-f]+`,
	}, "|") + `)`)
	dateText = regexp.MustCompile(`\s*(?:` + strings.Join([]string{
		`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? \d{1,2}[ -]\w{3}[ -]\d{2,4}(?: \d{2}:\d{2}:\d{2})?(?: GMT)?`,
		`\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?Z| ?[+-]\d{2}:?\d{2})?)?`,
	}, "|") + `)`)
	clockText = regexp.MustCompile(`\s*(?:` + strings.Join([]string{
		`\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: (?:GMT|UTC))?`,
		`\b\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)\b`,
	}, "|") + `)`)
	addressText = regexp.MustCompile(`(?i)\s*(?:->)?\s*(?:` + strings.Join([]string{
		`\[[0-9a-f:.]+(?:%[\w.-]+)?\](?::\d+)?`, `\d{1,3}(?:\.\d{1,3}){3,}(?::\d+)?`,
		`[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,}(?:\.\d{1,3}){0,3}(?:%\w+)?`,
	}, "|") + `)`)
	portText   = regexp.MustCompile(`(?i)(?::|\b(?:port |address |tcp/|udp/))\d+`)
	numberText = regexp.MustCompile(`\d{4,}`)
)

// Bounded makes a text fit for the value of a tag: one line, short, without anything that a server chooses.
func Bounded(s string) string {
	s = controlText.ReplaceAllString(strings.ToValidUTF8(s[:min(len(s), maxRead)], ""), " ")
	s = unquoted(s)
	for pass, was := 0, ""; s != was; pass++ { // removing one may form another
		if pass == maxPasses {
			return unknownText
		}
		was = s
		for _, theirs := range []*regexp.Regexp{theirText, dateText, addressText, portText, clockText} {
			s = theirs.ReplaceAllString(s, "")
		}
		s = numberText.ReplaceAllStringFunc(s, boundedNumber)
	}
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " :;,")
	if len(s) > maxErrorText {
		s = strings.TrimRight(strings.ToValidUTF8(s[:maxErrorText], ""), " :;,") + "…"
	}
	if s == "" {
		return unknownText
	}
	return s
}

const (
	unknownText = "unknown error"
	// maxPasses is how often removing text may form text to remove. Only a hostile server makes a text that does so more
	// than twice, and each pass takes time.
	maxPasses = 10
	// maxLead is longer than the words before any quotation that is kept.
	maxLead = 64
)

// boundedNumber removes an unbounded number. It keeps the limit on headers, which is always the same.
func boundedNumber(n string) string {
	if n == "10485760" {
		return n
	}
	return "N"
}

// unquoted removes quotations, except for those of what a script has chosen.
func unquoted(s string) string {
	var kept strings.Builder
	end := 0
	for _, at := range quotedText.FindAllStringIndex(s, -1) {
		start, next := at[0], at[1]
		quote := start + strings.IndexAny(s[start:next], "\"`“")
		if scriptText.MatchString(s[max(end, quote-maxLead):quote]) {
			continue
		}
		kept.WriteString(s[end:start])
		end = next
	}
	return kept.String() + s[end:]
}

// schemes are those of redirects that an error names. A server may choose any other.
//
//nolint:gochecknoglobals // a constant list
var schemes = []string{"about", "blob", "data", "file", "ftp", "javascript", "mailto", "tel", "ws", "wss"}

// WithoutScheme removes an unusual scheme from a text. In a redirect, a server has chosen it. In a URL with credentials
// but no scheme, it is the user name.
func WithoutScheme(text string) string {
	const kind = "unsupported protocol scheme"
	rest, ok := strings.CutPrefix(text, kind)
	if !ok || slices.Contains(schemes, strings.Trim(rest, ` "`)) {
		return text
	}
	return kind
}

// Explained returns the full cause of a failure, in the form of net/http's client: with the method and the URL of the
// request. User info is masked.
func Explained(method, to string, cause error) error {
	text := cause.Error()
	if _, ok := As[*url.Error](cause); !ok {
		text = method[:1] + strings.ToLower(method[1:]) + " " + strconv.Quote(to) + ": " + text
	}
	return &causeError{maskedText(text), cause}
}

// causeError is an error with a text of its own.
type causeError struct {
	text string
	err  error
}

func (e *causeError) Error() string { return e.text }
func (e *causeError) Unwrap() error { return e.err }

// maxCause bounds the text of a cause in bytes, because a server may have sent much of it.
const maxCause = 1000

var (
	quotedURL = regexp.MustCompile(`"(?:\\.|[^"\\])*(?:"|$)`)
	plainURL  = regexp.MustCompile(`[^\s"]*//[^\s"]*`)
)

// maskedText masks the user info of all URLs in a text and makes it one line.
func maskedText(s string) string {
	s = controlText.ReplaceAllString(strings.ToValidUTF8(s[:min(len(s), maxRead)], ""), " ")
	s = quotedURL.ReplaceAllStringFunc(s, urltext.Mask)
	s = plainURL.ReplaceAllStringFunc(s, urltext.Mask)
	if len(s) > maxCause {
		s = strings.ToValidUTF8(s[:maxCause], "") + "…"
	}
	return s
}
