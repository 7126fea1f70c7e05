// Package crash makes errors of panics. What runs on a goroutine of ours may call code of others: a dialer, a cookie
// jar, a decoder. A panic in it must not end k6, whose report is worth more than the request that it happened in.
package crash

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Error is a panic as an error.
type Error struct {
	// Value is what was panicked with, and Stack where.
	Value any
	Stack []byte
}

// Text is what results and metrics say of a panic: no more than that, because its value may hold anything.
const Text = "internal error: a panic; its stack is in the log"

func (e *Error) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Of makes an error of what recover has returned. It must be called by the deferred function, for the stack to be that
// of the panic.
func Of(recovered any) *Error {
	if err, ok := recovered.(*Error); ok {
		return err
	}
	return &Error{Value: recovered, Stack: debug.Stack()}
}

// To recovers from a panic and stores it as an error. It is to be deferred itself.
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

// Guard calls a function and returns its panic, if it does.
func Guard(f func()) (err error) {
	defer To(&err)
	f()
	return nil
}
