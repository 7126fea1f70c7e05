package js

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/js/common"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

// A panic is how Go code throws to the runtime, which catches it where a script called the code. Two kinds of panic it
// does not catch: those of Go itself, such as an index out of range in the runtime's own code, and those of code that
// the event loop called, below which there is no script. Each of them would end k6, so everything that enters from
// JavaScript or from the event loop goes through one of these:
//
//   - rethrow is deferred by functions that a script calls, and by the getters of objects that are made of Go values;
//   - attempt returns as an error what is thrown, for a promise to be rejected with;
//   - onLoop does a task of the event loop.

// rethrow turns a panic of Go into one that the runtime throws to the script. It must be deferred itself.
func (mi *Instance) rethrow() {
	switch thrown := recover().(type) {
	case nil:
	case *sobek.Exception, sobek.Value:
		panic(thrown)
	case runtime.Error, string:
		panic(mi.fault(thrown))
	case error:
		if isUncatchable(thrown) {
			panic(thrown)
		}
		panic(mi.fault(thrown))
	default:
		panic(thrown) // what the runtime throws and has made no value of yet
	}
}

// fault makes an Error of a panic of Go, and logs where it came from.
func (mi *Instance) fault(thrown any) *sobek.Object {
	if logger := mi.logger(); logger != nil {
		logger.Errorf("k6/x/fetch: %v\n%s", thrown, debug.Stack())
	}
	return mi.newError(fmt.Sprintf("k6/x/fetch failed: %v", thrown))
}

func (mi *Instance) logger() logrus.FieldLogger {
	if state := mi.vu.State(); state != nil {
		return state.Logger
	}
	if env := mi.vu.InitEnv(); env != nil {
		return env.Logger
	}
	return nil
}

// attempt does what may call functions of the script, and returns what they throw as a *sobek.Exception. What a script
// cannot catch, such as the end of its iteration, goes through.
func (mi *Instance) attempt(do func() error) (err error) {
	thrown := mi.rt.Try(func() {
		defer mi.rethrow()
		err = do()
	})
	if thrown != nil {
		return thrown
	}
	if isUncatchable(err) {
		panic(err)
	}
	return err
}

// onLoop does a task that k6's event loop has called. An error that it returns ends the iteration: that of the task,
// what it throws, or what interrupted it.
func (mi *Instance) onLoop(task func() error) (err error) {
	frame, _ := sobek.AssertFunction(mi.rt.ToValue(func(sobek.FunctionCall) sobek.Value {
		defer mi.rethrow()
		err = task()
		return sobek.Undefined()
	}))
	if _, thrown := frame(sobek.Undefined()); thrown != nil {
		return thrown
	}
	return err
}

// settle settles a promise on the event loop: it resolves to the outcome, or rejects with what making it throws. With
// a failure it rejects in any case.
func (mi *Instance) settle(resolve, reject func(any) error, outcome func() (value, failure sobek.Value)) error {
	var value, failure sobek.Value
	err := mi.attempt(func() error {
		value, failure = outcome()
		return nil
	})
	switch {
	case err != nil:
		return reject(mi.errorValue(err))
	case failure != nil:
		return reject(failure)
	default:
		return resolve(value)
	}
}

// errorValue is what a script sees of an error: what it has thrown itself, a TypeError for its mistake, or an Error.
func (mi *Instance) errorValue(err error) sobek.Value {
	if exception, ok := err.(*sobek.Exception); ok { //nolint:errorlint // as sobek returns it
		return exception.Value()
	}
	var m *args.MisuseError
	if errors.As(err, &m) {
		return mi.rt.NewTypeError("%s", m.Text)
	}
	return mi.newError(err.Error())
}

// isUncatchable reports whether an error is one that no script can catch: k6 has interrupted it, or its stack is full.
func isUncatchable(err error) bool {
	if _, ok := err.(*sobek.Exception); ok { //nolint:errorlint // as sobek returns it
		return false
	}
	var interrupted *sobek.InterruptedError
	var overflow *sobek.StackOverflowError
	return errors.As(err, &interrupted) || errors.As(err, &overflow)
}

// throwMisuse throws a script's mistake as a TypeError, anything else as the error it is.
func throwMisuse(rt *sobek.Runtime, err error) {
	if m, ok := err.(*args.MisuseError); ok { //nolint:errorlint // it is never wrapped
		panic(rt.NewTypeError("%s", m.Text))
	}
	common.Throw(rt, err)
}
