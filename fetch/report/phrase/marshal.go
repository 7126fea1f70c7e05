package phrase

import (
	"bytes"
	"encoding/json"
)

// Marshal writes JSON that may stand in HTML too: <, > and & are escaped.
func Marshal(v any) (string, error) {
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(v); err != nil {
		return "", err
	}
	return out.String(), nil
}
