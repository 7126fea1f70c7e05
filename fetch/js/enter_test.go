package js

import (
	"errors"
	"testing"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/js/modulestest"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

// panics are what Go code in the runtime may panic with, and what a script sees of it.
//
//nolint:gochecknoglobals // a table of cases
var panics = []struct {
	name string
	do   func(rt *sobek.Runtime)
	// seen is the exception as a text; empty for what nobody can catch.
	seen string
}{
	{
		"an index out of range", func(*sobek.Runtime) { _ = []int{}[len(panicText)] },
		"Error: k6/x/fetch failed: runtime error: index out of range [4] with length 0",
	},
	{
		"no object", func(*sobek.Runtime) { _ = (*struct{ n int })(nil).n },
		"Error: k6/x/fetch failed: runtime error: invalid memory address or nil pointer dereference",
	},
	{"a text", func(*sobek.Runtime) { panic(panicText) }, "Error: k6/x/fetch failed: text"},
	{"an error", func(*sobek.Runtime) { panic(errors.New("broken")) }, "Error: k6/x/fetch failed: broken"},
	{"a value", func(rt *sobek.Runtime) { panic(rt.ToValue("mine")) }, "mine"},
	{"a TypeError", func(rt *sobek.Runtime) { panic(rt.NewTypeError("mine")) }, "TypeError: mine"},
	{
		"what the runtime throws itself", func(*sobek.Runtime) { sobek.NewSymbol("x").ToFloat() },
		"TypeError: Cannot convert a Symbol value to a number",
	},
	{"an exception", func(rt *sobek.Runtime) {
		_, err := rt.RunString("throw new RangeError('mine')")
		panic(err)
	}, "RangeError: mine"},
	{"an interruption", func(rt *sobek.Runtime) {
		rt.Interrupt("cut")
		_, err := rt.RunString("(() => 5)()")
		panic(err)
	}, ""},
	{"an interruption within the script", func(rt *sobek.Runtime) {
		rt.Interrupt("cut")
		call(rt, "(() => 5)")
	}, ""},
	{"a stack that is full", func(rt *sobek.Runtime) { call(rt, "(function deep() { deep(); })") }, ""},
	{"a panic below a script that catches everything", func(rt *sobek.Runtime) {
		_ = rt.Set("bad", func() { _ = []int{}[len(panicText)] })
		call(rt, "(() => { try { bad(); } catch (e) { return 5; } finally { return 6; } })")
	}, "Error: k6/x/fetch failed: runtime error: index out of range [4] with length 0"},
}

const panicText = "text"

// call calls a function of a script as Go code does, which a getter may make it do, and throws what it throws.
func call(rt *sobek.Runtime, source string) {
	o := rt.NewObject()
	getter, err := rt.RunString(source)
	if err != nil {
		panic(err)
	}
	if err := o.DefineAccessorProperty("it", getter, nil, sobek.FLAG_TRUE, sobek.FLAG_TRUE); err != nil {
		panic(err)
	}
	o.Get("it")
}

func newTestInstance(t *testing.T) *Instance {
	t.Helper()
	runtime := modulestest.NewRuntime(t)
	runtime.VU.RuntimeField.SetMaxCallStackSize(50)
	mi, ok := New().NewModuleInstance(runtime.VU).(*Instance)
	require.True(t, ok)
	return mi
}

// requireSound checks that the runtime works as if nothing had happened.
func requireSound(t *testing.T, rt *sobek.Runtime) {
	t.Helper()
	rt.ClearInterrupt()
	v, err := rt.RunString("[1, 2, 3].map((n) => { try { if (n === 2) throw n; } catch (e) { return -e; } return n; }).join()")
	require.NoError(t, err)
	require.Equal(t, "1,-2,3", v.String())
}

func TestPanicsInFunctionsThatAScriptCalls(t *testing.T) {
	t.Parallel()
	for _, c := range panics {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mi := newTestInstance(t)
			fn := mi.function("entry", func(sobek.FunctionCall) sobek.Value {
				c.do(mi.rt)
				return nil
			})
			require.NoError(t, mi.rt.Set("entry", fn))
			v, err := mi.rt.RunString("(() => { try { entry(); } catch (e) { return String(e); } finally { globalThis.ended = true; } })()")
			if c.seen == "" {
				require.True(t, isUncatchable(err), "%v", err)
				require.Nil(t, mi.rt.GlobalObject().Get("ended"))
			} else {
				require.NoError(t, err)
				require.Equal(t, c.seen, v.String())
			}
			requireSound(t, mi.rt)
		})
	}
}

func TestPanicsInTasksOfTheEventLoop(t *testing.T) {
	t.Parallel()
	for _, c := range panics {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mi := newTestInstance(t)
			err := mi.onLoop(func() error {
				c.do(mi.rt)
				return nil
			})
			requireThrown(t, c.seen, err)
			requireSound(t, mi.rt)
		})
	}
}

func requireThrown(t *testing.T, seen string, err error) {
	t.Helper()
	if seen == "" {
		require.True(t, isUncatchable(err), "%v", err)
		return
	}
	exception, ok := err.(*sobek.Exception) //nolint:errorlint // as sobek returns it
	require.True(t, ok, "%v", err)
	require.Equal(t, seen, exception.Value().String())
}

// A promise is settled with what can be caught; what cannot ends the iteration.
func TestPanicsThatSettlePromises(t *testing.T) {
	t.Parallel()
	for _, c := range panics {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mi := newTestInstance(t)
			promise, resolve, reject := mi.rt.NewPromise()
			err := mi.onLoop(func() error {
				return mi.settle(resolve, reject, func() (value, failure sobek.Value) {
					c.do(mi.rt)
					return sobek.Undefined(), nil
				})
			})
			if c.seen == "" {
				require.True(t, isUncatchable(err), "%v", err)
				require.Equal(t, sobek.PromiseStatePending, promise.State())
			} else {
				require.NoError(t, err)
				require.Equal(t, sobek.PromiseStateRejected, promise.State())
				require.Equal(t, c.seen, promise.Result().String())
			}
			requireSound(t, mi.rt)
		})
	}
}

func TestErrorsOfTasksAreTheirs(t *testing.T) {
	t.Parallel()
	mi := newTestInstance(t)
	mine := errors.New("mine")
	require.ErrorIs(t, mi.onLoop(func() error { return mine }), mine)
	require.ErrorIs(t, mi.attempt(func() error { return mine }), mine)
	require.NoError(t, mi.onLoop(func() error { return nil }))
	require.Equal(t, "Error: mine", mi.errorValue(mine).String())
	require.Equal(t, "TypeError: 100 %d", mi.errorValue(&args.MisuseError{Text: "100 %d"}).String())
}
