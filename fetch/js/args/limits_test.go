package args

import (
	"errors"
	"testing"
	"time"

	"github.com/grafana/sobek"
	"github.com/stretchr/testify/require"
)

// newTestReader reads the targets of a VU that knows next to nothing.
func newTestReader() *TargetReader {
	state := fuzzState()
	o := DefaultOptions(state)
	return &TargetReader{Base: o.settings, State: state, Plain: o.Build()}
}

// readTargets reads what a script evaluates to.
func (r *TargetReader) readTargets(t *testing.T, rt *sobek.Runtime, source string) (Targets, error) {
	t.Helper()
	value, err := rt.RunString(source)
	require.NoError(t, err)
	var read Targets
	thrown := rt.Try(func() { read, err = r.Read(Field{Path: "targets", Value: value, Runtime: rt}) })
	if thrown != nil {
		return nil, thrown
	}
	return read, err
}

func TestTargetsHaveABound(t *testing.T) {
	t.Parallel()
	const most = "targets must have at most 100 targets; got "
	const more = "targets must yield at most 100 targets; an array may have 10000000"
	for source, want := range map[string]string{
		`(function* () { while (true) yield 'http://a/'; })()`:                                                              more,
		`(function* () { while (true) yield ['GET', 'http://a/']; })()`:                                                     more,
		`({ [Symbol.iterator]: () => ({ next: () => ({ value: 'http://a/' }) }) })`:                                         more,
		`new Proxy(Array(101).fill('http://a/'), {})`:                                                                       more,
		`new Map(Array.from({ length: 101 }, (_, i) => ['' + i, 'http://a/']))`:                                             more,
		`const grows = new Set(['http://a/0']); (function* () { for (const u of grows) { grows.add(u + 1); yield u; } })()`: more,
		`Array(101).fill('http://a/')`:                                                                                      most + "101",
		`new Array(2 ** 32 - 1)`:                                                                                            most + "4294967295",
		`Array(100).fill('http://a/')`:                                                                                      "",
		`new Set(Array.from({ length: 100 }, (_, i) => 'http://a/' + i))`:                                                   "",
		`(function* () { for (let i = 0; i < 100; i++) yield 'http://a/'; })()`:                                             "",
		`new Map(Array.from({ length: 100 }, (_, i) => ['' + i, 'http://a/']))`:                                             "",
		`Object.fromEntries(Array.from({ length: 101 }, (_, i) => ['a' + i, 'http://a/']))`:                                 "",
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			reader := newTestReader()
			reader.atMost = 100
			read, err := reader.readTargets(t, sobek.New(), source)
			if want == "" {
				require.NoError(t, err)
				require.GreaterOrEqual(t, read.Len(), 100)
				return
			}
			require.EqualError(t, err, want)
		})
	}
}

// A generator without an end is closed, and does not keep an interruption out.
func TestGeneratorsWithoutEnd(t *testing.T) {
	t.Parallel()
	rt := sobek.New()
	reader := newTestReader()
	reader.atMost = 100
	_, err := reader.readTargets(t, rt, `(function* () { try { while (true) yield 'http://a/'; } finally { globalThis.closed = true; } })()`)
	require.ErrorContains(t, err, "at most 100")
	require.True(t, rt.GlobalObject().Get("closed").ToBoolean())

	reader = newTestReader()
	require.NoError(t, rt.Set("begun", func() { time.AfterFunc(time.Millisecond, func() { rt.Interrupt("cut") }) }))
	defer func() {
		err, ok := recover().(error)
		require.True(t, ok && isInterruption(err), "%v", err)
	}()
	_, err = reader.readTargets(t, rt, `(function* () { begun(); while (true) yield ['GET', 'http://a/']; })()`)
	t.Errorf("it returned %v", err)
}

func isInterruption(err error) bool {
	var interrupted *sobek.InterruptedError
	return errors.As(err, &interrupted)
}
