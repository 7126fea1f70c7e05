// Package crash makes errors of panics. Our goroutines may call foreign code: a dialer, a cookie jar, a decoder. A
// panic there must not end k6, because its report matters more than one request.
package crash

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Error is a panic as an error.
type Error struct {
	// Value is what was passed to panic, Stack the stack of the goroutine.
	Value any
	Stack []byte
}

// Text is the text of a panic in results and metrics. It does not have the value, because that may hold anything.
const Text = "internal error: a panic; its stack is in the log"

func (e *Error) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Of makes an error of the value that recover returned. The deferred function must call it, so that the stack is that
// of the panic.
func Of(recovered any) *Error {
	if err, ok := recovered.(*Error); ok {
		return err
	}
	return &Error{Value: recovered, Stack: debug.Stack()}
}

// To recovers from a panic and stores it as an error. Defer it directly.
func To(err *error) {
	if p := recover(); p != nil {
		*err = Of(p)
	}
}

// In finds a panic in the chain of an error, nil if there is none.
func In(err error) *Error {
	var found *Error
	if errors.As(err, &found) {
		return found
	}
	return nil
}

// Guard calls a function and returns its panic as an error, or nil.
func Guard(f func()) (err error) {
	defer To(&err)
	f()
	return nil
}
