// Package integrity checks bodies against the attribute integrity of scripts and links: Subresource Integrity, SRI for
// short (https://www.w3.org/TR/sri-2/). It hashes a body while that streams, and keeps none of it.
//
//	check := integrity.New(metadata) // nil if there is nothing to check
//	io.Copy(check, body)
//	err := check.Err()
//
// What is hashed is the decoded body, without its content coding.
//
// Browsers fail a response from another origin without CORS, whatever its digest (SRI, section 3.3.4). Check of package
// request does that, because it knows the origins. Its Integrity returns the attribute, if browsers check it at all.
//
// # What counts
//
// Where browsers are more lenient than SRI, the package follows Chromium, as a comparison with it showed:
//
//   - An item counts if its algorithm is known and its digest consists of letters of base64 or base64url. By SRI, one
//     with other letters counts as well, and nothing fulfills it. Chromium ignores it.
//   - Padding may be missing or too long, and the last bits of a digest may be any.
//   - sha-256 is another name of sha256, and so on.
//
// Chromium also checks signatures, ed25519-…, which a draft defines. The package ignores them as an unknown algorithm.
package integrity

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
)

// Check is the check of one body. A nil Check accepts every body.
type Check struct {
	algorithm *algorithm
	digests   []digest // any of which will do
	hash      hash.Hash
}

// New returns the check that an attribute asks for, or nil if it asks for none. Of several algorithms, only digests of
// the strongest count (SRI, section 3.3.3).
func New(metadata string) *Check {
	strongest, digests := parse(metadata)
	if len(digests) == 0 {
		return nil
	}
	return &Check{algorithm: strongest, digests: digests, hash: strongest.new()}
}

// Write takes bytes of the body, as they come. It never fails.
func (c *Check) Write(p []byte) (int, error) {
	if c == nil {
		return len(p), nil
	}
	return c.hash.Write(p)
}

// Err returns an error if what was written so far has none of the digests. Its text says what was expected and what
// came. It is shorter than 300 bytes, and printable.
func (c *Check) Err() error {
	if c == nil {
		return nil
	}
	got := c.hash.Sum(nil)
	for i := range c.digests {
		if bytes.Equal(c.digests[i].value, got) {
			return nil
		}
	}
	return errors.New("integrity: expected " + c.expected() + ", got " + c.algorithm.text(got))
}

// expected names the first digest, and how many others there are.
func (c *Check) expected() string {
	first := c.algorithm.name + "-" + c.digests[0].text
	switch others := len(c.digests) - 1; others {
	case 0:
		return first
	case 1:
		return first + " (or 1 other)"
	default:
		return fmt.Sprintf("%s (or %d others)", first, others)
	}
}
