// Package distribution tests what one k6 alone cannot show: tests that are spread over several.
package distribution
