// Package srcset chooses the image that a browser fetches of those that srcset and sizes offer (HTML, sections 4.8.4.3
// and 4.8.4.4).
package srcset

import (
	"strconv"
	"strings"
)

// Candidate is one image of a srcset.
type Candidate struct {
	URL     string
	Width   float64 // the descriptor w, 0 without
	Density float64 // the descriptor x, 1 without
}

// maxCandidates bounds how many images of a srcset are considered. Those behind them are not.
const maxCandidates = 128

const whitespace = " \t\n\f\r"

// Parse returns the valid candidates of a srcset.
func Parse(srcset string) []Candidate {
	candidates := make([]Candidate, 0, min(maxCandidates, strings.Count(srcset, ",")+1))
	for len(candidates) < maxCandidates {
		srcset = strings.TrimLeft(srcset, whitespace+",")
		if srcset == "" {
			break
		}
		end := strings.IndexAny(srcset, whitespace)
		if end < 0 {
			end = len(srcset)
		}
		candidate := Candidate{URL: srcset[:end], Density: 1}
		srcset = srcset[end:]
		if trimmed := strings.TrimRight(candidate.URL, ","); trimmed != candidate.URL {
			candidate.URL = trimmed // the comma ends the candidate
			candidates = append(candidates, candidate)
			continue
		}
		var descriptors []string
		descriptors, srcset = tokenize(srcset)
		if candidate.describe(descriptors) {
			candidates = append(candidates, candidate)
		}
	}
	return candidates
}

// tokenize returns the descriptors up to the comma that ends a candidate, and what is behind it. A comma in parentheses
// does not end it.
func tokenize(s string) (descriptors []string, rest string) {
	start, parentheses := -1, false
	end := func(i int) {
		if start >= 0 {
			descriptors = append(descriptors, s[start:i])
			start = -1
		}
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case parentheses:
			parentheses = c != ')'
		case c == ',':
			end(i)
			return descriptors, s[i+1:]
		case strings.IndexByte(whitespace, c) >= 0:
			end(i)
		default:
			if start < 0 {
				start = i
			}
			parentheses = c == '('
		}
	}
	end(len(s))
	return descriptors, ""
}

// describe applies descriptors. It reports whether they are valid.
func (c *Candidate) describe(descriptors []string) bool {
	var width, density, height bool
	for _, descriptor := range descriptors {
		last := len(descriptor) - 1
		number := descriptor[:last]
		switch descriptor[last] {
		case 'w':
			value, ok := integer(number)
			if !ok || width || density {
				return false
			}
			width, c.Width = true, value
		case 'h': // for the future: valid next to a width, without a meaning
			if _, ok := integer(number); !ok || height || density {
				return false
			}
			height = true
		case 'x':
			value, ok := float(number)
			if !ok || value < 0 || width || density || height {
				return false
			}
			density, c.Density = true, value
		default:
			return false
		}
	}
	return !height || width
}

// integer reads a valid non-negative integer of HTML that is not zero.
func integer(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	value, err := strconv.ParseFloat(s, 64)
	return value, err == nil && value > 0
}

// float reads a valid floating-point number of HTML: unlike Go's, without a leading plus, infinity or hexadecimal
// digits, and with digits behind the point.
func float(s string) (float64, bool) {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, point := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	if strings.Trim(whole+fraction, "0123456789") != "" || point && fraction == "" || !point && whole == "" {
		return 0, false
	}
	if scientific {
		digits := strings.TrimPrefix(exponent, "-")
		if digits == exponent {
			digits = strings.TrimPrefix(exponent, "+")
		}
		if digits == "" || strings.Trim(digits, "0123456789") != "" {
			return 0, false
		}
	}
	value, err := strconv.ParseFloat(s, 64)
	return value, err == nil
}
