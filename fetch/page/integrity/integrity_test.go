package integrity_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/integrity"
)

// body is the example of SRI, and its digests. Others are those of "x".
const (
	body = "alert('Hello, world.');"

	right256 = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
	right384 = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
	right512 = "sha512-Q2bFTOhEALkN8hOms2FKTDLy7eugP2zFZ1T8LCvX42Fp3WoNr3bjZSAHeOsHrbV1Fu9/A0EzCinRE7Af1ofPrw=="

	wrong256 = "sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="
	wrong384 = "sha384-11LCxR+6DimqGQVwqdQlPkQHegWNMpf6OlYw1b0BJiL5fCisrtMTtcg7uZDKp9qF"
	wrong512 = "sha512-pKvURIxJVi2CgRXROh/M6pJ/UrTVRZKX+LQ+QtqJI4vBNibkPcs43bCCSIkn7JBPtCBXRDmD6IWFF51QVRr+Yg=="
)

// verdict is what becomes of the body.
type verdict string

const (
	unchecked verdict = "unchecked"
	passes    verdict = "passes"
	fails     verdict = "fails"
)

func judge(t *testing.T, metadata, body string) verdict {
	t.Helper()
	check := integrity.New(metadata)
	if check == nil {
		return unchecked
	}
	n, err := io.WriteString(check, body)
	require.NoError(t, err)
	require.Equal(t, len(body), n)
	if check.Err() != nil {
		return fails
	}
	return passes
}

type judged struct {
	says, metadata string
	want           verdict
}

func judgeAll(t *testing.T, all []judged) {
	t.Helper()
	for _, c := range all {
		assert.Equal(t, c.want, judge(t, c.metadata, body), c.says)
	}
}

// The table restates that of the web platform's tests (subresource-integrity, from the same origin), for another body.
// What it asks of other origins and of CORS, package request does.
func TestSuite(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"a digest of sha256", right256, passes},
		{"a digest of sha384", right384, passes},
		{"a digest of sha512", right512, passes},
		{"no metadata", "", unchecked},
		{"another digest", wrong256, fails},
		{"any digest of the same algorithm will do", right256 + " " + wrong256, passes},
		{"an unknown algorithm is ignored", right256 + " foo666-" + wrong256[7:], passes},
		{"the stronger algorithm counts, and matches", right512 + " " + wrong256, passes},
		{"the stronger algorithm counts, and does not match", wrong512 + " " + right256, fails},
		{"options are ignored", right256 + "?foo=bar?spam=eggs", passes},
		{"an unknown algorithm alone is no check", "foo666-" + right256[7:], unchecked},
		{"no base64 of an unknown algorithm", "foo666-%", unchecked},
		{"no base64 beside a match", right256 + " sha256-%", passes},
		{"no base64 of an unknown algorithm beside a match", right256 + " foo666-%", passes},
		{"no base64 of a weaker algorithm", right512 + " sha256-%", passes},
	})
}

// These are to fail by the suite, and by SRI. Chromium ignores a digest with other letters.
func TestSuiteOtherwise(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"no base64", "sha256-%", unchecked},
		{"no base64 of sha384", "sha384-%", unchecked},
		{"no base64 of sha512", "sha512-%", unchecked},
		{"no base64, with options", "sha256-%?foo=bar?spam=eggs", unchecked},
		{"no base64 of a stronger algorithm", "sha512-% " + right256, passes},
	})
}

// What the suite does not ask. Chromium 156 decides the same in all of these, as scripts with such attributes showed.
func TestWhatCounts(t *testing.T) {
	t.Parallel()
	url := strings.NewReplacer("+", "-", "/", "_")
	judgeAll(t, []judged{
		{"padding may be missing", strings.TrimRight(right256, "="), passes},
		{"both characters of it", strings.TrimRight(right512, "="), passes},
		{"it may be too long", right256 + "==", passes},
		{"or be where none is due", right384 + "=", passes},
		{"but not within", right256[:15] + "=" + right256[15:], fails},
		{"base64url", "sha512-" + url.Replace(right512[7:]), passes},
		{"base64url without padding", strings.TrimRight("sha256-"+url.Replace(right256[7:]), "="), passes},
		{"both alphabets", strings.Replace(right256, "/", "_", 1), passes},
		{"the last bits may be any", strings.Replace(right256, "g=", "h=", 1), passes},
		{"a digest that is cut", right256[:27], fails},
		{"one letter is no base64, and still counts", "sha256-A", fails},
		{"nor is padding alone", "sha256-=", fails},
		{"a short digest of a stronger algorithm", "sha512-AAAA " + right256, fails},
		{"padding alone of a stronger algorithm", "sha512-=== " + right256, fails},
		{"a digest of another algorithm's length", "sha512-" + right256[7:], fails},
		{"an empty digest is none", "sha256-", unchecked},
		{"nor is one of options", "sha256-?x", unchecked},
		{"an empty digest of a stronger algorithm", "sha512- " + right256, passes},
		{"no digest", "sha256", unchecked},
		{"a digest without an algorithm", right256[7:], unchecked},
		{"older names with a hyphen", "sha-256-" + right256[7:], passes},
		{"older names are as strong", "sha-384-" + right384[7:] + " " + wrong256, passes},
		{"algorithms are case-sensitive", "SHA256-" + right256[7:], unchecked},
		{"weak algorithms are unknown", "sha1-AAAA md5-AAAA", unchecked},
		{"a longer name is another algorithm", "sha2567-" + right256[7:], unchecked},
		{"a comma separates nothing", wrong256 + "," + right256, unchecked},
		{"tabs and line ends separate", "\t" + wrong256 + "\n\f" + right256 + "\r", passes},
		{"a space that is not ASCII does not", wrong256 + "\u00a0" + right256, unchecked},
		{"a match behind many others", strings.Repeat(wrong256+" ", 50) + right256, passes},
		{"the order of algorithms does not matter", wrong256 + " " + right384 + " " + wrong256, passes},
		{"sha384 is stronger than sha256", right256 + " " + wrong384, fails},
		{"sha512 is stronger than sha384", right384 + " " + wrong512, fails},
		{"spaces only", " \n ", unchecked},
	})
}

func TestErrorsSayWhatCame(t *testing.T) {
	t.Parallel()
	long := "sha512-" + strings.Repeat("A", 1000)
	for _, c := range []struct{ says, metadata, want string }{
		{"one digest", wrong256, "integrity: expected " + wrong256 + ", got " + right256},
		{"two", wrong256 + " " + wrong256, "integrity: expected " + wrong256 + " (or 1 other), got " + right256},
		{"many", strings.Repeat(wrong384+" ", 40), "integrity: expected " + wrong384 + " (or 39 others), got " + right384},
		{"weaker ones do not count", wrong256 + " " + wrong512, "integrity: expected " + wrong512 + ", got " + right512},
		{"as it was written, without options", "sha-256-AA==?x", "integrity: expected sha256-AA==, got " + right256},
		{"a long one is cut", long, "integrity: expected " + long[:95] + ", got " + right512},
	} {
		check := integrity.New(c.metadata)
		_, err := io.WriteString(check, body)
		require.NoError(t, err)
		assert.EqualError(t, check.Err(), c.want, c.says)
	}
}

func TestNothingToCheckAcceptsEverything(t *testing.T) {
	t.Parallel()
	var check *integrity.Check
	n, err := io.WriteString(check, body)
	require.NoError(t, err)
	require.Equal(t, len(body), n)
	require.NoError(t, check.Err())
}

// A verdict may be asked for in between, and does not depend on how the body was split.
func TestBodiesStream(t *testing.T) {
	t.Parallel()
	check := integrity.New(right384)
	for i := range len(body) {
		require.Error(t, check.Err())
		_, err := io.WriteString(check, body[i:i+1])
		require.NoError(t, err)
	}
	require.NoError(t, check.Err())
}

// Whatever the attribute says, a digest that belongs to the body is found among those of its algorithm, and an error is
// short and printable.
func FuzzMetadata(f *testing.F) {
	for _, metadata := range []string{
		"", right256, right384 + " " + wrong512, "sha256-%", "sha-512-=?x", "sha256-A sha384-AA==\tsha512-_-+/", "sha512-\xff", "-", "sha256--",
	} {
		f.Add(metadata, body)
	}
	f.Fuzz(func(t *testing.T, metadata, body string) {
		sum := sha256.Sum256([]byte(body))
		own := "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
		stronger := strings.Contains(metadata, "sha384-") || strings.Contains(metadata, "sha512-") ||
			strings.Contains(metadata, "sha-384-") || strings.Contains(metadata, "sha-512-")
		for _, all := range []string{own + " " + metadata, metadata + " " + own} {
			got := judge(t, all, body)
			require.NotEqual(t, unchecked, got, all)
			require.True(t, stronger || got == passes, all)
		}
		check := integrity.New(metadata)
		_, err := io.WriteString(check, body)
		require.NoError(t, err)
		if err := check.Err(); err != nil {
			require.Less(t, len(err.Error()), 300)
			for _, b := range []byte(err.Error()) {
				require.True(t, ' ' <= b && b < 0x7f)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	data := make([]byte, 64<<10)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		check := integrity.New(right384 + " " + wrong384)
		_, _ = check.Write(data)
		if check.Err() == nil {
			b.Fatal("zeros have another digest")
		}
	}
}
