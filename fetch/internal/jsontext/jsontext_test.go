package jsontext_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/jsontext"
)

func TestInWords(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ text, want string }{
		"what is no JSON":          {`{"a":`, "it cannot be read (unexpected end of JSON input)"},
		"another kind of document": {`[1]`, "it is a JSON array, not an object"},
		"a field of another type":  {`{"a":{"b":"c"}}`, "a.b must not be of type string"},
		"a number, without it":     {`{"a":{"b":12345.5}}`, "a.b must not be of type number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var into struct {
				A struct {
					B int `json:"b"`
				} `json:"a"`
			}
			err := json.Unmarshal([]byte(c.text), &into)
			require.Error(t, err)
			require.EqualError(t, jsontext.InWords(err), c.want)
		})
	}
}
