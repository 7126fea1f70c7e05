package args

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is misspelt is found by what it looks like; what looks like nothing is not guessed.
func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"auth", "baseURL", "concurrency", "deadline", "headers", "httpVersion", "name", "rate", "retries", "tags"}
	for word, want := range map[string]string{
		"concurency":            "concurrency", // a letter is missing
		"httpVersoin":           "httpVersion", // two are exchanged
		"baseUrl":               "baseURL",     // it differs in case
		"header":                "headers",
		"retry":                 "", // more than a third of it differs
		"rates":                 "rate",
		"latency":               "",
		"":                      "",
		"x":                     "",
		strings.Repeat("a", 41): "",
	} {
		require.Equal(t, want, nearest(word, names), word)
	}
}
