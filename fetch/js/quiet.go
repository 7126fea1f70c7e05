package js

import (
	"os"
	"strconv"
	"strings"
)

// k6 keeps whether it was told to be quiet to itself, and has no variable of the environment for it; nor does it let
// anybody write to its progress bars, which belong to its executors. So its log is where progress is told, and its
// arguments are looked at here.

// arguments are those of k6.
func arguments() []string {
	return os.Args[min(len(os.Args), 1):] //nolint:forbidigo // see above
}

// isQuiet tells whether k6 was started with --quiet or -q, which turn progress off.
func isQuiet(args []string) bool {
	quiet := false
	for _, arg := range args {
		if arg == "--" {
			break
		}
		name, value, given := strings.Cut(arg, "=")
		if name != "--quiet" && !hasLetter(name) {
			continue
		}
		quiet = true
		if given {
			quiet, _ = strconv.ParseBool(value)
		}
	}
	return quiet
}

// hasLetter tells whether an argument is -q, or has it behind other letters that take no value, as in -vq.
func hasLetter(arg string) bool {
	letters, ok := strings.CutPrefix(arg, "-")
	if !ok {
		return false
	}
	rest := strings.TrimLeft(letters, "hlpvw") // --help, --linger, --paused, --verbose, --throw
	return strings.HasPrefix(rest, "q")
}
