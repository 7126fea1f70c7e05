package integrity

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"strings"
)

// algorithm is a hash function of SRI, section 3.2.
type algorithm struct {
	name, otherName string
	strength        int
	new             func() hash.Hash
}

// algorithms are those that count.
//
//nolint:gochecknoglobals // a constant table
var algorithms = [...]algorithm{
	{"sha256", "sha-256", 1, sha256.New},
	{"sha384", "sha-384", 2, sha512.New384},
	{"sha512", "sha-512", 3, sha512.New},
}

// text writes a digest as an attribute has it.
func (a *algorithm) text(digest []byte) string {
	return a.name + "-" + base64.StdEncoding.EncodeToString(digest)
}

// digest is one that an attribute gives.
type digest struct {
	value []byte // nil if it cannot be decoded, which no body fulfills
	text  string // as it was written, cut at maxText
}

// maxText is the length of the longest digest: that of sha512.
const maxText = 88

// parse returns the digests of the strongest algorithm of an attribute (SRI, sections 3.3.2 and 3.3.3). What is behind
// a question mark are options, of which there are none yet.
func parse(metadata string) (*algorithm, []digest) {
	var strongest *algorithm
	var digests []digest
	for item := range strings.FieldsFuncSeq(metadata, isSpace) {
		item, _, _ = strings.Cut(item, "?")
		found, text := cutAlgorithm(item)
		if found == nil || !isBase64(text) || strongest != nil && found.strength < strongest.strength {
			continue
		}
		if found != strongest {
			strongest, digests = found, nil
		}
		digests = append(digests, digest{decode(text), text[:min(len(text), maxText)]})
	}
	return strongest, digests
}

// isSpace reports whether a character separates items: ASCII whitespace.
func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\f' || r == '\r'
}

// cutAlgorithm splits an item at the hyphen behind its algorithm. Names are case-sensitive.
func cutAlgorithm(item string) (*algorithm, string) {
	for i := range algorithms {
		a := &algorithms[i]
		for _, name := range [...]string{a.name, a.otherName} {
			if rest, ok := strings.CutPrefix(item, name); ok && strings.HasPrefix(rest, "-") {
				return a, rest[1:]
			}
		}
	}
	return nil, ""
}

// isBase64 reports whether a digest consists of letters of base64 or base64url, and of padding.
func isBase64(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '+', c == '/', c == '-', c == '_', c == '=':
		default:
			return false
		}
	}
	return text != ""
}

// decode returns the bytes of a digest, or nil if they cannot be decoded.
func decode(text string) []byte {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "-", "+"), "_", "/")
	value, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil
	}
	return value
}
