// Package jsontext says what is wrong with JSON that a script handed over.
package jsontext

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// InWords says why JSON could not be read. It names the field, and not the Go type that the field was read into.
func InWords(err error) error {
	var other *json.UnmarshalTypeError
	if !errors.As(err, &other) {
		return fmt.Errorf("it cannot be read (%w)", err)
	}
	kind, _, _ := strings.Cut(other.Value, " ") // the number itself may be long
	if other.Field == "" {
		return fmt.Errorf("it is a JSON %s, not an object", kind)
	}
	return fmt.Errorf("%s must not be of type %s", other.Field, kind)
}
