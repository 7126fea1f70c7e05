package command

import (
	"errors"
	"fmt"

	"go.k6.io/k6/v2/errext"
	"go.k6.io/k6/v2/errext/exitcodes"
)

// The statuses that the command exits with, besides 0. They are k6's.
const (
	// exitFailed is for a URL that failed or was not run, a budget that was broken, a name that got slower or fails more
	// often than in the baseline, and for a run that fetched nothing.
	exitFailed = exitcodes.ThresholdsHaveFailed
	// exitUsage is for flags and files that are invalid, before anything was sent.
	exitUsage = exitcodes.InvalidConfig
	// exitInterrupted is for a run that a signal has ended.
	exitInterrupted = exitcodes.ExternalAbort
)

// usage makes an error one of usage: one line that says what is allowed.
func usage(err error) error { return errext.WithExitCodeIfNone(err, exitUsage) }

func usagef(format string, a ...any) error { return usage(fmt.Errorf(format, a...)) }

// failed is the error of a run that did not pass. Its text is the verdict.
func failed(verdict string) error { return errext.WithExitCodeIfNone(errors.New(verdict), exitFailed) }

// interrupted is the error of a run that a signal has ended, whatever else was wrong with it.
func interrupted(err error) error {
	text := "interrupted"
	if err != nil {
		text += ": " + err.Error()
	}
	return errext.WithExitCodeIfNone(errors.New(text), exitInterrupted)
}
