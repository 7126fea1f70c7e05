package work

import (
	"errors"
	"testing"

	"github.com/sirupsen/logrus/hooks/test"
	"github.com/stretchr/testify/require"
)

// A panic beside the event loop is logged once with its stack, and the script learns no more than that there was one.
func TestPanicsAreLoggedOnce(t *testing.T) {
	t.Parallel()
	logger, logged := test.NewNullLogger()
	var log PanicLog
	j := &Job{Panicked: log.To(logger)}
	for range 3 {
		err := j.Guard(func() { panic("with a secret") })
		require.EqualError(t, err, "internal error: a panic; its stack is in the log")
	}
	require.Len(t, logged.AllEntries(), 1)
	require.Contains(t, logged.LastEntry().Message, "with a secret\n")
	require.Contains(t, logged.LastEntry().Message, "panics_test.go")
	require.Error(t, j.Guard(func() { panic(errors.New("another")) }))
	require.Len(t, logged.AllEntries(), 2)
	for i := range 100 {
		_ = j.Guard(func() { panic(i) })
	}
	require.Len(t, logged.AllEntries(), maxPanics)
	require.NoError(t, j.Guard(func() {}))
}
